package dev.headstart.nn;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/// Layers one after the other; their names are their numbers, as in `torch.nn.Sequential`.
public final class Sequential implements Layer {
    private final List<Layer> layers;

    /// These layers, in order.
    public Sequential(Layer... layers) {
        this.layers = List.of(layers);
    }

    /// Fully connected layers of these sizes with an activation after each but the last: `0.weight`, `0.bias`, `2.weight`, …
    ///
    /// @param sizes features of the input, of each hidden layer, of the output
    public static Sequential fullyConnected(Activation between, RandomStream random, int... sizes) {
        Scope scope = Scope.of(random);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            if (i > 0) {
                layers.add(between);
            }
            layers.add(new Linear(sizes[i], sizes[i + 1], scope.child(i)));
        }
        return new Sequential(layers.toArray(Layer[]::new));
    }

    /// The layers.
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Variable forward(Variable x) {
        Variable y = x;
        for (Layer layer : layers) {
            y = layer.forward(y);
        }
        return y;
    }

    @Override
    public Parts parts() {
        Parts parts = Parts.none();
        for (int i = 0; i < layers.size(); i++) {
            parts = parts.with(String.valueOf(i), layers.get(i));
        }
        return parts;
    }
}
