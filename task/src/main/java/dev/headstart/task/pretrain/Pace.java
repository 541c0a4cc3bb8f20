package dev.headstart.task.pretrain;

import java.util.Locale;

/// How long, and how fast, each phase of a pre-training learns.
///
/// @param steps of a phase; 0 where epochs say how many
/// @param epochs times through the examples; 0 where steps say how many
/// @param batch examples of a step
/// @param rate highest learning rate
public record Pace(int steps, int epochs, int batch, double rate) {
    /// @throws IllegalArgumentException when a number is not positive, or both steps and epochs are given
    public Pace {
        if (steps < 0 || epochs < 0 || (steps == 0) == (epochs == 0)) {
            throw new IllegalArgumentException(
                    "pre-training: " + steps + " steps, " + epochs + " epochs: at least 1 of one of them is needed");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("pre-training: a batch of " + batch + ": at least 1 example is needed");
        }
        if (!(rate > 0 && Double.isFinite(rate))) {
            throw new IllegalArgumentException("pre-training: a rate of " + rate + ": a positive number is needed");
        }
    }

    /// Batches in an epoch of `examples`.
    int stepsPerEpoch(int examples) {
        return (examples + batch - 1) / batch;
    }

    /// Steps of a phase over `examples`.
    int total(int examples) {
        return steps > 0 ? steps : Math.multiplyExact(epochs, stepsPerEpoch(examples));
    }

    /// `10 epochs`
    String length() {
        return String.format(Locale.ROOT, steps > 0 ? "%d steps" : "%d epochs", Math.max(steps, epochs));
    }
}
