package dev.headstart.nn.adapt;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// LoRA (Hu et al. 2021, arXiv 2106.09685): a change of a layer's weight that has a low rank, `y + (alpha / rank) · B (A x)`.
/// A rank above the weight's smaller extent changes no more than that extent would; one rank for layers of all sizes is what peft writes.
///
/// Parameters: `lora_A.weight [rank, in]` from U(-1/√in, 1/√in), as peft's, `lora_B.weight [out, rank]`, zeros. While B is zero, the layer
/// has the bits it had without: what is subtracted (with a factor of the opposite sign) is +0, and y - 0 is y, for a y of -0 too.
public final class LowRank implements Linear.Addition {
    private final Parameter a;
    private final Parameter b;
    private final float scale;
    private final Scope scope;

    /// @param alpha the factor times the rank
    LowRank(Linear to, int rank, double alpha, RandomStream random) {
        int out = to.weight().shape().dim(0);
        int in = to.weight().shape().dim(1);
        if (rank < 1 || !(alpha > 0)) {
            throw new IllegalArgumentException("lora: weight" + to.weight().shape() + ", rank " + rank + ", alpha " + alpha
                    + ": the rank must be at least 1, alpha positive");
        }
        Scope own = Scope.of(random);
        Scope narrow = own.child("lora_A"); // its stream is the weight's
        Shape shape = Shape.of(rank, in);
        this.a = narrow.parameter("weight", WeightKind.LINEAR,
                Parameter.of(shape, () -> Initialiser.torchLinear().draw(shape, in, rank, narrow.random())));
        this.b = own.child("lora_B").parameter("weight", WeightKind.LINEAR, Shape.of(out, rank), Initialiser.zeros());
        this.scope = own.ownedBy(this);
        this.scale = (float) (alpha / rank);
    }

    @Override
    public Variable apply(Variable x, Variable y) {
        Variable low = x.linear(a, null).times(-scale); // […, rank]
        return y.minus(low.linear(b, null));
    }

    /// The change as a matrix of the weight's shape: `alpha / rank · B A`.
    Tensor change() {
        return b.value().matmul(a.value()).times(scale);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
