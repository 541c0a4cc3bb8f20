package dev.headstart.task.tuning;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a network is fine-tuned.
///
/// @param strategy which parameters are trained
/// @param terms of the loss
/// @param steps at most
/// @param batch examples of a step
/// @param accumulate parts that a batch is computed in
/// @param rates learning rates
/// @param patience measurements in a row without gain before it stops
/// @param average of the weights over steps: decay of its memory; 0 for none
/// @param mix share of the trained weights in those that are saved, the rest is the source's; 1 for all
/// @param cache what becomes of features where the body is frozen: the bits are the same
public record TuningSettings(Strategy strategy, LossTerms terms, int steps, int batch, int accumulate, Rates rates, int patience,
        double average, double mix, Cache cache) {
    /// Learning rates.
    ///
    /// @param body highest rate
    /// @param head the head's
    /// @param decay each level's rate as a share of the one above; null for all the same
    /// @param schedule over the steps
    public record Rates(double body, double head, @Nullable Double decay, ScheduleKind schedule) {}

    /// Whether features are computed once for each example.
    ///
    /// @param inMemory over the epochs of this run
    /// @param folder over runs; null for this one only
    public record Cache(boolean inMemory, @Nullable Path folder) {}

    /// Plain training with the labels: no averages, no terms but the labels, no patience.
    public static TuningSettings plain(Strategy strategy, int steps, int batch, Rates rates) {
        return new TuningSettings(strategy, LossTerms.NONE, steps, batch, 1, rates, Integer.MAX_VALUE, 0, 1, new Cache(true, null));
    }

    /// What must be the same when a run is resumed, by name.
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("learns", strategy.described());
        facts.put("steps", steps);
        facts.put("batch", batch);
        facts.put("parts of a batch", accumulate);
        facts.put("rate", rates.body);
        facts.put("rate of the head", rates.head);
        facts.put("rates fall by", rates.decay == null ? 1 : rates.decay);
        facts.put("schedule", rates.schedule);
        facts.putAll(terms.facts());
        facts.put("average of weights", average);
        facts.put("share of what was learnt", mix);
        facts.put("patience", patience);
        return facts;
    }
}
