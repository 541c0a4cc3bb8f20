package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// A fully connected layer: `y = x · weightᵀ + bias`.
///
/// Parameters: `weight [out, in]`, `bias [out]`. The bias starts at zero, the weight from the initialiser given (by default
/// [Initialiser#glorotUniform]).
public final class Linear implements Layer {
    private final Parameter weight;
    private final Parameter bias;

    /// A layer with a Glorot-uniform weight.
    public Linear(int in, int out, RandomStream random) {
        this(in, out, Initialiser.glorotUniform(), random);
    }

    /// A layer whose weight starts from `initialiser`.
    public Linear(int in, int out, Initialiser initialiser, RandomStream random) {
        this.weight = initialiser.parameter(Shape.of(out, in), in, out, random.child("weight"));
        this.bias = Parameter.of(Tensor.zeros(Shape.of(out)));
    }

    /// The weight, `[out, in]`.
    public Parameter weight() {
        return weight;
    }

    /// The bias, `[out]`.
    public Parameter bias() {
        return bias;
    }

    /// `[…, in] → […, out]`
    @Override
    public Variable forward(Variable x) {
        return x.linear(weight, bias);
    }

    @Override
    public Parts parts() {
        return Parts.none().with("weight", weight).with("bias", bias);
    }
}
