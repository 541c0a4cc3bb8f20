package dev.headstart.nn.generative;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// A restricted Boltzmann machine (Smolensky 1986; Hinton 2002): binary hidden units h, each connected with every visible unit v.
///
/// | visible units | energy E(v, h) | free energy F(v) = -log Σ_h e^-E |
/// |---|---|---|
/// | binary | `-b·v - c·h - hᵀWv` | `-b·v - Σ softplus(Wv + c)` |
/// | Gaussian of variance 1 | `½|v - b|² - c·h - hᵀWv` | `½|v - b|² - Σ softplus(Wv + c)` |
///
/// `p(v) = e^-F(v) / Z`; `p(h = 1 | v) = sigmoid(Wv + c)`; v given h is binary with `sigmoid(Wᵀh + b)`, or normal around `Wᵀh + b`.
///
/// The gradient of the mean of F over data less its mean over samples of the model is that of -log p: so contrastive divergence is an ordinary
/// loss (`dev.headstart.train.objective.ContrastiveDivergence`), and momentum, decay and rates are the optimiser's.
///
/// Parameters: `weight [hidden, visible]` from N(0, 0.01²), `visible_bias [visible]` and `hidden_bias [hidden]` from zero (Hinton 2010, "A
/// Practical Guide to Training Restricted Boltzmann Machines", section 8).
public final class Rbm implements Part {
    /// What a visible unit is.
    public enum Units {
        /// 0 or 1; numbers between are taken as probabilities.
        BERNOULLI,
        /// Real, of variance 1 given the hidden units: data should have mean 0 and variance 1.
        GAUSSIAN
    }

    private final Units units;
    private final Parameter weight;
    private final Parameter visibleBias;
    private final Parameter hiddenBias;
    private final Scope scope;

    /// A machine with these numbers of visible and hidden units.
    public Rbm(int visible, int hidden, Units units, RandomStream random) {
        this(visible, hidden, units, Scope.of(random));
    }

    /// A machine with these numbers of visible and hidden units.
    public Rbm(int visible, int hidden, Units units, Scope scope) {
        this.units = units;
        this.weight = scope.parameter("weight", WeightKind.LINEAR, Shape.of(hidden, visible), Initialiser.normal(0.01f), visible, hidden);
        this.visibleBias = scope.parameter("visible_bias", WeightKind.OTHER, Shape.of(visible), Initialiser.zeros());
        this.hiddenBias = scope.parameter("hidden_bias", WeightKind.OTHER, Shape.of(hidden), Initialiser.zeros());
        this.scope = scope.ownedBy(this);
    }

    /// What the visible units are.
    public Units units() {
        return units;
    }

    /// Number of visible units.
    public int visible() {
        return weight.shape().dim(1);
    }

    /// Number of hidden units.
    public int hidden() {
        return weight.shape().dim(0);
    }

    /// The weight, `[hidden, visible]`.
    public Parameter weight() {
        return weight;
    }

    /// The visible units' bias, `[visible]`.
    public Parameter visibleBias() {
        return visibleBias;
    }

    /// The hidden units' bias, `[hidden]`.
    public Parameter hiddenBias() {
        return hiddenBias;
    }

    // ---- energies ----

    /// What reaches the hidden units, `Wv + c`: `[batch, visible] → [batch, hidden]`.
    public Variable hiddenInput(Variable v) {
        return v.linear(weight, hiddenBias);
    }

    /// The free energy of each row: `[batch, visible] → [batch]`, in nats.
    public Variable freeEnergy(Variable v) {
        return freeEnergy(v, hiddenInput(v));
    }

    /// The free energy of each row, when what reaches the hidden units has been computed.
    public Variable freeEnergy(Variable v, Variable hiddenInput) {
        Variable visible = switch (units) {
            case BERNOULLI -> v.times(visibleBias).sum(1).negate();
            case GAUSSIAN -> v.minus(visibleBias).square().sum(1).times(0.5f);
        };
        return visible.minus(hiddenInput.softplus().sum(1));
    }

    /// The mean free energy of rows, in nats; nothing is recorded.
    public double meanFreeEnergy(Tensor v) {
        return Mode.inference(() -> freeEnergy(Variable.of(v)).mean().value().item());
    }

    // ---- conditional distributions ----

    /// p(h = 1 | v): `[batch, visible] → [batch, hidden]`.
    public Tensor hiddenMeans(Tensor v) {
        return v.linear(weight.value(), hiddenBias.value()).sigmoid();
    }

    /// The mean of v given h: `[batch, hidden] → [batch, visible]`.
    public Tensor visibleMeans(Tensor h) {
        Tensor input = h.matmul(weight.value()).plus(visibleBias.value());
        return units == Units.BERNOULLI ? input.sigmoid() : input;
    }

    /// Hidden units drawn given v.
    public Tensor sampleHidden(Tensor v, Noise noise) {
        return noise.bernoulli(hiddenMeans(v));
    }

    /// Visible units drawn given h.
    public Tensor sampleVisible(Tensor h, Noise noise) {
        Tensor means = visibleMeans(h);
        return units == Units.BERNOULLI ? noise.bernoulli(means) : means.plus(noise.normal(means.shape()));
    }

    /// So many rounds of Gibbs sampling: all hidden units given v, then all visible units given h.
    public Tensor gibbs(Tensor v, int rounds, Noise noise) {
        Tensor state = v;
        for (int i = 0; i < rounds; i++) {
            state = sampleVisible(sampleHidden(state, noise), noise);
        }
        return state;
    }

    /// Means of v given the means of h given v: what the machine makes of its input, without chance.
    public Tensor reconstruct(Tensor v) {
        return visibleMeans(hiddenMeans(v));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
