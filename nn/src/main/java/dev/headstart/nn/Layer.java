package dev.headstart.nn;

import dev.headstart.autograd.Variable;

/// A part of a network that turns one variable into another.
public interface Layer extends Part {
    /// The layer's output for x.
    Variable forward(Variable x);
}
