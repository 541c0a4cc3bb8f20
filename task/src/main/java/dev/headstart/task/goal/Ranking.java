package dev.headstart.task.goal;

import dev.headstart.task.model.Finite;
import dev.headstart.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Labels with their probabilities, the likeliest first.
///
/// @param guesses at least one
/// @param independent whether each label holds or not, whatever the others do: probabilities do not sum to 1 then
public record Ranking(List<Guess> guesses, boolean independent) {
    /// A label and its probability, from 0 to 1.
    public record Guess(String label, double probability) {}

    public Ranking {
        guesses = List.copyOf(guesses);
    }

    /// One label of several.
    public Ranking(List<Guess> guesses) {
        this(guesses, false);
    }

    /// The labels that hold: the likeliest, or, where labels are independent, all with a probability of at least one half, perhaps none.
    public List<Guess> holding() {
        return independent ? guesses.stream().filter(guess -> guess.probability >= 0.5).toList() : List.of(guesses.getFirst());
    }

    /// The likeliest label.
    public String label() {
        return guesses.getFirst().label();
    }

    /// Its probability.
    public double probability() {
        return guesses.getFirst().probability();
    }

    /// A ranking for each row of logits, of which one is right.
    ///
    /// @param logits `[rows, labels]`
    /// @throws IllegalArgumentException when one is not finite
    public static List<Ranking> of(Tensor logits, List<String> labels) {
        return of(Finite.answers(logits).softmax(), labels, false);
    }

    /// A ranking for each row of logits of labels that hold or not, each by itself.
    ///
    /// @param logits `[rows, labels]`
    /// @throws IllegalArgumentException when one is not finite
    public static List<Ranking> ofIndependent(Tensor logits, List<String> labels) {
        return of(Finite.answers(logits).sigmoid(), labels, true);
    }

    private static List<Ranking> of(Tensor probabilities, List<String> labels, boolean independent) {
        float[] all = probabilities.toArray();
        int classes = labels.size();
        return IntStream.range(0, probabilities.dim(0))
                .mapToObj(row -> new Ranking(IntStream.range(0, classes).mapToObj(c -> new Guess(labels.get(c), all[row * classes + c]))
                        .sorted(Comparator.comparingDouble(Guess::probability).reversed()).toList(), independent))
                .toList();
    }
}
