package dev.headstart.testkit;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Compares the gradients of a function with finite differences.
///
/// The function's result y is projected to a number, L = Σ w · y in double precision, with random w: backward gives dL/dx for all elements
/// at once, differences give it element by element. A difference is central, with two steps: Richardson's (4 D(h) - D(2h)) / 3 has an error
/// of order h⁴, so that h can be as large as 2⁻⁵ and the rounding of float32, divided by h, stays some 10⁻⁶. A gradient that is wrong
/// by [#TOLERANCE] of its size (absolute below 1) is found; so values should be of order 1, and kinks further away than 2h = 1/16.
///
/// ```java
/// GradientCheck.check("square", v -> v[0].square(), Tensor.of(Shape.of(2), 0.5f, -1.5f));
/// ```
public final class GradientCheck {
    /// Largest difference accepted, relative to the gradient's size where that is above 1.
    public static final double TOLERANCE = 1e-3;
    private static final float STEP = 0x1p-5f;

    private GradientCheck() {}

    /// Checks the gradients of every element of every input.
    ///
    /// @param what named in the message
    /// @throws AssertionError when one differs, or has not its input's shape
    public static void check(String what, Function<Variable[], Variable> f, Tensor... inputs) {
        Parameter[] leaves = Arrays.stream(inputs).map(Parameter::of).toArray(Parameter[]::new);
        Variable y = f.apply(leaves.clone());
        Tensor w = weights(y.shape());
        Gradients gradients = y.backward(w);
        for (int i = 0; i < inputs.length; i++) {
            Tensor gradient = gradients.get(leaves[i]);
            if (gradient == null || !gradient.shape().equals(inputs[i].shape())) {
                throw new AssertionError(what + ": input " + i + " is " + inputs[i].shape() + ", its gradient "
                        + (gradient == null ? "missing" : gradient.shape().toString()));
            }
            float[] backward = gradient.toArray();
            for (int element = 0; element < backward.length; element++) {
                double difference = difference(f, List.of(inputs), i, element, w);
                if (!(Math.abs(backward[element] - difference) <= TOLERANCE * Math.max(1, Math.abs(difference)))) {
                    throw new AssertionError(what + ": input " + i + inputs[i].shape() + ", element " + element + ": backward gives "
                            + backward[element] + ", finite differences " + difference);
                }
            }
        }
    }

    /// Random factors, away from 0, for the elements of a result.
    static Tensor weights(Shape shape) {
        return Values.awayFromZero("w", shape, 0.5f, 1.5f);
    }

    private static double difference(Function<Variable[], Variable> f, List<Tensor> inputs, int input, int element, Tensor w) {
        return (4 * difference(f, inputs, input, element, w, STEP) - difference(f, inputs, input, element, w, 2 * STEP)) / 3;
    }

    private static double difference(Function<Variable[], Variable> f, List<Tensor> inputs, int input, int element, Tensor w, float step) {
        float x = inputs.get(input).toArray()[element];
        float above = x + step;
        float below = x - step;
        double rise = 0;
        float[] up = moved(f, inputs, input, element, above);
        float[] down = moved(f, inputs, input, element, below);
        float[] factors = w.toArray();
        for (int i = 0; i < factors.length; i++) {
            rise += ((double) up[i] - down[i]) * factors[i];
        }
        return rise / ((double) above - below);
    }

    private static float[] moved(Function<Variable[], Variable> f, List<Tensor> inputs, int input, int element, float value) {
        Variable[] constants = inputs.stream().map(Variable::of).toArray(Variable[]::new);
        float[] changed = inputs.get(input).toArray();
        changed[element] = value;
        constants[input] = Variable.of(Tensor.wrap(inputs.get(input).shape(), changed));
        return f.apply(constants).value().toArray();
    }
}
