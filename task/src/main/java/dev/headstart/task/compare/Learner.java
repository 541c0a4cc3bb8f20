package dev.headstart.task.compare;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;

/// A network on the examples of a [ComparedTask], in two halves: the body, which gives the features of an example, and a new head.
public interface Learner {
    /// All parameters, the head's too.
    Parameters parameters();

    /// Pattern of the head's parameters.
    String head();

    /// The parameters that the features depend on: all but the head's.
    default Parameters body() {
        return parameters().without(head());
    }

    /// What the body makes of examples: `[examples, …]`, a row of the same shape for each.
    Variable features(int... examples);

    /// One vector for each example, to be scored: `[examples, width]`.
    default Variable rows(int... examples) {
        return features(examples);
    }

    /// What the head makes of features: `[examples, labels]`.
    Variable logits(Variable features);
}
