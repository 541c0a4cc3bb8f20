package dev.headstart.train.objective;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.generative.Noise;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.nn.loss.Losses;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Contrastive divergence (Hinton 2002, "Training Products of Experts by Minimizing Contrastive Divergence"): the mean free energy of data less
/// that of what Gibbs sampling makes of them, which is a constant. Its gradient is the well-known update, so any optimiser makes a step of it.
///
/// *CD-k* begins at the data, draws the hidden units k times, and at the end takes the visible units' means (Hinton 2010, section 3). *Persistent*
/// contrastive divergence (Tieleman 2008) goes on with chains of its own, `[chains, visible]`, drawn throughout; they are a buffer among
/// [#parameters], so that checkpoints hold them.
///
/// The loss is no measure of progress: it is near 0 throughout. [EnergyGap] tells how it goes.
///
/// @param rbm the machine
/// @param data `[examples, visible]`
/// @param rounds k, of Gibbs sampling a step
/// @param chains of persistent contrastive divergence; null for CD-k
/// @param sparsity weight of [Losses#sparsity] of the hidden units' means; 0 for none
/// @param share of the time that a hidden unit is to be active
public record ContrastiveDivergence(Rbm rbm, Tensor data, int rounds, @Nullable Parameter chains, double sparsity,
        double share) implements Objective {
    public ContrastiveDivergence {
        if (rounds < 1) {
            throw new IllegalArgumentException("contrastive divergence: " + rounds + " rounds of Gibbs sampling: at least 1 is needed");
        }
    }

    /// CD-k, without sparsity.
    public static ContrastiveDivergence of(Rbm rbm, Tensor data, int rounds) {
        return new ContrastiveDivergence(rbm, data, rounds, null, 0, 0.1);
    }

    /// Persistent contrastive divergence, without sparsity. The chains begin at examples.
    ///
    /// @param chains how many
    public static ContrastiveDivergence persistent(Rbm rbm, Tensor data, int rounds, int chains, RandomStream random) {
        int[] starts = new int[chains];
        for (int i = 0; i < chains; i++) {
            starts[i] = random.below(data.dim(0), i);
        }
        Parameter state = Parameter.buffer(data.gatherRows(Indices.of(starts)));
        return new ContrastiveDivergence(rbm, data, rounds, state, 0, 0.1);
    }

    /// The same with a wish for hidden units that are seldom active.
    public ContrastiveDivergence sparse(double weight, double activeShare) {
        return new ContrastiveDivergence(rbm, data, rounds, chains, weight, activeShare);
    }

    /// The machine's parameters, and `chains` where there are some.
    public Parameters parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>(rbm.parameters().byName());
        if (chains != null) {
            all.put("chains", chains);
        }
        return Parameters.of(all);
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        return loss(data.gatherRows(Indices.of(examples)), Noise.of(random));
    }

    /// The loss of these rows, with the noise given.
    public Variable loss(Tensor rows, Noise noise) {
        Variable v = Variable.of(rows);
        Variable input = rbm.hiddenInput(v);
        Tensor end = chains == null ? reconstruction(input.value().sigmoid(), noise) : advanced(chains, noise);
        Variable loss = rbm.freeEnergy(v, input).mean().minus(rbm.freeEnergy(Variable.of(end)).mean());
        return sparsity == 0 ? loss : loss.plus(Losses.sparsity(input.sigmoid(), share).times((float) sparsity));
    }

    private Tensor reconstruction(Tensor hiddenMeans, Noise noise) {
        Tensor h = noise.bernoulli(hiddenMeans);
        for (int i = 1; i < rounds; i++) {
            h = rbm.sampleHidden(rbm.sampleVisible(h, noise), noise);
        }
        return rbm.visibleMeans(h);
    }

    private Tensor advanced(Parameter state, Noise noise) {
        Tensor end = rbm.gibbs(state.value(), rounds, noise);
        state.value().copyInPlace(end);
        return end;
    }
}
