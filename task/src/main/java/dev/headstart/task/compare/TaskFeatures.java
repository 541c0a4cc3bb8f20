package dev.headstart.task.compare;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.data.ImageReader;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.tuning.Encoded;
import dev.headstart.task.tuning.HeadedNetwork;
import dev.headstart.task.tuning.Initialization;
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
/// @param <B> a batch as the network takes it
/// @param task whose examples they are
/// @param own the network with the head of its file, if there is one
/// @param training numbers of examples to train on
/// @param rows their features
/// @param test numbers of examples to measure on
/// @param testRows their features
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TaskFeatures<B>(LabelledTask<B> task, Optional<HeadedNetwork<B>> own, int[] training, Tensor rows, int[] test,
        Tensor testRows) {
    private static final int BATCH = 32;
    private static final int GAP_EXAMPLES = 400;

    /// Computes features.
    ///
    /// @param perClass examples of each class at most: three quarters of them to train on, the others to measure on
    /// @param random chooses them
    public static <B> TaskFeatures<B> of(LabelledTask<B> task, int perClass, RandomStream random, String phase, TrainingListener listener)
            throws IOException {
        int most = Math.max(1, perClass / 4);
        int classes = task.labels().size();
        int[] training = some(task.training().labels(), classes, perClass - most, random.child("learnt"));
        int[] test = some(task.test().labels(), classes, most, random.child("measured"));
        HeadedNetwork<B> network = task.network(Initialization.PRETRAINED, 0);
        listener.began(phase, 0, Math.ceilDiv(training.length, BATCH) + Math.ceilDiv(test.length, BATCH));
        Tensor rows = compute(network, task.training().choose(training), listener);
        Tensor testRows = compute(network, task.test().choose(test), listener);
        listener.ended();
        return new TaskFeatures<>(task, task.published(), training, rows, test, testRows);
    }

    /// The scores.
    ///
    /// @param k how many neighbours vote
    /// @param random of the probe
    public FeatureScores scores(int k, RandomStream random) {
        int[] labels = task.training().choose(training).labels();
        int[] truth = task.test().choose(test).labels();
        List<String> names = task.labels();
        Tensor all = Tensor.concat(0, rows, testRows);
        int[] allLabels = IntStream.concat(Arrays.stream(labels), Arrays.stream(truth)).toArray();
        double leep = own.map(head -> Scores.leep(Mode.inference(() -> head.classify(Variable.of(all)).value()), allLabels))
                .orElse(Double.NaN);
        return new FeatureScores(Scores.logMe(all, allLabels), leep,
                Evaluation.of(names, truth, Scores.neighbourGuesses(rows, labels, testRows, Math.min(k, labels.length))),
                Evaluation.of(names, truth, Scores.probeGuesses(rows, labels, testRows, names.size(), random)));
    }

    /// How far the task lies from the data that the network was pre-trained on.
    ///
    /// @param source images or lines of text
    /// @param reader opens images
    public DomainGap gap(Path source, ImageReader reader, RandomStream random) throws IOException {
        Encoded<B> others = task.training().others(source, reader);
        Tensor sourceRows = compute(task.network(Initialization.PRETRAINED, 0),
                others.choose(ChosenImages.spread(others.size(), GAP_EXAMPLES)), TrainingListener.NONE);
        Tensor target = Tensor.concat(0, rows, testRows);
        int stride = Math.max(1, Math.ceilDiv(target.dim(0), GAP_EXAMPLES));
        int[] spread = IntStream.range(0, Math.ceilDiv(target.dim(0), stride)).map(i -> i * stride).toArray();
        return DomainGap.between(sourceRows, target.gatherRows(Indices.of(spread)), random);
    }

    /// A score in words; features that are all the same have none.
    public static String score(double value) {
        return Double.isNaN(value) ? "-" : Numbers.fixed(value, 3);
    }

    /// What a gap means, a sentence each.
    public static List<String> sentences(DomainGap gap, LabelledTask<?> task) {
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(Locale.ROOT,
                "From what the source learnt from: Fréchet distance %s, mean discrepancy %s, proxy A-distance %s (0 alike, 2 apart).",
                Numbers.significant(gap.frechet(), 3), Numbers.significant(gap.maximumMeanDiscrepancy(), 3),
                Numbers.fixed(gap.proxyA(), 2)));
        List<String> warnings = gap.warnings(task.unknownRate());
        sentences.addAll(warnings.isEmpty() ? List.of("Nothing in that stands against a head start.") : warnings);
        return List.copyOf(sentences);
    }

    private static <B> Tensor compute(HeadedNetwork<B> network, Encoded<B> examples, TrainingListener listener) {
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < examples.size(); from += BATCH) {
            int[] some = IntStream.range(from, Math.min(examples.size(), from + BATCH)).toArray();
            B batch = examples.batch(some, RandomStream.of(0)); // nothing is sampled: there is no augmentation
            parts.add(Mode.inference(() -> network.vectors(batch).value()));
            listener.stepped(some.length, Double.NaN);
        }
        return Tensor.concat(0, parts.toArray(Tensor[]::new));
    }

    /// At most this many of each class.
    private static int[] some(int[] labels, int classes, int perClass, RandomStream random) {
        return IntStream.range(0, classes).flatMap(c -> {
            int[] own = IntStream.range(0, labels.length).filter(i -> labels[i] == c).toArray();
            return Arrays.stream(random.child(c).permutation(own.length)).limit(perClass).map(i -> own[i]);
        }).toArray();
    }
}
