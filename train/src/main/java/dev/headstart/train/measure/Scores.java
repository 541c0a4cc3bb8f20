package dev.headstart.train.measure;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.objective.FeatureClassification;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How well a pre-trained model will do on a task, said without fine-tuning it: from its features or outputs on the task's examples. Larger is
/// better with each. They order candidates; they are no accuracies (but the last two).
public final class Scores {
    private static final int ROUNDS = 11;

    private Scores() {}

    /// LogME (You et al. 2021, arXiv 2102.11005; with the fixed point of arXiv 2110.10545): the mean over classes of the logarithm of the
    /// maximum evidence of a Bayesian linear regression from features to a class's indicator, per example. The sum over singular values runs
    /// over the min(examples, width) there are, as in thuml/LogME; those that are zero but for rounding, as of features that depend on each
    /// other, count as zero.
    ///
    /// @param features `[examples, width]`
    /// @param labels of each example, from 0; the number of classes is the largest plus 1
    public static double logMe(Tensor features, int... labels) {
        double[][] f = Matrix.rows(features);
        check("LogME", f.length, labels);
        Projection projection = Projection.of(f);
        int classes = Arrays.stream(labels).max().orElse(-1) + 1;
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            int own = c;
            sum += evidence(projection, Arrays.stream(labels).mapToDouble(label -> label == own ? 1 : 0).toArray(), f[0].length);
        }
        return sum / classes;
    }

    /// The singular values, squared, and the left singular vectors, of features.
    private record Projection(double[] squares, double[][] left) {
        static Projection of(double[][] f) {
            boolean tall = f.length > f[0].length;
            double[][] columns = Matrix.transpose(f);
            Matrix.Eigen eigen = Matrix.Eigen.of(Matrix.gram(tall ? columns : f));
            double[][] left = new double[eigen.values().length][];
            double[] squares = eigen.settled(Math.max(f.length, f[0].length));
            for (int k = 0; k < left.length; k++) {
                double[] vector = eigen.vectors()[k];
                double square = squares[k];
                if (!tall) {
                    left[k] = vector;
                } else if (square == 0) {
                    left[k] = new double[f.length]; // what has no extent sees nothing of the labels
                } else {
                    left[k] = Arrays.stream(f).mapToDouble(row -> Matrix.dot(row, vector) / Math.sqrt(square)).toArray();
                }
            }
            return new Projection(squares, left);
        }
    }

    private static double evidence(Projection f, double[] y, int width) {
        int n = y.length;
        double[] x2 = Arrays.stream(f.left).mapToDouble(u -> Matrix.dot(u, y)).map(x -> x * x).toArray();
        double rest = Matrix.dot(y, y) - Arrays.stream(x2).sum();
        double alpha = 1;
        double beta = 1;
        double m2 = 0;
        double residual = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double t = alpha / beta;
            double gamma = 0;
            m2 = 0;
            residual = rest;
            for (int k = 0; k < x2.length; k++) {
                double s = f.squares[k];
                gamma += s / (s + t);
                m2 += s * x2[k] / ((t + s) * (t + s));
                residual += x2[k] / ((1 + s / t) * (1 + s / t));
            }
            alpha = gamma / (m2 + 1e-5);
            beta = (n - gamma) / (residual + 1e-5);
            if (Math.abs(alpha / beta - t) / t <= 1e-3) {
                break;
            }
        }
        double logs = 0;
        for (double s : f.squares) {
            logs += Math.log(alpha + beta * s);
        }
        return (width / 2.0 * Math.log(alpha) + n / 2.0 * Math.log(beta) - 0.5 * logs - beta / 2 * residual - alpha / 2 * m2
                - n / 2.0 * Math.log(2 * Math.PI)) / n;
    }

    /// LEEP (Nguyen et al. 2020, arXiv 2002.12462): the mean log-likelihood of the labels under the best guess from the source's own classes:
    /// `log Σ_z P(label | z) · P_source(z | x)`.
    ///
    /// @param logits of the source model's own head, `[examples, source classes]`
    public static double leep(Tensor logits, int... labels) {
        double[][] source = Matrix.rows(logits.softmax());
        check("LEEP", source.length, labels);
        int classes = Arrays.stream(labels).max().orElse(-1) + 1;
        double[][] joint = new double[classes][source[0].length];
        double[] marginal = new double[source[0].length];
        for (int i = 0; i < labels.length; i++) {
            for (int z = 0; z < marginal.length; z++) {
                joint[labels[i]][z] += source[i][z];
                marginal[z] += source[i][z];
            }
        }
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double p = 0;
            for (int z = 0; z < marginal.length; z++) {
                p += marginal[z] == 0 ? 0 : joint[labels[i]][z] / marginal[z] * source[i][z];
            }
            sum += Math.log(p);
        }
        return sum / labels.length;
    }

    /// NCE (Tran et al. 2019, arXiv 1908.08142): the negative conditional entropy of the labels given the class that the source's head
    /// says, in nats.
    ///
    /// @param said the source's class of each example
    public static double nce(int[] said, int... labels) {
        check("NCE", said.length, labels);
        int sources = Arrays.stream(said).max().orElse(-1) + 1;
        int classes = Arrays.stream(labels).max().orElse(-1) + 1;
        double[][] joint = new double[sources][classes];
        for (int i = 0; i < labels.length; i++) {
            joint[said[i]][labels[i]]++;
        }
        double sum = 0;
        for (double[] row : joint) {
            double total = Arrays.stream(row).sum();
            for (double count : row) {
                sum += count == 0 ? 0 : count * Math.log(count / total);
            }
        }
        return sum / labels.length;
    }

    /// Accuracy of the majority of the k nearest other examples, by cosine of the features; ties go to the class of the nearest. Each example
    /// is left out when it is asked about.
    public static double nearestNeighbours(Tensor features, int k, int... labels) {
        double[][] f = Matrix.rows(features);
        check("k-NN", f.length, labels);
        if (k < 1 || k >= f.length) {
            throw new IllegalArgumentException("k-NN: k " + k + " of " + f.length + " examples: from 1 to all but one");
        }
        normalise(f);
        int right = 0;
        for (int i = 0; i < f.length; i++) {
            right += majority(f, f[i], i, k, labels) == labels[i] ? 1 : 0;
        }
        return (double) right / f.length;
    }

    /// What the majority of the k nearest known examples says of others, by the rule of [#nearestNeighbours].
    ///
    /// @param features of the known examples, `[examples, width]`
    /// @param labels of these
    /// @param asked features of the others, `[others, width]`
    public static int[] neighbourGuesses(Tensor features, int[] labels, Tensor asked, int k) {
        double[][] f = Matrix.rows(features);
        double[][] others = Matrix.rows(asked);
        check("k-NN", f.length, labels);
        if (k < 1 || k > f.length) {
            throw new IllegalArgumentException("k-NN: k " + k + " of " + f.length + " examples: from 1 to all");
        }
        normalise(f);
        normalise(others);
        return Arrays.stream(others).mapToInt(row -> majority(f, row, -1, k, labels)).toArray();
    }

    private static void normalise(double[][] f) {
        for (double[] row : f) {
            double norm = Math.sqrt(Matrix.dot(row, row));
            for (int j = 0; j < row.length && norm > 0; j++) {
                row[j] /= norm;
            }
        }
    }

    private static int majority(double[][] f, double[] asked, int own, int k, int... labels) {
        double[] near = Arrays.stream(f).mapToDouble(row -> Matrix.dot(row, asked)).toArray();
        int[] nearest = IntStream.range(0, f.length).filter(i -> i != own).boxed().sorted(Comparator.comparingDouble(i -> -near[i]))
                .limit(k).mapToInt(i -> labels[i]).toArray();
        int best = nearest[0];
        int most = 0;
        for (int label : nearest) {
            int votes = (int) Arrays.stream(nearest).filter(other -> other == label).count();
            if (votes > most) {
                most = votes;
                best = label;
            }
        }
        return best;
    }

    /// Accuracy of a linear probe (Alain and Bengio 2016, arXiv 1610.01644) on examples it did not learn from: a linear layer learnt by AdamW
    /// for 300 steps on features whose columns have mean 0 and deviation 1 on the examples learnt from.
    public static double linearProbe(Tensor features, int[] labels, Tensor testFeatures, int[] testLabels, RandomStream random) {
        check("linear probe", testFeatures.dim(0), testLabels);
        int classes = IntStream.concat(Arrays.stream(labels), Arrays.stream(testLabels)).max().orElse(0) + 1;
        int[] guesses = probeGuesses(features, labels, testFeatures, classes, random);
        return IntStream.range(0, testLabels.length).filter(i -> guesses[i] == testLabels[i]).count() / (double) testLabels.length;
    }

    /// What a linear probe says of others, learnt as in [#linearProbe].
    ///
    /// @param features of the examples learnt from, `[examples, width]`
    /// @param labels of these
    /// @param asked features of the others, `[others, width]`
    /// @param classes number of classes
    public static int[] probeGuesses(Tensor features, int[] labels, Tensor asked, int classes, RandomStream random) {
        check("linear probe", features.dim(0), labels);
        Tensor mean = features.mean(0);
        Tensor deviation = features.minus(mean).square().mean(0).plus(Tensor.scalar(1e-8f)).sqrt();
        Tensor scaled = features.minus(mean).dividedBy(deviation);
        Linear head = new Linear(features.dim(1), classes, Initialiser.zeros(), random);
        Adam adam = Adam.adamW(List.of(ParamGroup.of(head.parameters()).rate(0.02).decay(0.01)), Schedule.cosine(0, 300, 0), 1);
        Trainer.of(new FeatureClassification(head, scaled, labels), head.parameters(), adam,
                Batches.of(labels.length, Math.min(256, labels.length), random.child("batches")), random.child("steps")).run(300);
        Tensor others = asked.minus(mean).dividedBy(deviation);
        return Mode.inference(() -> head.forward(Variable.of(others)).value()).argmax().toArray();
    }

    /// Kendall's τ-b of two orders of the same candidates: 1 when they agree, -1 when they are opposite; NaN when all of one are equal.
    ///
    /// @param a a score of each candidate
    /// @param b another, say the accuracy after fine-tuning
    public static double kendall(double[] a, double[] b) {
        if (a.length != b.length || a.length < 2) {
            throw new IllegalArgumentException("Kendall's τ: " + a.length + " and " + b.length + " scores: two of each or more are needed");
        }
        double agree = 0;
        double inA = 0;
        double inB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                double signs = Math.signum(a[i] - a[j]) * Math.signum(b[i] - b[j]);
                agree += signs;
                inA += Math.abs(Math.signum(a[i] - a[j]));
                inB += Math.abs(Math.signum(b[i] - b[j]));
            }
        }
        return agree / Math.sqrt(inA * inB);
    }

    private static void check(String score, int examples, int... labels) {
        if (examples != labels.length || examples == 0 || Arrays.stream(labels).anyMatch(label -> label < 0)) {
            throw new IllegalArgumentException(score + ": " + examples + " examples, " + labels.length
                    + " labels: one label from 0 on for each is needed");
        }
    }
}
