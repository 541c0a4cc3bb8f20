package dev.headstart.train.objective;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.generative.Noise;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.Arrays;

/// An estimate of the partition function Z of a restricted Boltzmann machine by annealed importance sampling (Neal 2001; Salakhutdinov and Murray
/// 2008, "On the Quantitative Analysis of Deep Belief Networks"), with which `log p(v) = -F(v) - log Z`.
///
/// The way goes over machines whose hidden units' input is scaled by β from 0 to 1: `p_β(v) ∝ e^-visible(v) Π (1 + e^(β (Wv + c)))`. At β = 0 the
/// visible units are independent and Z is known: `2^hidden Π (1 + e^b)` for binary, `2^hidden (2π)^(visible/2)` for Gaussian units. Each chain goes
/// up by one round of Gibbs sampling at each β, and its weight is the product of `p_β'(v) / p_β(v)` on the way; Z is Z at β = 0 times their mean.
///
/// @param logZ the estimate, in nats; too low rather than too high when there are few steps
/// @param standardError of it, from the spread of the chains' weights
public record AnnealedImportance(double logZ, double standardError) {
    /// Estimates.
    ///
    /// @param chains how many, independent of each other
    /// @param steps β is a multiple of 1 / steps
    public static AnnealedImportance of(Rbm rbm, int chains, int steps, Noise noise) {
        double[] logWeights = new double[chains];
        Tensor v = rbm.sampleVisible(Tensor.zeros(Shape.of(chains, rbm.hidden())), noise);
        for (int step = 1; step <= steps; step++) {
            Tensor input = rbm.hiddenInput(Variable.of(v)).detach().value();
            float beta = (float) step / steps;
            Tensor gain = input.times(beta).softplus().minus(input.times((float) (step - 1) / steps).softplus()).sum(1);
            for (int i = 0; i < chains; i++) {
                logWeights[i] += gain.get(i);
            }
            if (step < steps) {
                Tensor h = noise.bernoulli(input.times(beta).sigmoid());
                v = rbm.sampleVisible(h.times(beta), noise);
            }
        }
        return of(logWeights, logZero(rbm));
    }

    private static AnnealedImportance of(double[] logWeights, double logZero) {
        double largest = Arrays.stream(logWeights).max().orElse(0);
        double[] weights = Arrays.stream(logWeights).map(w -> Math.exp(w - largest)).toArray();
        double mean = Arrays.stream(weights).average().orElse(Double.NaN);
        double squares = Arrays.stream(weights).map(w -> (w - mean) * (w - mean)).sum();
        double error = weights.length < 2 ? Double.NaN : Math.sqrt(squares / (weights.length - 1) / weights.length);
        return new AnnealedImportance(logZero + largest + Math.log(mean), error / mean);
    }

    /// log Z of the machine whose hidden units get no input.
    private static double logZero(Rbm rbm) {
        double visible = switch (rbm.units()) {
            case BERNOULLI -> rbm.visibleBias().value().softplus().sum().item();
            case GAUSSIAN -> 0.5 * Math.log(2 * Math.PI) * rbm.visible();
        };
        return visible + rbm.hidden() * Math.log(2);
    }
}
