package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.generative.Autoencoder;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.nn.loss.Likelihood;
import dev.headstart.nn.loss.Losses;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;

/// What an autoencoder learns: to give back its input, or the input without what a [Corruption] did to it. Penalties on the code may come on top;
/// their weights are 0 at first.
///
/// @param model the autoencoder
/// @param data `[examples, …]`
/// @param likelihood what outputs mean
/// @param corruption of the input
/// @param sparsity weight of [Losses#sparsity] of the code, whose elements must be in (0, 1)
/// @param share of the time that an element of the code is to be active
/// @param contraction weight of [Losses#contraction]: for an encoder of one linear layer and a sigmoid
public record Reconstruction(Autoencoder model, Tensor data, Likelihood likelihood, Corruption corruption, double sparsity, double share,
        double contraction) implements Objective {
    /// @throws IllegalArgumentException when there is a contraction, but another encoder
    public Reconstruction {
        if (contraction != 0) {
            firstLayer(model);
        }
    }

    /// Plain reconstruction.
    public static Reconstruction of(Autoencoder model, Tensor data, Likelihood likelihood) {
        return new Reconstruction(model, data, likelihood, new Corruption.None(), 0, 0.05, 0);
    }

    /// The same with a corrupted input: denoising.
    public Reconstruction corrupted(Corruption by) {
        return new Reconstruction(model, data, likelihood, by, sparsity, share, contraction);
    }

    /// The same with a wish for codes that are seldom active.
    public Reconstruction sparse(double weight, double activeShare) {
        return new Reconstruction(model, data, likelihood, corruption, weight, activeShare, contraction);
    }

    /// The same with a wish for codes that move little with their input.
    public Reconstruction contractive(double weight) {
        return new Reconstruction(model, data, likelihood, corruption, sparsity, share, weight);
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        Tensor target = rows(data, examples);
        Variable code = model.encoder().forward(Variable.of(corruption.apply(target, random)));
        Variable loss = likelihood.loss(model.decoder().forward(code), target);
        if (sparsity != 0) {
            loss = loss.plus(Losses.sparsity(code, share).times((float) sparsity));
        }
        return contraction == 0
                ? loss
                : loss.plus(Losses.contraction(code, firstLayer(model).weight()).times((float) contraction));
    }

    private static Linear firstLayer(Autoencoder model) {
        if (model.encoder() instanceof Sequential layers && layers.layers().size() == 2
                && layers.layers().getFirst() instanceof Linear linear) {
            return linear;
        }
        throw new IllegalArgumentException("reconstruction: a contraction is known for an encoder of one linear layer and a sigmoid only");
    }

    /// What the autoencoder makes of data.
    public Tensor reconstruct(Tensor x) {
        return Mode.inference(() -> likelihood.means(model.forward(Variable.of(x)).value()));
    }

    /// Some examples of data, `[examples, …]`.
    static Tensor rows(Tensor data, int... examples) {
        int[] dims = data.shape().dims();
        int width = dims[0] == 0 ? 0 : data.size() / dims[0];
        Tensor rows = data.reshape(dims[0], width).gatherRows(Indices.of(examples));
        dims[0] = examples.length;
        return rows.reshape(Shape.of(dims));
    }

    /// The share of data's variance around its mean that approximations explain: `1 - Σ (x - y)² / Σ (x - mean)²`. 1 is perfect, 0 what the mean of
    /// all examples does.
    public static double explained(Tensor data, Tensor approximations) {
        double error = data.minus(approximations).sumOfSquares().item();
        double spread = data.minus(data.mean(0)).sumOfSquares().item();
        return 1 - error / spread;
    }
}
