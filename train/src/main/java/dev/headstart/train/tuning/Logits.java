package dev.headstart.train.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;

/// What a model says about examples: `examples -> [examples, classes]`, before softmax.
@FunctionalInterface
public interface Logits {
    /// Logits of some examples.
    ///
    /// @param examples their numbers
    /// @param random for augmentation
    Variable of(int[] examples, RandomStream random);
}
