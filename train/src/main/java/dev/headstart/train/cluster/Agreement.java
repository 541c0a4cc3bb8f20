package dev.headstart.train.cluster;

import dev.headstart.tensor.Tensor;
import java.util.Arrays;

/// How well groups agree with labels, or with themselves.
public final class Agreement {
    private Agreement() {}

    /// Normalised mutual information of two groupings, in [0, 1]: mutual information over the mean of both entropies (as scikit-learn's default; 1
    /// when both are one group).
    ///
    /// @param a the group of each example
    /// @param b its group in the other grouping
    public static double normalisedMutualInformation(int[] a, int[] b) {
        double[][] joint = counts(a, b);
        double n = a.length;
        double[] rows = rows(joint);
        double[] columns = columns(joint);
        double information = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                if (joint[i][j] > 0) {
                    information += joint[i][j] / n * Math.log(joint[i][j] * n / (rows[i] * columns[j]));
                }
            }
        }
        double entropies = 0.5 * (entropy(rows, n) + entropy(columns, n));
        return entropies == 0 ? 1 : Math.max(0, information / entropies);
    }

    /// The adjusted Rand index of two groupings: 1 when they are the same, 0 on average for random ones (Hubert and Arabie 1985). One example, or
    /// none, agrees, as scikit-learn has it.
    ///
    /// @param a the group of each example
    /// @param b its group in the other grouping
    public static double adjustedRandIndex(int[] a, int[] b) {
        double[][] joint = counts(a, b);
        double together = Arrays.stream(joint).flatMapToDouble(Arrays::stream).map(Agreement::pairs).sum();
        double inA = Arrays.stream(rows(joint)).map(Agreement::pairs).sum();
        double inB = Arrays.stream(columns(joint)).map(Agreement::pairs).sum();
        double expected = inA * inB / Math.max(1, pairs(a.length)); // a single example makes no pair
        double most = 0.5 * (inA + inB);
        return most == expected ? 1 : (together - expected) / (most - expected);
    }

    /// The mean silhouette, in [-1, 1]: for each row `(b - a) / max(a, b)`, where a is its mean distance to the others of its group, b that to the
    /// nearest other group; 0 for a row alone (Rousseeuw 1987). Costs n² distances.
    ///
    /// @param rows `[n, features]`
    /// @param groups the group of each row
    public static double silhouette(Tensor rows, int[] groups) {
        int n = rows.dim(0);
        int k = Arrays.stream(groups).max().orElse(0) + 1;
        Tensor centred = Distances.relative(rows, Distances.origin(rows));
        float[] products = centred.matmul(centred.transpose(0, 1)).toArray();
        float[] values = centred.toArray();
        int width = rows.dim(1);
        int[] sizes = new int[k];
        for (int group : groups) {
            sizes[group]++;
        }
        double total = 0;
        for (int i = 0; i < n; i++) {
            double[] sums = new double[k];
            for (int j = 0; j < n; j++) {
                double norms = (double) products[i * n + i] + products[j * n + j];
                double square = norms - 2.0 * products[i * n + j];
                if (Distances.isCancelled(square, norms)) {
                    square = Distances.square(values, i * width, values, j * width, width);
                }
                sums[groups[j]] += i == j ? 0 : Math.sqrt(square);
            }
            total += silhouette(sums, sizes, groups[i]);
        }
        return n == 0 ? 0 : total / n;
    }

    private static double silhouette(double[] sums, int[] sizes, int own) {
        double other = Double.POSITIVE_INFINITY;
        for (int group = 0; group < sums.length; group++) {
            if (group != own && sizes[group] > 0) {
                other = Math.min(other, sums[group] / sizes[group]);
            }
        }
        double near = sums[own] / Math.max(1, sizes[own] - 1);
        return sizes[own] < 2 || Double.isInfinite(other) || near == other ? 0 : (other - near) / Math.max(near, other);
    }

    private static double[][] counts(int[] a, int[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("agreement: " + a.length + " examples in one grouping, " + b.length + " in the other");
        }
        double[][] joint = new double[Arrays.stream(a).max().orElse(0) + 1][Arrays.stream(b).max().orElse(0) + 1];
        for (int i = 0; i < a.length; i++) {
            joint[a[i]][b[i]]++;
        }
        return joint;
    }

    private static double[] rows(double[][] joint) {
        return Arrays.stream(joint).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
    }

    private static double[] columns(double[][] joint) {
        double[] sums = new double[joint[0].length];
        for (double[] row : joint) {
            for (int j = 0; j < row.length; j++) {
                sums[j] += row[j];
            }
        }
        return sums;
    }

    private static double entropy(double[] counts, double n) {
        return -Arrays.stream(counts).filter(c -> c > 0).map(c -> c / n * Math.log(c / n)).sum();
    }

    private static double pairs(double n) {
        return n * (n - 1) / 2;
    }
}
