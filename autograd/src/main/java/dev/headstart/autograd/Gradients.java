package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What backward returns: for each parameter that had a part in the loss, its gradient. A value: nothing accumulates between calls.
public final class Gradients {
    private final IdentityHashMap<Parameter, Tensor> gradients;

    Gradients(IdentityHashMap<Parameter, Tensor> gradients) {
        this.gradients = gradients;
    }

    /// Gradients made by hand: for optimiser tests and for sums over several losses.
    public static Gradients of(Map<Parameter, Tensor> gradients) {
        IdentityHashMap<Parameter, Tensor> byIdentity = new IdentityHashMap<>();
        gradients.forEach(byIdentity::put);
        return new Gradients(byIdentity);
    }

    /// The gradient of a parameter, of its shape; null when the parameter was frozen or had no part in the loss.
    public @Nullable Tensor get(Parameter parameter) {
        return gradients.get(parameter);
    }

    /// The parameters that have a gradient, in no particular order.
    public Set<Parameter> parameters() {
        return gradients.keySet();
    }

    /// These and others, added where both have a parameter.
    public Gradients plus(Gradients others) {
        IdentityHashMap<Parameter, Tensor> sum = new IdentityHashMap<>(gradients);
        others.gradients.forEach((parameter, gradient) -> sum.merge(parameter, gradient, Tensor::plus));
        return new Gradients(sum);
    }

    /// The Euclidean norm of the gradients of these parameters taken together: per parameter a sum of squares, added in double precision
    /// in the parameters' order.
    public double norm(Iterable<Parameter> parameters) {
        List<Tensor> present = new ArrayList<>();
        for (Parameter parameter : parameters) {
            Tensor gradient = gradients.get(parameter);
            if (gradient != null) {
                present.add(gradient);
            }
        }
        double sum = 0;
        for (float sumOfSquares : Tensor.sumsOfSquares(present)) {
            sum += sumOfSquares;
        }
        return Math.sqrt(sum);
    }
}
