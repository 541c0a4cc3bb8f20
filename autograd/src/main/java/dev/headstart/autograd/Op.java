package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An operator that was applied: a record whose components are exactly what its backward needs, with one method for each input's gradient.
///
/// A gradient method is called only when that input's gradient is wanted, so an operator does no work for frozen inputs. It keeps nothing
/// for them either: an operand that is needed for another input's gradient only is there if that input wants one when the operator is
/// applied ([Variable#keptFor], [#kept]). Gradients have the shape of their input. Users write their own operators in the same way, and
/// apply them with [Variable#of].
///
/// ```java
/// record Cube(Tensor x) implements Op.Unary {
///     static Variable apply(Variable x) {
///         return Variable.of(x.value().square().times(x.value()), new Cube(x.value()), x);
///     }
///     public Tensor dX(Tensor dY) {
///         return x.square().times(3).times(dY);
///     }
/// }
/// ```
public non-sealed interface Op extends Recorded {
    /// The gradient of input number `input`, given the gradient of the output.
    Tensor gradient(int input, Tensor dY);

    /// The gradients of all wanted inputs, null for the others. To be overridden where they have work in common.
    ///
    /// @param wanted for each input whether its gradient is wanted
    default @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
        @Nullable
        Tensor[] gradients = new Tensor[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            gradients[i] = wanted[i] ? gradient(i, dY) : null;
        }
        return gradients;
    }

    /// An operand that was kept for the gradient that is asked for now, as [Variable#keptFor] gave it. What is asked for is what was wanted
    /// when the operator was applied, so it is there.
    default Tensor kept(@Nullable Tensor operand) {
        return Objects.requireNonNull(operand, "nothing was kept for the gradient that is asked for");
    }

    /// An operator of one input.
    interface Unary extends Op {
        /// The input's gradient.
        Tensor dX(Tensor dY);

        @Override
        default Tensor gradient(int input, Tensor dY) {
            return dX(dY);
        }
    }

    /// An operator whose gradients are computed together.
    interface Joint extends Op {
        @Override
        @Nullable
        Tensor[] gradients(boolean[] wanted, Tensor dY);

        /// Number of inputs.
        int inputs();

        @Override
        default Tensor gradient(int input, Tensor dY) {
            boolean[] wanted = new boolean[inputs()];
            wanted[input] = true;
            return Objects.requireNonNull(gradients(wanted, dY)[input]);
        }
    }

    /// An operator of two inputs.
    interface Binary extends Op {
        /// The first input's gradient.
        Tensor dA(Tensor dY);

        /// The second input's gradient.
        Tensor dB(Tensor dY);

        @Override
        default Tensor gradient(int input, Tensor dY) {
            return input == 0 ? dA(dY) : dB(dY);
        }
    }

    /// An operator of an input with a weight and a bias, or the like.
    interface Ternary extends Op {
        /// The first input's gradient.
        Tensor dX(Tensor dY);

        /// The second input's gradient.
        Tensor dWeight(Tensor dY);

        /// The third input's gradient.
        Tensor dBias(Tensor dY);

        @Override
        default Tensor gradient(int input, Tensor dY) {
            return switch (input) {
                case 0 -> dX(dY);
                case 1 -> dWeight(dY);
                default -> dBias(dY);
            };
        }
    }
}
