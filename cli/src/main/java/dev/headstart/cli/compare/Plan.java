package dev.headstart.cli.compare;

import java.util.ArrayList;
import java.util.List;

/// What is compared, and how each run learns.
///
/// @param labels images per class to learn from, several sizes
/// @param seeds runs of each kind; run i has the same images, batches and new head whatever it starts from
/// @param steps of each run
/// @param batch images of a step
/// @param points how often accuracy is measured on the way
/// @param rate learning rate of what was pre-trained
/// @param headRate learning rate of the head
/// @param randomRate learning rate of everything when it starts from random or shuffled weights
/// @param frozen patterns of what stays as it is in [Learning#UPPER]; empty to leave that out
public record Plan(List<Integer> labels, int seeds, int steps, int batch, int points, double rate, double headRate, double randomRate,
        List<String> frozen) {
    public Plan {
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

    /// The ways compared.
    public List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        ways.add(new Way(Start.PRETRAINED, Learning.EVERYTHING));
        if (!frozen.isEmpty()) {
            ways.add(new Way(Start.PRETRAINED, Learning.UPPER));
        }
        ways.add(new Way(Start.PRETRAINED, Learning.HEAD));
        ways.add(new Way(Start.SHUFFLED, Learning.EVERYTHING));
        ways.add(new Way(Start.RANDOM, Learning.EVERYTHING));
        return List.copyOf(ways);
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
