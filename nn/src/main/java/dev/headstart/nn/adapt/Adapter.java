package dev.headstart.nn.adapt;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.tensor.RandomStream;

/// An adapter (Houlsby et al. 2019, arXiv 1902.00751): a narrow network behind a layer, with a path around it: `y + up(gelu(down(y)))`. It
/// belongs behind the last layer of each part of a block, before the part is added to its input.
///
/// Parameters: `adapter_down` `[width, out]`, `adapter_up` `[out, width]`, each a [Linear]; weights from N(0, 10⁻²), cut at two
/// deviations, for a start near the identity as in the paper; biases zero.
public final class Adapter implements Linear.Addition {
    private final Linear down;
    private final Linear up;
    private final Scope scope;

    /// @param width of the narrow network
    Adapter(Linear behind, int width, RandomStream random) {
        int out = behind.weight().shape().dim(0);
        if (width < 1) {
            throw new IllegalArgumentException("adapter: width " + width + ": at least 1");
        }
        Scope own = Scope.of(random);
        this.down = new Linear(out, width, Initialiser.truncatedNormal(1e-2f), own.child("adapter_down"));
        this.up = new Linear(width, out, Initialiser.truncatedNormal(1e-2f), own.child("adapter_up"));
        this.scope = own.ownedBy(this);
    }

    @Override
    public Variable apply(Variable x, Variable y) {
        return y.plus(up.forward(Activation.GELU.forward(down.forward(y))));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
