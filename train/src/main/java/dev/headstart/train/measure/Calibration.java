package dev.headstart.train.measure;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Whether a classifier is right as often as it says it is (Guo et al. 2017, arXiv 1706.04599).
///
/// @param bins by confidence, of equal width
/// @param error expected calibration error: the mean over examples of |accuracy - confidence| of their bin
public record Calibration(List<Bin> bins, double error) {
    /// The bounds between which a temperature is looked for.
    public static final double LEAST = 1.0 / 20;
    public static final double MOST = 20;

    /// Examples whose confidence, the largest probability, is in one interval.
    ///
    /// @param count how many
    /// @param confidence their mean confidence; NaN for none
    /// @param accuracy share of right guesses; NaN for none
    public record Bin(int count, double confidence, double accuracy) {}

    public Calibration {
        bins = List.copyOf(bins);
    }

    /// With 15 bins, as in the paper.
    ///
    /// @param logits `[examples, classes]`
    public static Calibration of(Tensor logits, int... labels) {
        return binned(logits, 15, labels);
    }

    /// With this number of bins.
    public static Calibration binned(Tensor logits, int bins, int... labels) {
        Tensor p = logits.softmax();
        Tensor confidence = p.max(1);
        Indices guesses = p.argmax();
        int[] counts = new int[bins];
        double[] confidences = new double[bins];
        int[] right = new int[bins];
        for (int i = 0; i < labels.length; i++) {
            int bin = Math.min(bins - 1, Math.max(0, (int) Math.ceil(confidence.get(i) * (double) bins) - 1)); // (a, b]
            counts[bin]++;
            confidences[bin] += confidence.get(i);
            right[bin] += guesses.at(i) == labels[i] ? 1 : 0;
        }
        List<Bin> list = new ArrayList<>();
        double error = 0;
        for (int bin = 0; bin < bins; bin++) {
            list.add(new Bin(counts[bin], confidences[bin] / counts[bin], (double) right[bin] / counts[bin]));
            error += Math.abs(right[bin] - confidences[bin]) / labels.length;
        }
        return new Calibration(list, error);
    }

    /// Temperature scaling: the T by which logits must be divided for the least cross-entropy on these examples, which should be the
    /// validation set's. Guesses stay the same. Found to three digits between 1/20 and 20 by golden section: the loss has one minimum in
    /// 1 / T.
    public static double temperature(Tensor logits, int... labels) {
        double golden = (Math.sqrt(5) - 1) / 2;
        double low = Math.log(LEAST);
        double high = Math.log(MOST);
        while (high - low > 1e-4) {
            double a = high - golden * (high - low);
            double b = low + golden * (high - low);
            if (loss(logits, Math.exp(a), labels) < loss(logits, Math.exp(b), labels)) {
                high = b;
            } else {
                low = a;
            }
        }
        return Math.exp((low + high) / 2);
    }

    private static double loss(Tensor logits, double temperature, int... labels) {
        Variable scaled = Variable.of(logits.times((float) (1 / temperature)));
        return CrossEntropy.PLAIN.of(scaled, Indices.of(labels)).value().item();
    }
}
