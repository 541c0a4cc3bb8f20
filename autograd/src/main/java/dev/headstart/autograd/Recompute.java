package dev.headstart.autograd;

import java.util.function.UnaryOperator;

/// A block of operators whose intermediate values are not kept, but computed again in backward: memory for time.
///
/// | | |
/// |---|---|
/// | shapes | those of the block |
/// | backward | the block is run again with recording, then differentiated |
/// | errors | those of the block |
/// | source | Chen et al. 2016, arXiv 1604.06174; as `torch.utils.checkpoint` |
///
/// Dropout in the block takes the same random streams the second time. Trainable parameters used in the block get their gradients.
///
/// @param block what is computed
/// @param input a leaf of its own with the block's input, frozen when no gradient of the input is wanted
/// @param mode the mode of the first run, as it was when the block began
public record Recompute(UnaryOperator<Variable> block, Parameter input, Mode mode) implements Recorded {
    /// Applies the operator.
    public static Variable apply(Variable x, UnaryOperator<Variable> block) {
        Mode mode = Mode.current();
        Mode before = mode.fork();
        Variable y = block.apply(x); // its graph becomes garbage; what is kept is whether it wants gradients, and what was frozen
        if (!(y instanceof Result result)) {
            return y;
        }
        Parameter input = Parameter.of(x.value());
        if (!x.requiresGradient()) {
            input.freeze();
        }
        return Node.result(new Recompute(block, input, before), x, result);
    }

    /// The block computed again, recorded, from [#input].
    public Variable again() {
        return mode.repeat().call(() -> block.apply(input));
    }
}
