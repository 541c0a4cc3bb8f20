package dev.headstart.cli.finetune;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a network learns.
///
/// @param learns what of it
/// @param steps at most
/// @param batch examples of a step
/// @param accumulate parts that a batch is computed in
/// @param rate highest learning rate
/// @param headRate the head's
/// @param rateDecay each level's rate as a share of the one above; null for all the same
/// @param l2sp pull back to where weights started; 0 for none
/// @param patience measurements in a row without gain before it stops
/// @param kept what becomes of what the head sees, where all below it is frozen: the bits are the same
public record TuningSettings(Learns learns, int steps, int batch, int accumulate, double rate, double headRate,
        @Nullable Double rateDecay, double l2sp, int patience, Kept kept) {
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
        facts.put("rate", rate);
        facts.put("rate of the head", headRate);
        facts.put("rates fall by", rateDecay == null ? 1 : rateDecay);
        facts.put("pulled back by", l2sp);
        facts.put("patience", patience);
        return facts;
    }
}
