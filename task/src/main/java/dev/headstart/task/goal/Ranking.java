package dev.headstart.task.goal;

import dev.headstart.task.model.Finite;
import dev.headstart.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Labels with their probabilities, the likeliest first.
///
/// @param guesses at least one
public record Ranking(List<Guess> guesses) {
    /// A label and its probability, from 0 to 1.
    public record Guess(String label, double probability) {}

    public Ranking {
        guesses = List.copyOf(guesses);
    }

    /// The likeliest label.
    public String label() {
        return guesses.getFirst().label();
    }

    /// Its probability.
    public double probability() {
        return guesses.getFirst().probability();
    }

    /// A ranking for each row of logits.
    ///
    /// @param logits `[rows, labels]`
    /// @throws IllegalArgumentException when one is not finite
    public static List<Ranking> of(Tensor logits, List<String> labels) {
        float[] all = Finite.answers(logits).softmax().toArray();
        int classes = labels.size();
        return IntStream.range(0, logits.dim(0))
                .mapToObj(row -> new Ranking(IntStream.range(0, classes).mapToObj(c -> new Guess(labels.get(c), all[row * classes + c]))
                        .sorted(Comparator.comparingDouble(Guess::probability).reversed()).toList()))
                .toList();
    }
}
