package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import org.jspecify.annotations.Nullable;

/// A fully connected layer: `y = x · weightᵀ + bias`.
///
/// Parameters: `weight [out, in]`, `bias [out]`, which may be left out. The bias starts at zero, the weight from the initialiser given (by default
/// [Initialiser#glorotUniform]). An [Addition] to the finished layer brings parameters of its own.
public final class Linear implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final Scope scope;
    private volatile @Nullable Addition addition;

    /// What is added to a layer that has learnt, to be learnt in its place: [dev.headstart.nn.adapt]. Its parts stand beside weight and bias.
    public interface Addition extends Part {
        /// The output with what is added.
        ///
        /// @param x the layer's input, `[…, in]`
        /// @param y the layer's own output, `[…, out]`
        Variable apply(Variable x, Variable y);
    }

    /// A layer with a Glorot-uniform weight.
    public Linear(int in, int out, RandomStream random) {
        this(in, out, Scope.of(random));
    }

    /// A layer with a Glorot-uniform weight.
    public Linear(int in, int out, Scope scope) {
        this(in, out, Initialiser.glorotUniform(), scope);
    }

    /// A layer whose weight starts from `initialiser`.
    public Linear(int in, int out, Initialiser initialiser, RandomStream random) {
        this(in, out, initialiser, Scope.of(random));
    }

    /// A layer whose weight starts from `initialiser`.
    public Linear(int in, int out, Initialiser initialiser, Scope scope) {
        this(in, out, initialiser, Initialiser.zeros(), scope);
    }

    /// A layer whose weight and bias start from initialisers.
    ///
    /// @param bias null for a layer without
    public Linear(int in, int out, Initialiser weight, @Nullable Initialiser bias, Scope scope) {
        this.weight = scope.parameter("weight", WeightKind.LINEAR, Shape.of(out, in), weight, in, out);
        this.bias = bias == null ? null : scope.parameter("bias", WeightKind.OTHER, Shape.of(out), bias, in, out);
        this.scope = scope.ownedBy(this);
    }

    /// The weight, `[out, in]`.
    public Parameter weight() {
        return weight;
    }

    /// The bias, `[out]`; null when there is none.
    public @Nullable Parameter bias() {
        return bias;
    }

    /// `[…, in] → […, out]`
    @Override
    public Variable forward(Variable x) {
        Addition added = addition;
        Variable y = x.linear(weight, bias);
        return added == null ? y : added.apply(x, y);
    }

    /// Has this addition from now on, in place of the one it had; null for none.
    public void add(@Nullable Addition other) {
        addition = other;
    }

    /// The addition; null when there is none.
    public @Nullable Addition addition() {
        return addition;
    }

    @Override
    public Parts parts() {
        Parts parts = scope.parts();
        Addition added = addition;
        return added == null ? parts : parts.withChildren(added);
    }
}
