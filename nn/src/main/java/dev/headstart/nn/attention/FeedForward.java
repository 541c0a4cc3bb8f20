package dev.headstart.nn.attention;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.tensor.RandomStream;

/// Two linear layers with an activation between them, applied to each position by itself (Vaswani et al. 2017, section 3.3).
///
/// Parameters: `up` `[hidden, width]`, `down` `[width, hidden]`, each a [Linear].
public final class FeedForward implements Layer {
    private final Linear up;
    private final Linear down;
    private final Activation activation;
    private final Scope scope;

    /// A layer that is `hidden` wide inside.
    public FeedForward(int width, int hidden, Activation activation, RandomStream random) {
        this(width, hidden, activation, Scope.of(random));
    }

    /// A layer that is `hidden` wide inside.
    public FeedForward(int width, int hidden, Activation activation, Scope scope) {
        this.up = new Linear(width, hidden, scope.child("up"));
        this.down = new Linear(hidden, width, scope.child("down"));
        this.activation = activation;
        this.scope = scope.ownedBy(this);
    }

    @Override
    public Variable forward(Variable x) {
        return down.forward(activation.forward(up.forward(x)));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
