package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Part;
import dev.headstart.nn.generative.Autoencoder;
import dev.headstart.nn.generative.DeepBeliefNet;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Greedy training, layer by layer: each learns, without labels, from what the trained layers below make of the data (Hinton, Osindero and Teh 2006;
/// Bengio et al. 2007, "Greedy Layer-Wise Training of Deep Networks").
///
/// ```java
/// DeepBeliefNet net = …;
/// LayerWise.of(net, (rbm, inputs) -> ContrastiveDivergence.of(rbm, inputs, 1))
///         .train(data, stage -> Trainer.of(stage.objective(), stage.parameters(), optimizer, batches, random).run(steps));
/// ```
public final class LayerWise {
    private static final int BLOCK = 1000;

    private final List<Layer> layers;

    private LayerWise(List<Layer> layers) {
        this.layers = layers;
    }

    private record Layer(Parameters parameters, Function<Tensor, Objective> objective, UnaryOperator<Tensor> up) {}

    /// The training of one layer.
    ///
    /// @param layer its number, from 0
    /// @param objective over its inputs
    /// @param parameters the layer's
    /// @param inputs what the layers below make of the data
    public record Stage(int layer, Objective objective, Parameters parameters, Tensor inputs) {}

    /// Trains a layer.
    @FunctionalInterface
    public interface StageTrainer {
        /// How it went.
        TrainingResult train(Stage stage);
    }

    /// The machines of a deep belief net.
    ///
    /// @param objective of a machine over its inputs
    public static LayerWise of(DeepBeliefNet net, BiFunction<Rbm, Tensor, Objective> objective) {
        return new LayerWise(net.machines().stream()
                .map(rbm -> new Layer(rbm.parameters(), inputs -> objective.apply(rbm, inputs), rbm::hiddenMeans)).toList());
    }

    /// Autoencoders, each of which learns the code of the one before.
    ///
    /// @param objective of an autoencoder over its inputs
    public static LayerWise of(List<Autoencoder> autoencoders, BiFunction<Autoencoder, Tensor, Objective> objective) {
        return new LayerWise(autoencoders.stream()
                .map(one -> new Layer(one.parameters(), inputs -> objective.apply(one, inputs),
                        x -> one.encoder().forward(Variable.of(x)).value()))
                .toList());
    }

    /// One model, trained as a whole.
    public static LayerWise of(Part model, Function<Tensor, Objective> objective) {
        return new LayerWise(List.of(new Layer(model.parameters(), objective, x -> x)));
    }

    /// Number of layers.
    public int size() {
        return layers.size();
    }

    /// What the first layers make of data.
    public Tensor up(Tensor data, int count) {
        Tensor inputs = data;
        for (Layer layer : layers.subList(0, count)) {
            inputs = map(inputs, layer.up);
        }
        return inputs;
    }

    /// Trains one layer after the other.
    ///
    /// @return how it went for each
    public List<TrainingResult> train(Tensor data, StageTrainer trainer) {
        List<TrainingResult> results = new ArrayList<>();
        Tensor inputs = data;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Objective objective = layer.objective.apply(inputs);
            Parameters saved = objective instanceof ContrastiveDivergence cd ? cd.parameters() : layer.parameters;
            results.add(trainer.train(new Stage(i, objective, saved, inputs)));
            inputs = i + 1 < layers.size() ? map(inputs, layer.up) : inputs;
        }
        return List.copyOf(results);
    }

    /// A function of rows over all rows, block by block, so that what lies between is never in memory as a whole. Nothing is recorded.
    public static Tensor map(Tensor rows, UnaryOperator<Tensor> function) {
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < rows.dim(0); from += BLOCK) {
            Tensor block = rows.slice(0, from, Math.min(rows.dim(0), from + BLOCK));
            parts.add(Mode.inference(() -> function.apply(block)));
        }
        return Tensor.concat(0, parts.toArray(Tensor[]::new));
    }
}
