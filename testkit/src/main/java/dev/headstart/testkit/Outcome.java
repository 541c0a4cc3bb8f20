package dev.headstart.testkit;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Op;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Result;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What a use of an operator gave: its value, and the gradients of Σ w · y for its inputs.
///
/// @param y the result
/// @param leaves one for each input
/// @param gradients by leaf
public record Outcome(Variable y, List<Parameter> leaves, Gradients gradients) {
    /// Hands a tensor, in whatever layout it has, to an operator as something that wants a gradient.
    private record AsItLies() implements Op.Unary {
        @Override
        public Tensor dX(Tensor dY) {
            return dY;
        }
    }

    /// Runs a sample forward and backward on its own inputs.
    public static Outcome of(Sample sample) {
        return of(sample, sample.inputs(), i -> false);
    }

    /// Runs a sample on other inputs of the same shapes, some of them frozen.
    static Outcome of(Sample sample, List<Tensor> inputs, IntPredicate frozen) {
        Tensor y = sample.forward(inputs);
        return of(sample, inputs, frozen, GradientCheck.weights(y.shape()));
    }

    static Outcome of(Sample sample, List<Tensor> inputs, IntPredicate frozen, Tensor dY) {
        List<Parameter> leaves = new ArrayList<>();
        Variable[] variables = new Variable[inputs.size()];
        for (int i = 0; i < variables.length; i++) {
            Parameter leaf = Parameter.of(inputs.get(i));
            if (frozen.test(i)) {
                leaf.freeze();
            }
            leaves.add(leaf);
            variables[i] = Variable.of(inputs.get(i), new AsItLies(), leaf);
        }
        Variable y = sample.apply().apply(variables);
        return new Outcome(y, leaves, y.backward(dY));
    }

    /// The gradient of an input; null when there is none.
    public @Nullable Tensor gradient(int input) {
        return gradients.get(leaves.get(input));
    }

    /// What the operator itself gives when these gradients are wanted; null when it is a block that is computed again.
    @Nullable
    Tensor @Nullable [] computed(boolean[] wanted) {
        return y instanceof Result result && result.op() instanceof Op op
                ? op.gradients(wanted, GradientCheck.weights(result.shape()))
                : null;
    }

    /// Where this differs from another outcome in any bit; null when it does not.
    @Nullable
    String difference(Outcome other) {
        if (!y.value().bitsEqual(other.y.value())) {
            return "the value differs: " + y.value() + " and " + other.y.value();
        }
        for (int i = 0; i < leaves.size(); i++) {
            Tensor mine = gradient(i);
            Tensor others = other.gradient(i);
            boolean same = (mine != null && others != null) ? mine.bitsEqual(others) : mine == others;
            if (!same) {
                return "the gradient of input " + i + " differs: " + mine + " and " + others;
            }
        }
        return null;
    }
}
