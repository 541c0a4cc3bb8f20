package dev.headstart.train.measure;

import dev.headstart.tensor.Tensor;

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
        /// Cyclic Jacobi rotations (Jacobi 1846; Golub and Van Loan, section 8.5): each makes one pair of off-diagonal elements zero, and the
        /// sum of squares of all others stays, so sweeps over all pairs converge, in the end quadratically. Exact to rounding also where
        /// eigenvalues are small.
        static Eigen of(double[][] symmetric) {
            int n = symmetric.length;
            double[][] a = new double[n][];
            double[][] v = new double[n][n];
            for (int i = 0; i < n; i++) {
                a[i] = symmetric[i].clone();
                v[i][i] = 1;
            }
            for (int sweep = 0; sweep < 60 && offDiagonal(a) > 0; sweep++) {
                for (int p = 0; p < n - 1; p++) {
                    for (int q = p + 1; q < n; q++) {
                        rotate(a, v, p, q);
                    }
                }
            }
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = a[i][i];
            }
            return new Eigen(values, v);
        }

        /// The largest element beside the diagonal, as against the diagonal's two; 0 when all are negligible.
        private static double offDiagonal(double[][] a) {
            double largest = 0;
            double scale = 0;
            for (int i = 0; i < a.length; i++) {
                scale = Math.max(scale, Math.abs(a[i][i]));
                for (int j = 0; j < i; j++) {
                    largest = Math.max(largest, Math.abs(a[i][j]));
                }
            }
            return largest <= 1e-15 * scale ? 0 : largest;
        }

        private static void rotate(double[][] a, double[][] v, int p, int q) {
            double apq = a[p][q];
            if (Math.abs(apq) <= 1e-300) {
                return;
            }
            double theta = (a[q][q] - a[p][p]) / (2 * apq);
            double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
            double c = 1 / Math.sqrt(t * t + 1);
            double s = t * c;
            double[] rowP = a[p];
            double[] rowQ = a[q];
            double app = rowP[p] - t * apq;
            double aqq = rowQ[q] + t * apq;
            for (int k = 0; k < a.length; k++) {
                double x = rowP[k];
                double y = rowQ[k];
                rowP[k] = c * x - s * y;
                rowQ[k] = s * x + c * y;
            }
            for (int k = 0; k < a.length; k++) {
                a[k][p] = rowP[k];
                a[k][q] = rowQ[k];
            }
            rowP[p] = app;
            rowQ[q] = aqq;
            rowP[q] = 0;
            rowQ[p] = 0;
            double[] vp = v[p];
            double[] vq = v[q];
            for (int k = 0; k < a.length; k++) {
                double x = vp[k];
                double y = vq[k];
                vp[k] = c * x - s * y;
                vq[k] = s * x + c * y;
            }
        }
    }
}
