package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.data.Split;
import dev.headstart.task.goal.Session;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.TextWidth;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.measure.Splits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pre-trained network with a head, examples to learn from, and examples held back to measure on.
///
/// @param network what learns
/// @param labels what its head tells apart
/// @param sides the examples
/// @param source where its weights come from
public record FinetuneTask(HeadedNetwork network, List<String> labels, Sides sides, Source source) implements Session {
    private static final int EVALUATION_BATCH = 64;

    public FinetuneTask {
        labels = List.copyOf(labels);
    }

    /// Examples of a task.
    ///
    /// @param all those that may be learnt from or held back
    /// @param training to learn from
    /// @param held to measure on
    /// @param old of the task that the source has learnt, split likewise; null for none
    public record Sides(Examples all, Examples training, Examples held, @Nullable Sides old) {
        /// A share of each label's examples is held back unless there are others to measure on.
        ///
        /// @param others to measure on; null to hold some back
        /// @throws IOException when none can be held back
        static Sides of(Examples all, @Nullable Examples others, int labels, double share, RandomStream random) throws IOException {
            Examples training = all;
            Examples held = others;
            if (held == null) {
                Split split = Split.stratified(all.labels(), labels, share, random);
                training = all.choose(split.training());
                held = all.choose(split.validation()).plain();
            }
            if (training.size() == 0 || held.size() == 0) {
                throw new IOException("of " + all.size() + " examples none can be held back, since every label has one only:"
                        + " give others to measure on");
            }
            return new Sides(all, training, held, null);
        }

        /// With examples of the task that the source has learnt.
        Sides remembering(@Nullable Sides other) {
            return new Sides(all, training, held, other);
        }

        /// Of all examples, those of one fold are held back.
        Sides fold(Splits folds, int fold) {
            return new Sides(all, all.choose(folds.without(fold)), all.choose(folds.parts().get(fold)).plain(), old);
        }
    }

    /// Where a network's weights come from.
    ///
    /// @param name of the file or folder
    /// @param architecture what the network is: `ResNet-20`
    /// @param headToo whether the head, too, is the source's: then it has learnt these labels before
    /// @param transfer what was carried over, and what was not
    /// @param data SHA-256 of the examples
    /// @param facts what must be the same when a run goes on: data and weights, by name
    public record Source(String name, String architecture, boolean headToo, String transfer, String data, Map<String, Object> facts) {
        public Source {
            facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        }
    }

    /// The same task with other examples.
    FinetuneTask with(Sides others) {
        return new FinetuneTask(network, labels, others, source);
    }

    /// Examples to learn from.
    public Examples training() {
        return sides.training();
    }

    /// Examples to measure on.
    public Examples held() {
        return sides.held();
    }

    @Override
    public Parameters parameters() {
        return network.parameters();
    }

    @Override
    public String head() {
        return network.head();
    }

    /// The cross-entropy of the labels.
    @Override
    public Objective objective() {
        int[] labels = training().labels();
        return (examples, draws) -> CrossEntropy.PLAIN.of(network.classify(training().features(examples, draws)),
                Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
    }

    /// The accuracy.
    @Override
    public Map<String, Double> measure() {
        Tensor logits = LengthSorted.rows(held().size(), held().lengths(), labels.size(), EVALUATION_BATCH,
                some -> network.classify(held().features(some, RandomStream.of(0))));
        return Map.of("accuracy", Evaluation.of(labels, held().labels(), logits.argmax().toArray()).accuracy());
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        network.save(folder, labels, card);
    }

    /// All parameters below the head.
    Parameters body() {
        return parameters().without(network.head());
    }

    /// What an example is: `texts`, `images`.
    public String noun() {
        return network.noun();
    }

    /// What there is to learn from and to measure on, in words.
    public String examples() {
        return String.format(Locale.ROOT, "%s to learn from, %s held back, %s classes (%s)", Numbers.count(training().size()),
                Numbers.count(held().size()),
                Numbers.count(labels.size()), TextWidth.cut(String.join(", ", labels), 60));
    }

    /// Warnings of what is measured although it is learnt, one for each kind.
    ///
    /// @param rehearses whether the old task's examples are learnt, too
    /// @throws IOException when an example cannot be read
    public List<String> leaks(boolean rehearses) throws IOException {
        List<String> warnings = new ArrayList<>();
        Set<String> learnt = hashes(training());
        warn(warnings, learnt, held(), "held-back " + noun(), "those to learn from");
        Sides old = sides.old();
        if (old != null) {
            warn(warnings, learnt, old.held(), "held-back old " + noun(), "those to learn from");
            warn(warnings, rehearses ? hashes(old.training()) : Set.of(), held(), "held-back " + noun(), "the old ones to rehearse");
        }
        return warnings;
    }

    /// Warnings of what folds measure although it is learnt.
    ///
    /// @param rehearses whether the old task's examples are learnt, too
    /// @throws IOException when an example cannot be read
    public List<String> foldLeaks(boolean rehearses) throws IOException {
        List<String> warnings = new ArrayList<>();
        int copies = sides.all().size() - hashes(sides.all()).size();
        if (copies > 0) {
            warnings.add(String.format(Locale.ROOT,
                    "Warning: %s of %s %s are copies of others: where both are in different folds, what is measured is too good.",
                    Numbers.count(copies), Numbers.count(sides.all().size()), noun()));
        }
        Sides old = sides.old();
        warn(warnings, old != null && rehearses ? hashes(old.training()) : Set.of(), sides.all(), noun(), "the old ones to rehearse");
        return warnings;
    }

    private static void warn(List<String> warnings, Set<String> learnt, Examples measured, String which, String where) throws IOException {
        int twice = 0;
        for (int i = 0; i < measured.size() && !learnt.isEmpty(); i++) {
            twice += learnt.contains(measured.hash(i)) ? 1 : 0;
        }
        if (twice > 0) {
            warnings.add(String.format(Locale.ROOT, "Warning: %s of %s %s are also among %s: what is measured on them is too good.",
                    Numbers.count(twice),
                    Numbers.count(measured.size()), which, where));
        }
    }

    private static Set<String> hashes(Examples examples) throws IOException {
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < examples.size(); i++) {
            hashes.add(examples.hash(i));
        }
        return hashes;
    }

    @Override
    public Batches batches(int batchSize, RandomStream random) {
        int[] lengths = training().lengths();
        return lengths.length > 0
                ? Batches.byLength(lengths, batchSize, random)
                : Batches.of(training().size(), Math.min(batchSize, training().size()), random);
    }
}
