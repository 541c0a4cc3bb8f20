package dev.headstart.train.measure;

import dev.headstart.tensor.Tensor;
import java.util.Arrays;

/// Small dense matrices in double precision, as scores of features need them: products, moments, and the eigenvalues of symmetric ones.
final class Matrix {
    private Matrix() {}

    /// The rows of `[n, width]`.
    static double[][] rows(Tensor features) {
        if (features.rank() != 2) {
            throw new IllegalArgumentException("features" + features.shape() + ": [examples, width] is needed");
        }
        float[] values = features.toArray();
        int width = features.dim(1);
        double[][] rows = new double[features.dim(0)][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < t.length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    /// `a · aᵀ`
    static double[][] gram(double[][] a) {
        double[][] gram = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j <= i; j++) {
                gram[i][j] = dot(a[i], a[j]);
                gram[j][i] = gram[i][j];
            }
        }
        return gram;
    }

    static double[][] times(double[][] a, double[][] b) {
        double[][] columns = transpose(b);
        double[][] product = new double[a.length][columns.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                product[i][j] = dot(a[i], columns[j]);
            }
        }
        return product;
    }

    static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / rows.length;
            }
        }
        return mean;
    }

    /// The unbiased covariance of rows.
    static double[][] covariance(double[][] rows) {
        double[] mean = mean(rows);
        double[][] centred = transpose(rows);
        for (int j = 0; j < mean.length; j++) {
            for (int i = 0; i < rows.length; i++) {
                centred[j][i] = (centred[j][i] - mean[j]) / Math.sqrt(rows.length - 1.0);
            }
        }
        return gram(centred);
    }

    /// Eigenvalues and eigenvectors of a symmetric matrix.
    ///
    /// @param values in no particular order
    /// @param vectors the eigenvector of value k is row k
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Eigen(double[] values, double[][] vectors) {
        private static final double EPS = 0x1p-52;

        /// The eigenvalues of a matrix that has no negative ones, where those that rounding alone may have made are zero.
        ///
        /// @param terms most terms of a sum that went into the matrix
        double[] settled(int terms) {
            double negligible = Math.max(terms, values.length) * EPS * Arrays.stream(values).max().orElse(0);
            return Arrays.stream(values).map(value -> value > negligible ? value : 0).toArray();
        }

        /// Reflections make the matrix tridiagonal, then implicit QL steps with Wilkinson's shift make it diagonal (Golub and Van Loan,
        /// sections 8.3.1 and 8.3.3; Bowdler et al. 1968). About 9 n³ operations; errors are of the size of the largest eigenvalue's rounding.
        static Eigen of(double[][] symmetric) {
            int n = symmetric.length;
            double[][] a = new double[n][];
            double[][] rows = new double[n][n];
            for (int i = 0; i < n; i++) {
                a[i] = symmetric[i].clone();
                rows[i][i] = 1;
            }
            double[] beside = new double[n];
            for (int k = 0; k < n - 1; k++) {
                beside[k] = reflect(a, rows, k);
            }
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = a[i][i];
            }
            for (int first = 0; first < n; first++) {
                while (true) {
                    int last = endOfBlock(values, beside, first);
                    if (last == first) {
                        break;
                    }
                    step(values, beside, rows, first, last);
                }
            }
            return new Eigen(values, rows);
        }

        /// Makes column k zero below its second element by a reflection of both sides; gives that element.
        private static double reflect(double[][] a, double[][] rows, int k) {
            int n = a.length;
            double[] v = new double[n];
            double squares = 0;
            for (int i = k + 1; i < n; i++) {
                v[i] = a[i][k];
                squares += v[i] * v[i];
            }
            double norm = -Math.copySign(Math.sqrt(squares), v[k + 1]);
            double length = 2 * (squares - norm * v[k + 1]); // of v - norm · e, squared
            if (length <= 0) {
                return v[k + 1];
            }
            v[k + 1] -= norm;
            double scale = 1 / Math.sqrt(length / 2);
            for (int i = k + 1; i < n; i++) {
                v[i] *= scale; // now the reflection is 1 - v vᵀ
            }
            double[] w = new double[n];
            double along = 0;
            for (int i = k + 1; i < n; i++) {
                for (int j = k + 1; j < n; j++) {
                    w[i] += a[i][j] * v[j];
                }
                along += w[i] * v[i];
            }
            for (int i = k + 1; i < n; i++) {
                w[i] -= along / 2 * v[i];
            }
            double[] seen = new double[n];
            for (int i = k + 1; i < n; i++) {
                for (int j = k + 1; j < n; j++) {
                    a[i][j] -= v[i] * w[j] + w[i] * v[j];
                }
                for (int j = 0; j < n; j++) {
                    seen[j] += v[i] * rows[i][j];
                }
            }
            for (int i = k + 1; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    rows[i][j] -= v[i] * seen[j];
                }
            }
            return norm;
        }

        /// The end of the part from `first` on in which no element beside the diagonal is negligible.
        private static int endOfBlock(double[] values, double[] beside, int first) {
            int last = first;
            while (last < values.length - 1 && Math.abs(beside[last]) > EPS * (Math.abs(values[last]) + Math.abs(values[last + 1]))) {
                last++;
            }
            return last;
        }

        /// One QL step on the block: rotations from its end to its beginning.
        private static void step(double[] d, double[] e, double[][] rows, int first, int last) {
            double half = (d[first + 1] - d[first]) / (2 * e[first]);
            double g = d[last] - d[first] + e[first] / (half + Math.copySign(Math.hypot(half, 1), half));
            double sine = 1;
            double cosine = 1;
            double moved = 0;
            for (int i = last - 1; i >= first; i--) {
                double f = sine * e[i];
                double b = cosine * e[i];
                double r = Math.hypot(f, g);
                e[i + 1] = r;
                if (r == 0) { // the block falls into two
                    d[i + 1] -= moved;
                    e[last] = 0;
                    return;
                }
                sine = f / r;
                cosine = g / r;
                double next = d[i + 1] - moved;
                double turn = (d[i] - next) * sine + 2 * cosine * b;
                moved = sine * turn;
                d[i + 1] = next + moved;
                g = cosine * turn - b;
                rotate(rows[i], rows[i + 1], sine, cosine);
            }
            d[first] -= moved;
            e[first] = g;
            e[last] = 0;
        }

        private static void rotate(double[] lower, double[] upper, double sine, double cosine) {
            for (int k = 0; k < lower.length; k++) {
                double x = lower[k];
                double y = upper[k];
                upper[k] = sine * x + cosine * y;
                lower[k] = cosine * x - sine * y;
            }
        }
    }
}
