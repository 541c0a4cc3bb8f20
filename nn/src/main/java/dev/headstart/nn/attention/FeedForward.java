package dev.headstart.nn.attention;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.RandomStream;

/// Two linear layers with an activation between them, applied to each position by itself (Vaswani et al. 2017, section 3.3).
///
/// Parameters: `up` `[hidden, width]`, `down` `[width, hidden]`, each a [Linear].
public final class FeedForward implements Layer {
    private final Linear up;
    private final Linear down;
    private final Activation activation;

    /// A layer that is `hidden` wide inside.
    public FeedForward(int width, int hidden, Activation activation, RandomStream random) {
        this.up = new Linear(width, hidden, random.child("up"));
        this.down = new Linear(hidden, width, random.child("down"));
        this.activation = activation;
    }

    @Override
    public Variable forward(Variable x) {
        return down.forward(activation.forward(up.forward(x)));
    }

    @Override
    public Parts parts() {
        return Parts.none().with("up", up).with("down", down);
    }
}
