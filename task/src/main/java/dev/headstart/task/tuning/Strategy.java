package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameters;
import dev.headstart.optim.FineTuning;
import dev.headstart.optim.ParamGroups;
import java.util.List;
import java.util.OptionalInt;

/// Which parameters of a network are trained, and from which step on.
public sealed interface Strategy {
    /// All parameters.
    record Everything() implements Strategy {}

    /// All but those that match one of these patterns.
    record AllBut(List<String> patterns) implements Strategy {
        public AllBut {
            patterns = List.copyOf(patterns);
        }
    }

    /// The new head alone.
    record Head() implements Strategy {}

    /// The uppermost levels, the head being one.
    record Top(int levels) implements Strategy {}

    /// Biases, and the head (BitFit).
    record Biases() implements Strategy {}

    /// The head for this many steps, then all.
    record ProbeFirst(int steps) implements Strategy {}

    /// The head, then one level more each time after a number of steps.
    record Gradual(int every) implements Strategy {}

    /// Low-rank changes of a BERT's queries and values, and the head.
    record LowRank(int rank) implements Strategy {}

    /// Freezes what is not trained, or not yet.
    ///
    /// @param levels of the network, with their rates
    /// @param head pattern of the head's parameters
    default ParamGroups tuned(ParamGroups levels, String head) {
        Parameters all = levels.all();
        return switch (this) {
            case Everything() -> levels;
            case AllBut(List<String> patterns) -> {
                patterns.forEach(pattern -> all.select(pattern).freeze());
                yield levels;
            }
            case Head() -> levels.tuned(new FineTuning.FeatureExtraction());
            case Top(int count) -> levels.tuned(new FineTuning.Partial(count));
            case Biases() -> {
                all.only("**.bias", head);
                yield levels;
            }
            case ProbeFirst(int steps) -> levels.tuned(new FineTuning.ProbeThenTune(steps));
            case Gradual(int every) -> levels.tuned(new FineTuning.Gradual(every));
            case LowRank _ -> levels; // what was added stands alone already
        };
    }

    /// The rank of low-rank changes; empty where there are none.
    default OptionalInt lowRank() {
        return this instanceof LowRank(int rank) ? OptionalInt.of(rank) : OptionalInt.empty();
    }

    /// Whether what is frozen stays so to the end.
    default boolean isFixed() {
        return !(this instanceof ProbeFirst || this instanceof Gradual);
    }

    /// Refuses a body that would begin to be trained after the last step.
    ///
    /// @param total steps of the run
    default void checkSteps(int total) throws SettingException {
        int begins = switch (this) {
            case ProbeFirst(int steps) -> steps;
            case Gradual(int every) -> every;
            default -> 0;
        };
        if (begins >= total) {
            throw new SettingException(this instanceof Gradual ? Setting.GRADUAL : Setting.HEAD_FIRST, String.valueOf(begins), null,
                    "what is below the head would begin to learn after step " + begins + ", but there are " + total
                            + ": give a smaller number, or train the head only");
        }
    }

    /// In words.
    default String described() {
        return switch (this) {
            case Everything() -> "everything";
            case AllBut(List<String> patterns) -> "all but " + String.join(", ", patterns);
            case Head() -> "the head";
            case Top(int count) -> "the " + count + " uppermost levels";
            case Biases() -> "biases, and the head";
            case ProbeFirst(int steps) -> "the head alone for " + steps + " steps, then everything";
            case Gradual(int every) -> "the head, and a level more every " + every + " steps";
            case LowRank(int rank) -> "low-rank changes of rank " + rank + ", and the head";
        };
    }
}
