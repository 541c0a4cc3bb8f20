package dev.headstart.cli.finetune;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.Split;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.TextTable;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pre-trained network with a head, examples to learn from, and examples held back to measure on.
///
/// @param network what learns
/// @param labels what its head tells apart
/// @param training examples to learn from
/// @param held examples to measure on
/// @param transfer what was carried over, and what was not
/// @param facts what must be the same when a run goes on: data and weights, by name
public record FinetuneTask(HeadedNetwork network, List<String> labels, Examples training, Examples held, String transfer,
        Map<String, Object> facts) {
    public FinetuneTask {
        labels = List.copyOf(labels);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /// A task, a share of each label's examples of which is held back unless there are others to measure on.
    ///
    /// @param others to measure on; null to hold some back
    /// @throws IOException when none can be held back
    static FinetuneTask of(HeadedNetwork network, List<String> labels, Examples all, @Nullable Examples others, double share,
            String transfer, Map<String, Object> facts, RandomStream random) throws IOException {
        Examples training = all;
        Examples held = others;
        if (held == null) {
            Split split = Split.stratified(all.labels(), labels.size(), share, random.child("validation"));
            training = all.choose(split.training());
            held = all.choose(split.validation());
        }
        if (training.size() == 0 || held.size() == 0) {
            throw new IOException("of " + all.size() + " " + network.noun() + " none can be held back, since every label has one only:"
                    + " give others to measure on");
        }
        return new FinetuneTask(network, labels, training, held, transfer, facts);
    }

    /// All parameters, the head's too.
    public Parameters parameters() {
        return network.parameters();
    }

    /// What an example is: `texts`, `images`.
    public String noun() {
        return network.noun();
    }

    /// What there is to learn from and to measure on, in words.
    public String examples() {
        return "%s to learn from, %s held back, %s classes (%s)".formatted(Numbers.count(training.size()), Numbers.count(held.size()),
                Numbers.count(labels.size()), TextTable.cut(String.join(", ", labels), 60));
    }

    /// Batches of the examples to learn from: of similar length where lengths vary, so that little is computed for padding.
    public Batches batches(int batchSize, RandomStream random) {
        int[] lengths = training.lengths();
        return lengths.length > 0
                ? Batches.byLength(lengths, batchSize, random)
                : Batches.of(training.size(), Math.min(batchSize, training.size()), random);
    }
}
