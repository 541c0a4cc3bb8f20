package dev.headstart.train;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;

/// What is to be learnt from examples: turns a batch of them into a loss.
@FunctionalInterface
public interface Objective {
    /// The mean loss of a batch, a single number.
    ///
    /// @param examples numbers of the examples
    /// @param random for whatever the objective draws (which tokens to hide, …); another one each step
    Variable loss(int[] examples, RandomStream random);
}
