package dev.headstart.train.cluster;

import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Squared distances `|x|² - 2 x·c + |c|²` from matrix products in float32, and what to do where they cancel.
///
/// A product's error is of the size of the norms. So points that lie far from the origin are first taken relative to their mean. Where a
/// distance is small beside the norms even then (narrow groups far apart), it is computed again from the differences, in double precision.
final class Distances {
    private static final double CANCELLED = 0x1p-10;

    private Distances() {}

    /// The place that points should be taken relative to; null when they lie around the origin already, where they keep their bits.
    static @Nullable Tensor origin(Tensor points) {
        if (points.size() == 0) {
            return null;
        }
        Tensor mean = points.mean(0);
        double square = (double) points.sumOfSquares().item() / points.dim(0);
        return 2.0 * mean.sumOfSquares().item() > square ? mean : null; // further away than they lie apart
    }

    /// Points relative to an origin.
    static Tensor relative(Tensor points, @Nullable Tensor origin) {
        return origin == null ? points : points.minus(origin);
    }

    /// Points where they were.
    static Tensor absolute(Tensor points, @Nullable Tensor origin) {
        return origin == null ? points : points.plus(origin);
    }

    /// Whether a squared distance from products has lost most of its digits.
    ///
    /// @param norms sum of both points' squared norms
    static boolean isCancelled(double square, double norms) {
        return square < CANCELLED * norms;
    }

    /// The squared distance of two points of width n, from their differences.
    static double square(float[] a, int ao, float[] b, int bo, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double difference = (double) a[ao + i] - b[bo + i];
            sum += difference * difference;
        }
        return sum;
    }
}
