package dev.headstart.train.tuning;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The values of parameters and buffers at one moment, copied, and which were trainable.
///
/// @param values by name
/// @param trainable names of those that were
public record Snapshot(Map<String, Tensor> values, Set<String> trainable) {
    /// As they are now.
    public static Snapshot of(Parameters parameters) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> values.put(name, parameter.value().copy()));
        return new Snapshot(Collections.unmodifiableMap(values), Set.copyOf(parameters.trainable().byName().keySet()));
    }

    /// Makes parameters what they were.
    ///
    /// @throws IllegalArgumentException when a name or a shape is not that of these parameters; then nothing was changed
    public void restore(Parameters parameters) {
        check(parameters);
        values.forEach((name, value) -> parameters.get(name).value().copyInPlace(value));
        parameters.freeze();
        trainable.forEach(name -> parameters.get(name).unfreeze());
    }

    private void check(Parameters parameters) {
        values.forEach((name, value) -> {
            Parameter parameter = parameters.byName().get(name);
            if (parameter == null || !parameter.shape().equals(value.shape())) {
                throw new IllegalArgumentException("snapshot: " + name + " is " + value.shape() + ", the parameter is "
                        + (parameter == null ? "missing" : parameter.shape()));
            }
        });
    }

    /// Makes parameters `(1 - share) · this + share · other`: on the line between two models, and beyond for shares outside of 0 to 1. With
    /// the pre-trained model's weights and the fine-tuned one's this is WiSE-FT (Wortsman et al. 2022, arXiv 2109.01903). At 0 and 1 the bits
    /// are those of the ends, and what is the same in both keeps its bits: what was frozen is not touched. Buffers are mixed likewise:
    /// batch-norm statistics should then be measured anew.
    ///
    /// @throws IllegalArgumentException when the two do not have the same names, or these are others than the parameters'; then nothing was
    /// changed
    public void mix(Snapshot other, double share, Parameters into) {
        if (!values.keySet().equals(other.values.keySet())) {
            throw new IllegalArgumentException("mix of weights: " + values.size() + " tensors and " + other.values.size()
                    + ": both models must have the same names");
        }
        check(into);
        other.check(into);
        values.forEach((name, from) -> {
            Tensor to = other.value(name);
            boolean same = share == 0 || from.bitsEqual(to);
            into.get(name).value().copyInPlace(same ? from : share == 1 ? to : between(from, to, share));
        });
    }

    private static Tensor between(Tensor from, Tensor to, double share) {
        return from.times((float) (1 - share)).plus(to.times((float) share));
    }

    /// The value of one.
    ///
    /// @throws IllegalArgumentException when there is none of this name
    public Tensor value(String name) {
        Tensor value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("snapshot: there is no " + name);
        }
        return value;
    }
}
