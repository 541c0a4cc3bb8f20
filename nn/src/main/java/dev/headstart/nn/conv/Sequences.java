package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import java.util.function.UnaryOperator;

/// Sequences as images of one row.
final class Sequences {
    private Sequences() {}

    /// A layer of images on sequences: `[batch, length, channels] → [batch, outLength, outChannels]`.
    ///
    /// @param operator its name for sequences
    /// @param f takes images of one row to such
    static Variable forward(String operator, Variable x, UnaryOperator<Variable> f) {
        Shape shape = x.shape();
        if (shape.rank() != 3) {
            throw new ShapeException(operator + ": x" + shape + ": x needs 3 axes: [batch, length, channels]");
        }
        Variable y = f.apply(x.reshape(shape.dim(0), 1, shape.dim(1), shape.dim(2)));
        return y.reshape(shape.dim(0), y.shape().dim(2), y.shape().dim(3));
    }
}
