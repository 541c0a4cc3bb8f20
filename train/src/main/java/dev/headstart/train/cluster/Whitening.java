package dev.headstart.train.cluster;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.stream.IntStream;

/// A linear map after which features have mean 0, variance 1 (less for directions of hardly any variance) and no correlation, and are as near as
/// can be to what they were: zero-phase component analysis, `y = (x - mean) · V (Λ + ε)^-½ Vᵀ` (Bell and Sejnowski 1997).
///
/// @param mean `[features]`
/// @param matrix symmetric, `[features, features]`
public record Whitening(Tensor mean, Tensor matrix) {
    private static final int SWEEPS = 60;

    /// Whitens the distribution of these rows.
    ///
    /// @param epsilon added to the variance of each principal direction; a direction that then has none but rounding's is left out
    public static Whitening of(Tensor rows, double epsilon) {
        Tensor mean = rows.mean(0);
        Tensor centred = rows.minus(mean);
        int n = rows.dim(1);
        float[] covariance = centred.transpose(0, 1).matmul(centred).times(1f / rows.dim(0)).toArray();
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = 0.5 * (covariance[i * n + j] + (double) covariance[j * n + i]);
            }
        }
        double[][] v = eigenvectors(a);
        double negligible = n * 0x1p-24 * IntStream.range(0, n).mapToDouble(k -> a[k][k]).max().orElse(0); // what rounding may leave of 0
        float[] matrix = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    double variance = Math.max(0, a[k][k]) + epsilon;
                    sum += variance <= negligible ? 0 : v[i][k] * v[j][k] / Math.sqrt(variance);
                }
                matrix[i * n + j] = (float) sum;
            }
        }
        return new Whitening(mean, Tensor.wrap(Shape.of(n, n), matrix));
    }

    /// The whitened rows.
    public Tensor apply(Tensor rows) {
        return rows.minus(mean).matmul(matrix);
    }

    /// Jacobi's rotations (1846), cyclic: makes a symmetric matrix diagonal in place.
    ///
    /// @return its eigenvectors, the columns
    private static double[][] eigenvectors(double[][] a) {
        int n = a.length;
        double[][] v = new double[n][n];
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS && offDiagonal(a) > 1e-24 * diagonal(a); sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] != 0) {
                        rotate(a, v, p, q);
                    }
                }
            }
        }
        return v;
    }

    private static void rotate(double[][] a, double[][] v, int p, int q) {
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < a.length; k++) {
            double kp = a[k][p];
            double kq = a[k][q];
            a[k][p] = c * kp - s * kq;
            a[k][q] = s * kp + c * kq;
        }
        for (int k = 0; k < a.length; k++) {
            double pk = a[p][k];
            double qk = a[q][k];
            a[p][k] = c * pk - s * qk;
            a[q][k] = s * pk + c * qk;
            double kp = v[k][p];
            double kq = v[k][q];
            v[k][p] = c * kp - s * kq;
            v[k][q] = s * kp + c * kq;
        }
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    private static double diagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i][i] * a[i][i];
        }
        return sum;
    }
}
