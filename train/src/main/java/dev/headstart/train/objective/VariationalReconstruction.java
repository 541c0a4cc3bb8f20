package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.generative.Noise;
import dev.headstart.nn.generative.VariationalAutoencoder;
import dev.headstart.nn.loss.Likelihood;
import dev.headstart.nn.loss.Losses;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;

/// What a variational autoencoder learns: the evidence lower bound with its sign changed, reconstruction of a drawn code plus the divergence of the
/// code's distribution from the standard normal one, in nats per example (Kingma and Welling 2013, arXiv 1312.6114).
///
/// @param model the autoencoder
/// @param data `[examples, …]`
/// @param likelihood what outputs mean
/// @param beta weight of the divergence; 1 gives the bound (others: Higgins et al. 2017, β-VAE)
public record VariationalReconstruction(VariationalAutoencoder model, Tensor data, Likelihood likelihood,
        double beta) implements Objective {
    @Override
    public Variable loss(int[] examples, RandomStream random) {
        return loss(Reconstruction.rows(data, examples), Noise.of(random));
    }

    /// The loss of these examples, with the noise given.
    public Variable loss(Tensor target, Noise noise) {
        VariationalAutoencoder.Code code = model.encode(Variable.of(target));
        Variable outputs = model.decoder().forward(code.sample(noise));
        return likelihood.loss(outputs, target).plus(Losses.gaussianDivergence(code.mean(), code.logVariance()).times((float) beta));
    }

    /// What the autoencoder makes of data, by the means of their codes.
    public Tensor reconstruct(Tensor x) {
        return Mode.inference(() -> likelihood.means(model.decoder().forward(model.encode(Variable.of(x)).mean()).value()));
    }
}
