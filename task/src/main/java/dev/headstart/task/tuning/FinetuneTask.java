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
import dev.headstart.train.measure.LengthSorted;
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

/// A pre-trained network with a head, examples to train on, and held-out examples to measure on.
///
/// @param network what is trained
/// @param labels what its head tells apart
/// @param sides the examples
/// @param source where its weights come from
public record FinetuneTask(HeadedNetwork<?> network, List<String> labels, Sides sides, Source source) implements Session {
    private static final int EVALUATION_BATCH = 64;

    public FinetuneTask {
        labels = List.copyOf(labels);
    }

    /// Labelled examples.
    ///
    /// @param labels what there is to tell apart
    /// @param training to train on
    /// @param others to measure on; null to hold out some of those to train on
    /// @param old of the task that the source was trained for; null for none
    /// @param share of each label's examples to hold out
    /// @param hash SHA-256 of the examples
    /// @param notes what is done to examples that are not as the network takes them
    public record Data<B>(List<String> labels, Encoded<B> training, @Nullable Encoded<B> others, @Nullable Encoded<B> old, double share,
            String hash, List<String> notes) {
        /// Examples that are as the network takes them.
        public Data(List<String> labels, Encoded<B> training, @Nullable Encoded<B> others, @Nullable Encoded<B> old, double share,
                String hash) {
            this(labels, training, others, old, share, hash, List.of());
        }

        /// The same with something to say of them.
        public Data<B> noting(List<String> more) {
            return new Data<>(labels, training, others, old, share, hash, more);
        }

        private Sides of(HeadedNetwork<B> network, RandomStream random) throws IOException {
            Examples<B> measured = others == null ? null : new Examples<>(network, others);
            Sides sides = Sides.of(new Examples<>(network, training), measured, labels.size(), share, random.child("validation"));
            return old == null
                    ? sides
                    : sides.remembering(Sides.of(new Examples<>(network, old), null, labels.size(), share, random.child("old")));
        }
    }

    /// A network for these examples.
    ///
    /// @param initialization its weights below the head
    /// @param head whether a head of the file is kept
    /// @param facts what must be the same when a run is resumed, by name
    /// @throws IOException when weights or examples cannot be read, or do not fit
    public static <B> FinetuneTask of(HeadedNetworks<B> networks, Data<B> data, Initialization initialization,
            HeadedNetworks.HeadChoice head, Map<String, Object> facts, RandomStream random) throws IOException {
        HeadedNetworks.Loaded<B> loaded = networks.build(data.labels, initialization, head, HeadedNetworks.Streams.of(random));
        return new FinetuneTask(loaded.network(), data.labels, data.of(loaded.network(), random),
                new Source(networks.name(), loaded.network().architecture(), loaded.headToo(), loaded.transfer(), data.hash, facts,
                        data.notes));
    }

    /// A network for these texts.
    ///
    /// @param initialization its weights below the head
    /// @param keepHead whether the network's head must be of these labels, and is trained further
    /// @throws IOException when weights or texts cannot be read, or do not fit
    public static FinetuneTask of(TextNetworks networks, LabelledTable texts, Initialization initialization, boolean keepHead,
            RandomStream random) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>(texts.facts());
        facts.putAll(networks.facts(initialization));
        return of(networks, texts.data(networks, keepHead), initialization,
                keepHead ? HeadedNetworks.HeadChoice.KEPT : HeadedNetworks.HeadChoice.KEPT_IF_SAME_LABELS, facts, random);
    }

    /// Examples of a task.
    ///
    /// @param all those that may be trained on or held out
    /// @param training to train on
    /// @param heldOut to measure on
    /// @param old of the task that the source was trained for, split likewise; null for none
    public record Sides(Examples<?> all, Examples<?> training, Examples<?> heldOut, @Nullable Sides old) {
        /// Holds out a share of each label's examples unless there are others to measure on.
        ///
        /// @param others to measure on; null to hold some out
        /// @throws IOException when none can be held out
        static Sides of(Examples<?> all, @Nullable Examples<?> others, int labels, double share, RandomStream random) throws IOException {
            Examples<?> training = all;
            Examples<?> heldOut = others;
            if (heldOut == null) {
                Split split = Split.stratified(all.labels(), labels, share, random);
                training = all.choose(split.training());
                heldOut = all.choose(split.validation()).plain();
            }
            if (training.size() == 0 || heldOut.size() == 0) {
                throw new IOException("of " + all.size() + " examples none can be held out, since every label has one only:"
                        + " give others to measure on");
            }
            return new Sides(all, training, heldOut, null);
        }

        /// With examples of the task that the source was trained for.
        Sides remembering(@Nullable Sides other) {
            return new Sides(all, training, heldOut, other);
        }

        /// Of all examples, those of one fold are held out.
        Sides fold(Splits folds, int fold) {
            return new Sides(all, all.choose(folds.without(fold)), all.choose(folds.parts().get(fold)).plain(), old);
        }
    }

    /// Where a network's weights come from.
    ///
    /// @param name of the file or folder
    /// @param architecture what the network is: `ResNet-20`
    /// @param headToo whether the head, too, is the source's: then it was trained on these labels before
    /// @param transfer what was carried over, and what was not
    /// @param data SHA-256 of the examples
    /// @param facts what must be the same when a run is resumed: data and weights, by name
    /// @param notes what is done to examples that are not as the network takes them, in sentences
    public record Source(String name, String architecture, boolean headToo, String transfer, String data, Map<String, Object> facts,
            List<String> notes) {
        public Source {
            facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        }
    }

    /// The same task with other examples.
    FinetuneTask with(Sides others) {
        return new FinetuneTask(network, labels, others, source);
    }

    /// Examples to train on.
    public Examples<?> training() {
        return sides.training();
    }

    /// Examples to measure on.
    public Examples<?> heldOut() {
        return sides.heldOut();
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
        return (examples, random) -> CrossEntropy.PLAIN.of(network.classify(training().features(examples, random)),
                Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
    }

    /// The accuracy.
    @Override
    public Map<String, Double> measure() {
        Examples<?> measured = heldOut();
        Tensor logits = LengthSorted.rows(measured.size(), measured.data().lengths(), labels.size(), EVALUATION_BATCH,
                some -> network.classify(measured.features(some, RandomStream.of(0))));
        return Map.of("accuracy", Evaluation.of(labels, measured.labels(), logits.argmax().toArray()).accuracy());
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        network.save(folder, labels, card);
    }

    /// All parameters below the head.
    Parameters body() {
        return network.body();
    }

    /// What an example is: `texts`, `images`.
    public String noun() {
        return network.noun();
    }

    /// What there is to train on and to measure on, in words.
    public String examples() {
        return String.format(Locale.ROOT, "%s to train on, %s held out, %s classes (%s)", Numbers.count(training().size()),
                Numbers.count(heldOut().size()),
                Numbers.count(labels.size()), TextWidth.cut(String.join(", ", labels), 60));
    }

    /// Warnings of examples that are measured although they are trained on, one for each kind.
    ///
    /// @param rehearses whether the old task's examples are trained on, too
    /// @throws IOException when an example cannot be read
    public List<String> leaks(boolean rehearses) throws IOException {
        List<String> warnings = new ArrayList<>();
        Set<String> trained = hashes(training());
        warn(warnings, trained, heldOut(), "held-out " + noun(), "those to train on");
        Sides old = sides.old();
        if (old != null) {
            warn(warnings, trained, old.heldOut(), "held-out old " + noun(), "those to train on");
            warn(warnings, rehearses ? hashes(old.training()) : Set.of(), heldOut(), "held-out " + noun(), "the old ones to rehearse");
        }
        return warnings;
    }

    /// Warnings of examples that folds measure although they are trained on.
    ///
    /// @param rehearses whether the old task's examples are trained on, too
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

    private static void warn(List<String> warnings, Set<String> trained, Examples<?> measured, String which, String where)
            throws IOException {
        int twice = 0;
        for (int i = 0; i < measured.size() && !trained.isEmpty(); i++) {
            twice += trained.contains(measured.data().hash(i)) ? 1 : 0;
        }
        if (twice > 0) {
            warnings.add(String.format(Locale.ROOT, "Warning: %s of %s %s are also among %s: what is measured on them is too good.",
                    Numbers.count(twice),
                    Numbers.count(measured.size()), which, where));
        }
    }

    private static Set<String> hashes(Examples<?> examples) throws IOException {
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < examples.size(); i++) {
            hashes.add(examples.data().hash(i));
        }
        return hashes;
    }

    @Override
    public Batches batches(int batchSize, RandomStream random) {
        int[] lengths = training().data().lengths();
        return lengths.length > 0
                ? Batches.byLength(lengths, batchSize, random)
                : Batches.of(training().size(), Math.min(batchSize, training().size()), random);
    }
}
