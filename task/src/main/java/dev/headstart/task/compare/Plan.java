package dev.headstart.task.compare;

import dev.headstart.task.tuning.Initialization;
import dev.headstart.task.tuning.ScheduleKind;
import dev.headstart.task.tuning.Strategy;
import dev.headstart.task.tuning.TuningSettings;
import java.util.ArrayList;
import java.util.List;

/// What is compared, and how each run is trained.
///
/// @param modes of fine-tuning pre-trained weights
/// @param labels examples per class to train on, several sizes
/// @param seeds runs of each kind; run i has the same examples, batches and new head whatever its initialization
/// @param steps of each run
/// @param batch examples of a step
/// @param points how often accuracy is measured, the last time at the end
/// @param rate learning rate of what was pre-trained
/// @param headRate learning rate of the head
/// @param randomRate learning rate of all weights where they are random or shuffled at first
/// @param frozen patterns of what stays as it is in [TuningMode#PARTIAL]; empty for the lower half of the levels
/// @param probeSteps steps of the head alone in [TuningMode#PROBE]
/// @param gradualEvery steps from one level to the next in [TuningMode#GRADUAL]
public record Plan(List<TuningMode> modes, List<Integer> labels, int seeds, int steps, int batch, int points, double rate, double headRate,
        double randomRate, List<String> frozen, int probeSteps, int gradualEvery) {
    public Plan {
        modes = List.copyOf(modes);
        labels = List.copyOf(labels);
        frozen = List.copyOf(frozen);
    }

    /// An initialization and a mode.
    public record Variant(Initialization initialization, TuningMode mode) {
        @Override
        public String toString() {
            return initialization + ", " + mode;
        }
    }

    /// The variants compared: every mode from pre-trained weights; from random and shuffled weights, everything is trained.
    public List<Variant> variants() {
        List<Variant> variants = new ArrayList<>(modes.stream().map(mode -> new Variant(Initialization.PRETRAINED, mode)).toList());
        variants.add(new Variant(Initialization.SHUFFLED, TuningMode.FULL));
        variants.add(new Variant(Initialization.RANDOM, TuningMode.FULL));
        return List.copyOf(variants);
    }

    /// Steps between two measurements.
    int measureEvery() {
        return Math.ceilDiv(steps, points);
    }

    /// How a run is trained.
    ///
    /// @param levels of the network, the head included
    TuningSettings settings(Variant variant, int levels) {
        boolean pretrained = variant.initialization == Initialization.PRETRAINED;
        TuningSettings.Rates rates = new TuningSettings.Rates(pretrained ? rate : randomRate, pretrained ? headRate : randomRate, null,
                ScheduleKind.LINEAR);
        return TuningSettings.plain(strategy(variant.mode, levels), steps, batch, rates);
    }

    private Strategy strategy(TuningMode mode, int levels) {
        return switch (mode) {
            case FULL -> new Strategy.Everything();
            case PARTIAL -> frozen.isEmpty() ? new Strategy.Top(Math.ceilDiv(levels, 2)) : new Strategy.AllBut(frozen);
            case HEAD -> new Strategy.Head();
            case PROBE -> new Strategy.ProbeFirst(probeSteps);
            case GRADUAL -> new Strategy.Gradual(gradualEvery);
        };
    }

    /// All runs, in the order of variants, labels, seeds.
    public List<Outcome.Run> runs() {
        List<Outcome.Run> runs = new ArrayList<>();
        for (Variant variant : variants()) {
            for (int count : labels) {
                for (int seed = 0; seed < seeds; seed++) {
                    runs.add(new Outcome.Run(variant, count, seed));
                }
            }
        }
        return List.copyOf(runs);
    }
}
