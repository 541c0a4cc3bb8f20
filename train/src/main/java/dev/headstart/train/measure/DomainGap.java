package dev.headstart.train.measure;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How far the data of a task lie from what a model was trained on, measured on the model's features of both.
///
/// @param frechet Fréchet distance of the two as normal distributions, in squared units of the features (Heusel et al. 2017, arXiv
/// 1706.08500): 0 when means and covariances agree
/// @param maximumMeanDiscrepancy squared, unbiased, with a Gaussian kernel as wide as the median distance (Gretton et al. 2012): about 0, or a
/// little below, when both come from the same distribution
/// @param proxyA proxy A-distance, `2 (1 - 2 error)` of a linear classifier that tells source from target on examples it did not learn from
/// (Ben-David et al. 2007): about 0 when it cannot, 2 when it always can
public record DomainGap(double frechet, double maximumMeanDiscrepancy, double proxyA) {
    /// Measures the gap; half of the examples of each side train the classifier, the other half test it.
    ///
    /// @param source `[examples, width]`, at least 4
    /// @param target `[examples, width]`, at least 4
    public static DomainGap between(Tensor source, Tensor target, RandomStream random) {
        if (source.rank() != 2 || target.rank() != 2 || source.dim(1) != target.dim(1) || Math.min(source.dim(0), target.dim(0)) < 4) {
            throw new IllegalArgumentException("domain gap: source" + source.shape() + ", target" + target.shape()
                    + ": [examples, width] of one width and at least 4 examples are needed");
        }
        double[][] a = Matrix.rows(source);
        double[][] b = Matrix.rows(target);
        return new DomainGap(frechet(a, b), discrepancy(a, b), proxy(source, target, random));
    }

    private static double frechet(double[][] a, double[][] b) {
        double[][] covA = Matrix.covariance(a);
        double[][] covB = Matrix.covariance(b);
        double[][] rootA = root(covA);
        double[] joint = Matrix.Eigen.of(Matrix.times(Matrix.times(rootA, covB), rootA)).settled(Math.max(a.length, b.length));
        double distance = Matrix.squaredDistance(Matrix.mean(a), Matrix.mean(b));
        for (int i = 0; i < covA.length; i++) {
            distance += covA[i][i] + covB[i][i] - 2 * Math.sqrt(joint[i]);
        }
        return Math.max(0, distance);
    }

    /// The symmetric square root.
    private static double[][] root(double[][] covariance) {
        Matrix.Eigen eigen = Matrix.Eigen.of(covariance);
        double[] values = eigen.settled(covariance.length);
        double[][] scaled = new double[covariance.length][];
        for (int k = 0; k < scaled.length; k++) {
            double root = Math.sqrt(Math.sqrt(values[k]));
            scaled[k] = Arrays.stream(eigen.vectors()[k]).map(x -> x * root).toArray();
        }
        return Matrix.gram(Matrix.transpose(scaled));
    }

    private static double discrepancy(double[][] a, double[][] b) {
        double[] distances = distances(a, b);
        double width = Math.max(distances[distances.length / 2], 1e-300);
        return kernel(a, a, width) + kernel(b, b, width) - 2 * kernel(a, b, width);
    }

    /// All squared distances between the sides, sorted.
    private static double[] distances(double[][] a, double[][] b) {
        return Arrays.stream(a).flatMapToDouble(x -> Arrays.stream(b).mapToDouble(y -> Matrix.squaredDistance(x, y))).sorted().toArray();
    }

    /// The mean kernel between sides; of a side with itself, without each example with itself.
    private static double kernel(double[][] a, double[][] b, double width) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                sum += a == b && i == j ? 0 : Math.exp(-Matrix.squaredDistance(a[i], b[j]) / width);
            }
        }
        return sum / ((double) a.length * (a == b ? a.length - 1 : b.length));
    }

    private static double proxy(Tensor source, Tensor target, RandomStream random) {
        int n = Math.min(source.dim(0), target.dim(0));
        int half = n / 2;
        int[] pickA = random.child("source").permutation(source.dim(0));
        int[] pickB = random.child("target").permutation(target.dim(0));
        Tensor learn = Tensor.concat(0, rows(source, pickA, 0, half), rows(target, pickB, 0, half));
        Tensor test = Tensor.concat(0, rows(source, pickA, half, 2 * half), rows(target, pickB, half, 2 * half));
        int[] labels = new int[2 * half];
        Arrays.fill(labels, half, 2 * half, 1);
        double accuracy = Scores.linearProbe(learn, labels, test, labels, random.child("probe"));
        return 2 * (1 - 2 * (1 - accuracy));
    }

    private static Tensor rows(Tensor x, int[] order, int from, int to) {
        return x.gatherRows(Indices.of(Arrays.copyOfRange(order, from, to)));
    }

    /// Share of tokens that a tokenizer did not know.
    ///
    /// @param unknown the id of the unknown token
    public static double unknownRate(List<int[]> texts, int unknown) {
        long all = texts.stream().mapToLong(text -> text.length).sum();
        long found = texts.stream().mapToLong(text -> Arrays.stream(text).filter(id -> id == unknown).count()).sum();
        return all == 0 ? 0 : (double) found / all;
    }

    /// What should be known before fine-tuning, a sentence each; nothing when nothing stands out.
    ///
    /// @param unknownRate of the tokenizer on the target's texts; 0 for images
    public List<String> warnings(double unknownRate) {
        List<String> warnings = new ArrayList<>();
        if (proxyA > 1.5) {
            warnings.add(String.format(Locale.ROOT,
                    "A linear classifier tells source from target in %.0f %% of the cases: expect less of a head start, unfreeze more, or"
                            + " pre-train further on unlabelled target data.",
                    50 + 25 * proxyA));
        }
        if (unknownRate > 0.02) {
            warnings.add(String.format(Locale.ROOT,
                    "The tokenizer does not know %.1f %% of the target's tokens: take a model whose vocabulary fits.", 100 * unknownRate));
        }
        return warnings;
    }
}
