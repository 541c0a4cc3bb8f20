package dev.headstart.task.compare;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.data.ImageReader;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.TrainingListener;
import dev.headstart.train.measure.DomainGap;
import dev.headstart.train.measure.Scores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// Features of some of a task's examples, with their labels.
///
/// @param task whose examples they are
/// @param own the network with the head of its file, if there is one
/// @param learnt numbers of the examples to learn from
/// @param rows their features
/// @param measured numbers of the examples to measure on
/// @param measuredRows their features
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TaskFeatures(ComparedTask task, Optional<Learner> own, int[] learnt, Tensor rows, int[] measured, Tensor measuredRows) {
    private static final int BATCH = 32;
    private static final int GAP_EXAMPLES = 400;

    /// Computes features.
    ///
    /// @param perClass examples of each class at most: three quarters of them to learn from, the others to measure on
    /// @param random chooses them
    public static TaskFeatures of(ComparedTask task, int perClass, RandomStream random, String phase, TrainingListener listener)
            throws IOException {
        int most = Math.max(1, perClass / 4);
        int[] learnt = some(task.training(), task.labels().size(), perClass - most, random.child("learnt"));
        int first = task.training().length;
        int[] measured = Arrays.stream(some(task.test(), task.labels().size(), most, random.child("measured"))).map(i -> first + i)
                .toArray();
        Learner learner = task.learner(Start.PRETRAINED, 0);
        listener.began(phase, 0, Math.ceilDiv(learnt.length, BATCH) + Math.ceilDiv(measured.length, BATCH));
        Tensor rows = compute(learner, learnt, listener);
        Tensor measuredRows = compute(learner, measured, listener);
        listener.ended();
        return new TaskFeatures(task, task.published(), learnt, rows, measured, measuredRows);
    }

    private int[] labels() {
        return Arrays.stream(learnt).map(i -> task.training()[i]).toArray();
    }

    private int[] measuredLabels() {
        return Arrays.stream(measured).map(i -> task.test()[i - task.training().length]).toArray();
    }

    /// The scores.
    ///
    /// @param k how many neighbours vote
    /// @param random of the probe
    public FeatureScores scores(int k, RandomStream random) {
        int[] labels = labels();
        int[] truth = measuredLabels();
        List<String> names = task.labels();
        Tensor all = Tensor.concat(0, rows, measuredRows);
        int[] allLabels = IntStream.concat(Arrays.stream(labels), Arrays.stream(truth)).toArray();
        double leep = own.map(head -> Scores.leep(Mode.inference(() -> head.logits(Variable.of(all)).value()), allLabels))
                .orElse(Double.NaN);
        return new FeatureScores(Scores.logMe(all, allLabels), leep,
                Evaluation.of(names, truth, Scores.neighbourGuesses(rows, labels, measuredRows, Math.min(k, labels.length))),
                Evaluation.of(names, truth, Scores.probeGuesses(rows, labels, measuredRows, names.size(), random)));
    }

    /// How far the task lies from what the source learnt from.
    ///
    /// @param source images or lines of text
    /// @param reader opens images
    public DomainGap gap(Path source, ImageReader reader, RandomStream random) throws IOException {
        ComparedTask others = task.unlabelled(source, reader, GAP_EXAMPLES);
        int first = others.training().length;
        Learner network = others.learner(Start.PRETRAINED, 0);
        Tensor learntFrom = compute(network, IntStream.range(0, others.test().length).map(i -> first + i).toArray(), TrainingListener.NONE);
        Tensor target = Tensor.concat(0, rows, measuredRows);
        int stride = Math.max(1, Math.ceilDiv(target.dim(0), GAP_EXAMPLES));
        int[] spread = IntStream.range(0, Math.ceilDiv(target.dim(0), stride)).map(i -> i * stride).toArray();
        return DomainGap.between(learntFrom, target.gatherRows(Indices.of(spread)), random);
    }

    /// A score in words; features that are all the same have none.
    public static String score(double value) {
        return Double.isNaN(value) ? "-" : Numbers.fixed(value, 3);
    }

    /// What a gap means, a sentence each.
    public static List<String> sentences(DomainGap gap, ComparedTask task) {
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(Locale.ROOT,
                "From what the source learnt from: Fréchet distance %s, mean discrepancy %s, proxy A-distance %s (0 alike, 2 apart).",
                Numbers.significant(gap.frechet(), 3), Numbers.significant(gap.maximumMeanDiscrepancy(), 3),
                Numbers.fixed(gap.proxyA(), 2)));
        List<String> warnings = gap.warnings(task.unknownRate());
        sentences.addAll(warnings.isEmpty() ? List.of("Nothing in that stands against a head start.") : warnings);
        return List.copyOf(sentences);
    }

    private static Tensor compute(Learner learner, int[] examples, TrainingListener listener) {
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < examples.length; from += BATCH) {
            int[] some = Arrays.copyOfRange(examples, from, Math.min(examples.length, from + BATCH));
            parts.add(Mode.inference(() -> learner.rows(some).value()));
            listener.stepped(some.length, Double.NaN);
        }
        return Tensor.concat(0, parts.toArray(Tensor[]::new));
    }

    /// So many of each class.
    private static int[] some(int[] labels, int classes, int perClass, RandomStream random) {
        return IntStream.range(0, classes).flatMap(c -> {
            int[] own = IntStream.range(0, labels.length).filter(i -> labels[i] == c).toArray();
            return Arrays.stream(random.child(c).permutation(own.length)).limit(perClass).map(i -> own[i]);
        }).toArray();
    }
}
