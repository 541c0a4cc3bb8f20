package dev.headstart.task.compare;

import dev.headstart.autograd.Variable;
import dev.headstart.train.tuning.FrozenPrefix;

/// What the pre-trained body makes of each example, computed once for all runs in which it is still what it was: as in evaluation, so
/// without dropout. The bits are those of computing it in every step. For several threads.
final class KnownFeatures {
    private final FrozenPrefix body;

    /// @param pretrained a network of its own, which no run changes: its body is frozen here
    KnownFeatures(Learner pretrained, int examples) {
        pretrained.parameters().freeze();
        body = FrozenPrefix.of(pretrained.body(), examples, (some, random) -> pretrained.features(some)).withoutDropout();
    }

    /// Features of examples, without gradient.
    synchronized Variable of(int... examples) {
        return body.of(examples);
    }

    /// How many examples were computed.
    synchronized long computed() {
        return body.computed();
    }
}
