package dev.headstart.train.tuning;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The average of a model's weights over the steps of training, commonly better than the last weights.
///
/// ```java
/// WeightAverage average = WeightAverage.exponential(model.parameters(), 0.999);
/// Trainer.of(objective, average.with("average"), optimizer, batches, random).afterEachStep(average::update).run(1000);
/// average.swap(); // the model has the average now
/// ```
///
/// The average is held in buffers, so a checkpoint of [#with] holds it too, and a resumed run has the same bits. Buffers of the
/// model (running statistics) are copied, not averaged.
public final class WeightAverage {
    private final Parameters model;
    private final Map<String, Parameter> average = new LinkedHashMap<>();
    private final Parameter updates = Parameter.buffer(Tensor.scalar(0));
    private final double decay;

    private WeightAverage(Parameters model, double decay) {
        this.model = model;
        this.decay = decay;
        model.byName().forEach((name, parameter) -> average.put(name, Parameter.buffer(parameter.value())));
    }

    /// An exponential moving average that starts from the weights as they are: `average += (1 - decay) · (weight - average)` (Polyak and
    /// Juditsky 1992; in this form Tarvainen and Valpola 2017, arXiv 1703.01780).
    ///
    /// @param decay in [0, 1): 0.99 for hundreds of steps, 0.9999 for many thousands
    public static WeightAverage exponential(Parameters model, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("weight average: decay " + decay + ": it must be in [0, 1)");
        }
        return new WeightAverage(model, decay);
    }

    /// The mean of the weights at each [#update]: stochastic weight averaging (Izmailov et al. 2018, arXiv 1803.05407) when that is once an
    /// epoch.
    public static WeightAverage uniform(Parameters model) {
        return new WeightAverage(model, Double.NaN);
    }

    /// Takes the weights as they are into the average.
    public void update() {
        updates.value().copyInPlace(updates.value().plus(Tensor.scalar(1)));
        float share = Double.isNaN(decay) ? 1 / updates.value().item() : (float) (1 - decay);
        model.byName().forEach((name, parameter) -> {
            Tensor mean = average(name).value();
            mean.copyInPlace(parameter.isBuffer() || share == 1
                    ? parameter.value()
                    : mean.plus(parameter.value().minus(mean).times(share)));
        });
    }

    private Parameter average(String name) {
        return Objects.requireNonNull(average.get(name));
    }

    /// How often it was updated.
    public long updates() {
        return (long) updates.value().item();
    }

    /// Exchanges the model's weights and the average.
    public void swap() {
        model.byName().forEach((name, parameter) -> {
            Tensor before = parameter.value().copy();
            parameter.value().copyInPlace(average(name).value());
            average(name).value().copyInPlace(before);
        });
    }

    /// The model's parameters, and the average's buffers under a prefix: what a checkpoint has to hold.
    public Parameters with(String prefix) {
        Map<String, Parameter> all = new LinkedHashMap<>(model.byName());
        average.forEach((name, mean) -> all.put(prefix + "." + name, mean));
        all.put(prefix + "_updates", updates);
        return Parameters.of(all);
    }
}
