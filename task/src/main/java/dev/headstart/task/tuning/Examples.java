package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.tuning.Mixup;
import java.util.Optional;
import java.util.function.Function;

/// Examples with labels, and the network that computes their features.
///
/// @param <B> a batch as the network takes it
public record Examples<B>(HeadedNetwork<B> network, Encoded<B> data) {
    /// The label of each, a number of the task's labels.
    public int[] labels() {
        return data.labels();
    }

    /// How many.
    public int size() {
        return data.size();
    }

    /// Those at these places, in this order.
    public Examples<B> choose(int... places) {
        return new Examples<>(network, data.choose(places));
    }

    /// These as they are, to measure on: without augmentation.
    public Examples<B> plain() {
        return new Examples<>(network, data.plain());
    }

    /// Features of some of them, `[examples, …]`.
    ///
    /// @param random for augmentation
    public Variable features(int[] examples, RandomStream random) {
        return network.features(data.batch(examples, random));
    }

    /// How examples are mixed with one another while training; empty when they are not.
    Optional<MixedInputs> mixed() {
        return data.mixed().map(mixed -> new MixedInputs(mixed.inputs(), x -> network.features(mixed.batch().apply(x.value()))));
    }

    /// How examples are mixed.
    ///
    /// @param inputs numbers of some examples
    /// @param features what the body makes of mixed ones
    record MixedInputs(Mixup.Inputs inputs, Function<Variable, Variable> features) {}
}
