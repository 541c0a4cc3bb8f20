package dev.headstart.nn;

import dev.headstart.autograd.Variable;
import java.util.List;

/// Layers one after the other; their names are their numbers, as in `torch.nn.Sequential`.
public final class Sequential implements Layer {
    private final List<Layer> layers;

    /// These layers, in order.
    public Sequential(Layer... layers) {
        this.layers = List.of(layers);
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
