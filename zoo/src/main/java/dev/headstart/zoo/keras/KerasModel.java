package dev.headstart.zoo.keras;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.FileFamily;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A `Sequential` or `Functional` model of Keras 1 to 3, built from its configuration (`model.to_json()`, the `config.json` of a `.keras`, the
/// `model_config` of a `.h5`): an acyclic graph of layers with one input and one output, models within models included. A layer, or an
/// option, that is not known is refused by name.
///
/// Names are Keras 2's: `conv2d/kernel:0`, `batch_normalization/gamma:0`, behind the name of the model within: `resnet50/conv1/kernel:0`. Files
/// may have them below groups of the layer's name, without `:0`, and as Keras 3 has them, `layers/conv2d/vars/0`. Kernels are published
/// `[height, width, in, out]` and `[in, out]`. Weights start from Glorot's uniform distribution and biases at zero, whatever the configuration
/// says about that. A layer that is not `trainable` is frozen.
public final class KerasModel implements Layer, Published {
    private final String name;
    private final Graph graph;
    private final Names names;
    private final Scope scope;
    private final Ending ending;

    /// What a model ends with.
    public enum Ending {
        /// a softmax: [#forward] gives its logits
        SOFTMAX,
        /// a sigmoid of each output
        SIGMOID,
        /// no function
        LINEAR,
        /// anything else
        OTHER
    }

    private KerasModel(String name, Graph graph) {
        this.name = name;
        this.graph = graph;
        this.names = new Names(graph.members());
        this.scope = Scope.of(RandomStream.of(0)); // nothing is drawn: the parameters are there
        graph.members().forEach(member -> member.each((layer, weight) -> {
            String full = Names.of(layer, weight);
            int dot = full.lastIndexOf('.');
            Scope place = dot < 0 ? scope : scope.child(full.substring(0, dot));
            place.parameter(full.substring(dot + 1), weight.kind(), weight.parameter());
        }));
        this.ending = switch (graph.outputNode().kind()) {
            case Functions.SOFTMAX -> Ending.SOFTMAX;
            case Functions.SIGMOID -> Ending.SIGMOID;
            case "Dense", "Conv2D", "Flatten", "GlobalAveragePooling2D", "Activation" -> Ending.LINEAR;
            default -> Ending.OTHER;
        };
    }

    /// The model of a configuration, with random weights.
    ///
    /// @throws IOException when it is of another class, or has a layer or an option that is not supported: it is named
    public static KerasModel of(Json config, RandomStream random) throws IOException {
        if (!(config instanceof Json.Obj root)) {
            throw new IOException("keras: a configuration is a JSON object");
        }
        String kind = root.string("class_name");
        if (!kind.equals("Sequential") && !kind.equals("Functional") && !kind.equals("Model")) {
            throw new IOException("keras: the model is of the class " + kind + ": only Sequential and Functional ones are read");
        }
        Graph graph = new GraphReader(new LayerBuilder(random, isEarly(root))).read(root);
        return new KerasModel(name(root, kind), graph);
    }

    /// The configuration that is within a file: of `.keras`, and of a whole model in `.h5`.
    ///
    /// @throws IOException when it is no JSON object
    public static Optional<Json> configuration(Weights weights) throws IOException {
        String text = weights.metadata().get("model_config");
        if (text == null) {
            return Optional.empty();
        }
        try {
            if (!(Json.parse(text) instanceof Json.Obj config)) {
                throw new IOException(weights.file() + ": its configuration is no JSON object");
            }
            String version = weights.metadata().get("keras_version");
            Map<String, Json> members = new LinkedHashMap<>(config.members());
            if (version != null) {
                members.putIfAbsent("keras_version", Json.of(version));
            }
            return Optional.of(new Json.Obj(members));
        } catch (JsonException e) {
            throw new IOException(weights.file() + ": its configuration: " + e.getMessage(), e);
        }
    }

    /// The network of a configuration.
    ///
    /// @throws IOException as [#of]
    public static Architecture architecture(Json config) throws IOException {
        return new Architecture(of(config, RandomStream.of(0)).architecture(), scope -> {
            try {
                return of(config, scope.random());
            } catch (IOException e) {
                throw new IllegalStateException("the configuration was read before", e);
            }
        });
    }

    private static boolean isEarly(Json.Obj root) {
        return root.find("keras_version") instanceof Json.Str(String version) && (version.startsWith("1.") || version.startsWith("2."));
    }

    private static String name(Json.Obj root, String kind) throws JsonException {
        return root.find("config") instanceof Json.Obj config && config.find("name") != null
                ? config.string("name")
                : kind.toLowerCase(Locale.ROOT);
    }

    /// What it ends with.
    public Ending ending() {
        return ending;
    }

    /// `[batch, height, width, channels]` (or what the configuration's first layer wants) `→ [batch, …]`: what Keras computes, but logits
    /// where it ends with a softmax.
    @Override
    public Variable forward(Variable x) {
        if (graph.input().rank() > 0 && !graph.input().fits(x.shape().dims())) {
            throw new ShapeException("keras: x" + x.shape() + ": the model " + name + " is for inputs of " + graph.input());
        }
        int output = ending == Ending.SOFTMAX ? graph.outputNode().inputs()[0] : graph.output();
        return graph.value(output, 0, x);
    }

    /// One score for each class, whose softmax are probabilities: logits, and of a sigmoid of one output z, `[0, z]`.
    ///
    /// @throws IllegalStateException when it does not say which class its input belongs to: [#demandClasses]
    public Variable classScores(Variable x) {
        if (ending != Ending.SIGMOID) {
            return forward(x);
        }
        Variable z = graph.value(graph.outputNode().inputs()[0], 0, x);
        return Variable.concat(1, Variable.of(Tensor.zeros(z.shape())), z);
    }

    /// Refuses a model whose outputs are no scores of classes, of which an input has one.
    public KerasModel demandClasses() throws IOException {
        Extents out = graph.extents();
        boolean isRow = out.rank() == 1;
        boolean isScores = isRow && switch (ending) {
            case SOFTMAX, LINEAR -> out.get(0) != 1;
            case SIGMOID -> out.get(0) == 1;
            case OTHER -> false;
        };
        if (!isScores) {
            throw new IOException(architecture() + " does not say which one class an input belongs to: it ends with "
                    + (ending == Ending.LINEAR ? "no function" : graph.outputNode().kind()) + ", its outputs are " + out
                    + "; a softmax of several, or a sigmoid of one, is needed");
        }
        return this;
    }

    /// What it sees of an image: its size and number of channels, and pixels from 0 to 1, or as bytes, where a layer of its own makes them
    /// smaller by 16 times or more before anything else: `Rescaling(1 / 255)`. Keras's files do not say it.
    public Preprocessing preprocessing() {
        Extents in = graph.input();
        if (in.rank() != 3) {
            return Preprocessing.UNIT;
        }
        int channels = in.get(2) == 1 || in.get(2) == 3 ? in.get(2) : 0;
        Preprocessing pixels = new Preprocessing(channels, 0, Filter.BILINEAR, 0, takesBytes() ? 1 : 255, List.of(), List.of());
        int side = in.get(0);
        return side > 0 && side == in.get(1) ? pixels.resized(side, Filter.BILINEAR).cropped(side) : pixels;
    }

    private boolean takesBytes() {
        int channels = graph.input().get(-1);
        if (channels == Extents.OPEN) {
            return false;
        }
        Variable none = Variable.of(Tensor.zeros(Shape.of(1, 1, 1, channels)));
        Variable ones = Variable.of(Tensor.ones(Shape.of(1, 1, 1, channels)));
        return graph.firstOf("Rescaling", "Normalization").map(node -> node.operator().apply(List.of(ones)).minus(
                node.operator().apply(List.of(none))).value().abs().max().item() <= 1f / 16).orElse(false);
    }

    /// What stands in a file and is skipped: tensors of training.
    public List<String> skipped(Weights weights) {
        return weights.names().stream().filter(this::ignores).toList();
    }

    @Override
    public String architecture() {
        return "Keras model " + name;
    }

    @Override
    public FileFamily files() {
        return FileFamily.TENSORFLOW;
    }

    @Override
    public String modern(String published) {
        return names.ours(published);
    }

    /// What an optimiser, metrics and random numbers leave in a file.
    @Override
    public boolean ignores(String published) {
        return names.isTraining(published);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
