package dev.headstart.zoo.keras;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.io.json.Json;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.FileFamily;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A `Sequential` model of Keras, built from its configuration (`model.to_json()`): the layers [KerasLayers] knows, on images channels last
/// of a known size. Weights start from Glorot's uniform distribution and biases at zero, whatever the configuration says about that.
///
/// Names are Keras's: `conv2d/kernel:0`, `conv2d/bias:0`, `batch_normalization/gamma:0`. Files may have them below groups of the layer's
/// name (`conv2d/conv2d/kernel:0`) and without `:0`. Kernels are published `[height, width, in, out]` and `[in, out]`.
public final class KerasSequential implements Layer, Published {
    /// A layer of Keras.
    ///
    /// @param name its name in the configuration
    /// @param layers what it is here: itself, and its activation
    /// @param weights what Keras calls the first layer's parameters: `kernel:0` for `weight`
    record Step(String name, List<Layer> layers, Map<String, String> weights) {}

    private final String name;
    private final List<Step> steps;
    private final boolean softmax;

    private KerasSequential(String name, List<Step> steps, boolean softmax) {
        this.name = name;
        this.steps = steps;
        this.softmax = softmax;
    }

    /// The model of a configuration, with random weights.
    ///
    /// @throws IOException when it is no `Sequential`, or has a layer or an option that is not supported: it is named
    public static KerasSequential of(Json config, RandomStream random) throws IOException {
        if (!(config instanceof Json.Obj root) || !root.string("class_name").equals("Sequential")) {
            throw new IOException("keras: only models of the class Sequential are read");
        }
        Json inner = root.get("config");
        boolean named = inner instanceof Json.Obj object && object.find("layers") != null;
        List<Json> layers = named ? root.object("config").array("layers") : root.array("config"); // a bare list until Keras 2.2
        String name = named && root.object("config").find("name") != null ? root.object("config").string("name") : "sequential";
        KerasLayers builder = new KerasLayers(random);
        for (Json layer : layers) {
            if (!(layer instanceof Json.Obj object)) {
                throw new IOException("keras: a layer of the configuration is no object");
            }
            builder.add(object.string("class_name"), object.object("config"));
        }
        return new KerasSequential(name, builder.steps(), builder.endsWithSoftmax());
    }

    /// Whether the configuration ends with a softmax, which [#forward] leaves out.
    public boolean endsWithSoftmax() {
        return softmax;
    }

    /// `[batch, height, width, channels]` (or what the configuration's first layer wants) `→ [batch, …]`: what Keras computes, but logits
    /// where it ends with a softmax.
    @Override
    public Variable forward(Variable x) {
        Variable y = x;
        for (Step step : steps) {
            for (Layer layer : step.layers) {
                y = layer.forward(y);
            }
        }
        return y;
    }

    @Override
    public String architecture() {
        return "Keras model " + name;
    }

    @Override
    public FileFamily files() {
        return FileFamily.TENSORFLOW;
    }

    /// `conv2d/conv2d/kernel:0`, `conv2d/sequential/conv2d/kernel` and `conv2d/kernel:0` are one: the layer's name and the weight's.
    @Override
    public String modern(String published) {
        String path = published.endsWith(":0") ? published : published + ":0";
        Optional<Step> step = steps.stream().filter(s -> path.startsWith(s.name + "/")).findFirst();
        return step.isEmpty() ? published : step.get().name + path.substring(path.lastIndexOf('/'));
    }

    @Override
    public Parts parts() {
        Parts parts = Parts.none();
        for (Step step : steps) {
            Parts own = step.layers.isEmpty() ? Parts.none() : step.layers.getFirst().parts();
            for (Map.Entry<String, Parameter> parameter : own.parameters().byName().entrySet()) {
                String weight = step.weights.get(parameter.getKey());
                parts = weight == null ? parts : parts.with(step.name + "/" + weight, parameter.getValue(), own.kind(parameter.getKey()));
            }
        }
        return parts;
    }
}
