package dev.headstart.task.compare;

import dev.headstart.optim.FineTuning;
import java.util.ArrayList;
import java.util.List;

/// What is compared, and how each run learns.
///
/// @param modes what of pre-trained weights may change, one mode after the other
/// @param labels examples per class to learn from, several sizes
/// @param seeds runs of each kind; run i has the same examples, batches and new head whatever it starts from
/// @param steps of each run
/// @param batch examples of a step
/// @param points how often accuracy is measured, the last time at the end
/// @param rate learning rate of what was pre-trained
/// @param headRate learning rate of the head
/// @param randomRate learning rate of everything when it starts from random or shuffled weights
/// @param frozen patterns of what stays as it is in [Learning#PARTIAL]; empty for the lower half of the levels
/// @param probeSteps steps of the head alone in [Learning#PROBE]
/// @param gradualEvery steps from one level to the next in [Learning#GRADUAL]
public record Plan(List<Learning> modes, List<Integer> labels, int seeds, int steps, int batch, int points, double rate, double headRate,
        double randomRate, List<String> frozen, int probeSteps, int gradualEvery) {
    public Plan {
        modes = List.copyOf(modes);
        labels = List.copyOf(labels);
        frozen = List.copyOf(frozen);
    }

    /// A way to start and to learn.
    public record Way(Start start, Learning learning) {
        @Override
        public String toString() {
            return start + ", " + learning;
        }
    }

    /// The ways compared: every mode from pre-trained weights; from weights that know nothing, everything learns.
    public List<Way> ways() {
        List<Way> ways = new ArrayList<>(modes.stream().map(mode -> new Way(Start.PRETRAINED, mode)).toList());
        ways.add(new Way(Start.SHUFFLED, Learning.FULL));
        ways.add(new Way(Start.RANDOM, Learning.FULL));
        return List.copyOf(ways);
    }

    /// Steps between two measurements.
    int measureEvery() {
        return Math.ceilDiv(steps, points);
    }

    /// From when on each level of a network learns.
    ///
    /// @param levels how many it has, the head included
    FineTuning tuning(Learning mode, int levels) {
        return switch (mode) {
            case FULL -> new FineTuning.Full();
            case PARTIAL -> frozen.isEmpty() ? new FineTuning.Partial(Math.ceilDiv(levels, 2)) : new FineTuning.Full();
            case HEAD -> new FineTuning.FeatureExtraction();
            case PROBE -> new FineTuning.ProbeThenTune(probeSteps);
            case GRADUAL -> new FineTuning.Gradual(gradualEvery);
        };
    }

    /// All runs, in the order of ways, labels, seeds.
    public List<Outcome.Run> runs() {
        List<Outcome.Run> runs = new ArrayList<>();
        for (Way way : ways()) {
            for (int count : labels) {
                for (int seed = 0; seed < seeds; seed++) {
                    runs.add(new Outcome.Run(way, count, seed));
                }
            }
        }
        return List.copyOf(runs);
    }
}
