package dev.headstart.task.tuning;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a network learns.
///
/// @param learns what of it
/// @param lesson what the loss is made of
/// @param steps at most
/// @param batch examples of a step
/// @param accumulate parts that a batch is computed in
/// @param rates how fast
/// @param patience measurements in a row without gain before it stops
/// @param average of the weights over steps: decay of its memory; 0 for none
/// @param mix share of what was learnt in the weights that are saved, the rest is the source's; 1 for all
/// @param kept what becomes of what the head sees, where all below it is frozen: the bits are the same
public record TuningSettings(Learns learns, Lesson lesson, int steps, int batch, int accumulate, Rates rates, int patience, double average,
        double mix, Kept kept) {
    /// Learning rates.
    ///
    /// @param body highest rate
    /// @param head the head's
    /// @param decay each level's rate as a share of the one above; null for all the same
    /// @param course over the steps
    public record Rates(double body, double head, @Nullable Double decay, Course course) {}

    /// Whether what the head sees is computed once for each example.
    ///
    /// @param inMemory over the epochs of this run
    /// @param folder over runs; null for this one only
    public record Kept(boolean inMemory, @Nullable Path folder) {}

    /// What must be the same when a run goes on, by name.
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("learns", learns.described());
        facts.put("steps", steps);
        facts.put("batch", batch);
        facts.put("parts of a batch", accumulate);
        facts.put("rate", rates.body);
        facts.put("rate of the head", rates.head);
        facts.put("rates fall by", rates.decay == null ? 1 : rates.decay);
        facts.put("schedule", rates.course);
        facts.putAll(lesson.facts());
        facts.put("average of weights", average);
        facts.put("share of what was learnt", mix);
        facts.put("patience", patience);
        return facts;
    }
}
