package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.conv.AdaptiveAvgPool2d;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.conv.MaxPool2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Surgery;
import dev.headstart.zoo.model.TensorShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// VGG networks (Simonyan and Zisserman 2014, arXiv 1409.1556) as torchvision has them, with and without batch normalisation. Any image of
/// at least 32 pixels; 224 is what the weights were trained with.
///
/// Names: `features.{i}` with i counted over convolutions, normalisations, ReLU and pooling, `classifier.{0, 3, 6}`. The first of those
/// sees the image as published, channels first, so that its weight is as published too. Convolutions start from N(0, 2 / fanOut), the
/// classifier's weights from N(0, 0.01²), biases at zero.
///
/// Parameters of 1000 classes: 11: 132,863,336; 13: 133,047,848; 16: 138,357,544; 19: 143,667,240; with batch normalisation 11:
/// 132,868,840; 13: 133,053,736; 16: 138,365,992; 19: 143,678,248.
public final class Vgg implements ImageClassifier {
    /// Sizes of a network.
    ///
    /// @param depth 11, 13, 16 or 19 layers with weights
    /// @param normalised whether convolutions are followed by batch normalisation
    /// @param classes number of classes; 0 for a body without a head
    /// @param dropout probability in the classifier, 0.5 as published
    /// @param channels of an image
    /// @param hidden whether there are the two layers of 4096 before the head; without them the head sees the pooled convolutions
    public record Config(int depth, boolean normalised, int classes, float dropout, int channels, boolean hidden) {
        public Config {
            if (!DEPTHS.contains(depth)) {
                throw new IllegalArgumentException("vgg: depth " + depth + ": published are 11, 13, 16 and 19");
            }
        }

        /// A network for colour images.
        public Config(int depth, boolean normalised, int classes, float dropout) {
            this(depth, normalised, classes, dropout, 3, true);
        }

        /// The same with another number of classes; 0 for no head.
        public Config withClasses(int other) {
            return new Config(depth, normalised, other, dropout, channels, hidden);
        }

        /// The same without the layers between convolutions and head.
        public Config withoutHidden() {
            return new Config(depth, normalised, classes, dropout, channels, false);
        }

        /// Length of the vector that the head sees.
        public int features() {
            return hidden ? HIDDEN : POOLED;
        }

        /// The same for images of another number of channels.
        public Config withChannels(int other) {
            return new Config(depth, normalised, classes, dropout, other, hidden);
        }

        /// The published network.
        public static Config of(int depth, boolean normalised, int classes) {
            return new Config(depth, normalised, classes, 0.5f);
        }

        /// Number of convolutions of each stage; their channels are [#STAGES].
        List<Integer> convolutions() {
            return switch (depth) {
                case 11 -> List.of(1, 1, 2, 2, 2);
                case 13 -> List.of(2, 2, 2, 2, 2);
                case 16 -> List.of(2, 2, 3, 3, 3);
                default -> List.of(2, 2, 4, 4, 4);
            };
        }
    }

    private static final List<Integer> DEPTHS = List.of(11, 13, 16, 19);

    /// Channels of the stages.
    private static final List<Integer> STAGES = List.of(64, 128, 256, 512, 512);
    private static final int BINS = 7;
    private static final int HIDDEN = 4096;
    private static final int POOLED = STAGES.getLast() * BINS * BINS;
    private static final String HEAD = "classifier.6";
    private static final String STEM = "features.0";
    private static final Pattern CONVOLUTION = Pattern.compile("features\\.\\d+\\.weight");

    private final Config config;
    private final Sequential features;
    private final List<Layer> hidden;
    private final @Nullable Linear head;
    private final Scope scope;

    /// A network with random weights.
    public Vgg(Config config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A network of this scope.
    public Vgg(Config config, Scope scope) {
        this(config, convolutions(config, scope), hidden(config, scope), head(config, scope.child(HEAD)), scope);
    }

    private Vgg(Config config, Sequential features, List<Layer> hidden, @Nullable Linear head, Scope scope) {
        this.config = config;
        this.features = features;
        this.hidden = hidden;
        this.head = head;
        this.scope = scope.ownedBy(this);
    }

    /// The network whose names and shapes these are.
    public static Optional<Architecture> recognise(TensorShapes shapes) {
        if (!VisionLayers.seesChannels(shapes, STEM, STAGES.getFirst(), 3)) {
            return Optional.empty();
        }
        int depth = shapes.matching(CONVOLUTION, 4) + 3;
        if (!DEPTHS.contains(depth)) {
            return Optional.empty();
        }
        Config whole = Config.of(depth, shapes.has("features.1.running_mean"), 0).withChannels(shapes.extent(STEM + ".weight", 1));
        Config body = shapes.has("classifier.0.weight", HIDDEN, POOLED) ? whole : whole.withoutHidden();
        Config config = body.withClasses(VisionLayers.classes(shapes, HEAD, body.features()));
        return Architecture.fitting(shapes, scope -> new Vgg(config, scope), VisionLayers::named);
    }

    /// The published network of this depth with random weights: 11, 13, 16 or 19.
    public static Vgg of(int depth, boolean normalised, int classes, RandomStream random) {
        return new Vgg(Config.of(depth, normalised, classes), random);
    }

    private static Sequential convolutions(Config config, Scope scope) {
        List<Layer> layers = new ArrayList<>();
        int in = config.channels;
        for (int stage = 0; stage < STAGES.size(); stage++) {
            for (int i = 0; i < config.convolutions().get(stage); i++) {
                int out = STAGES.get(stage);
                layers.add(VisionLayers.conv(in, out, 3, Conv2dGeometry.DEFAULT.padding(1), VisionLayers.fanOut(), Initialiser.zeros(),
                        scope.child("features." + layers.size())));
                if (config.normalised) {
                    layers.add(new BatchNorm(out, scope.child("features." + layers.size())));
                }
                layers.add(Activation.RELU);
                in = out;
            }
            layers.add(new MaxPool2d(2));
        }
        return new Sequential(layers.toArray(Layer[]::new));
    }

    private static List<Layer> hidden(Config config, Scope scope) {
        if (!config.hidden) {
            return List.of();
        }
        Linear first = linear(POOLED, HIDDEN, scope.child("classifier.0"));
        Linear second = linear(HIDDEN, HIDDEN, scope.child("classifier.3"));
        return List.of(first, Activation.RELU, new Dropout(config.dropout), second, Activation.RELU, new Dropout(config.dropout));
    }

    private static @Nullable Linear head(Config config, Scope scope) {
        return config.classes == 0 ? null : linear(config.features(), config.classes, scope);
    }

    private static Linear linear(int in, int out, Scope scope) {
        return new Linear(in, out, Initialiser.normal(0.01f), scope);
    }

    /// The sizes.
    public Config config() {
        return config;
    }

    @Override
    public int classes() {
        return config.classes;
    }

    /// The convolutions' output: `[batch, height, width, channels] → [batch, height / 32, width / 32, 512]`.
    public Variable convolutions(Variable x) {
        return convolutions(x, (stage, state) -> {});
    }

    private Variable convolutions(Variable x, BiConsumer<String, Variable> states) {
        Variable y = x;
        int stage = 0;
        List<Layer> layers = features.layers();
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof BatchNorm norm) {
                y = norm.forwardRelu(y);
                i++; // the ReLU is done
            } else {
                y = layers.get(i).forward(y);
            }
            if (layers.get(i) instanceof MaxPool2d) {
                states.accept("stage" + ++stage, y);
            }
        }
        return y;
    }

    @Override
    public Variable features(Variable x, BiConsumer<String, Variable> states) {
        Variable pooled = new AdaptiveAvgPool2d(BINS, BINS).forward(convolutions(x, states)); // [batch, 7, 7, 512]
        Variable y = pooled.permute(0, 3, 1, 2).reshape(x.shape().dim(0), POOLED);
        for (Layer layer : hidden) {
            y = layer.forward(y);
        }
        return y;
    }

    @Override
    public Variable classify(Variable x) {
        return VisionLayers.demandHead(head, this).forward(x);
    }

    @Override
    public Vgg withHead(int classes, RandomStream random) {
        Scope changed = scope.renewed(random, HEAD);
        Config other = config.withClasses(classes);
        return new Vgg(other, features, hidden, head(other, changed.child(HEAD)), changed);
    }

    @Override
    public Surgery<ImageClassifier> withChannels(int channels) {
        List<Layer> layers = new ArrayList<>(features.layers());
        if (!(layers.getFirst() instanceof Conv2d stem)) {
            throw new IllegalStateException("vgg: the first layer is a convolution");
        }
        Scope changed = scope.renewed(scope.random(), STEM);
        layers.set(0, VisionLayers.forChannels(stem, channels, changed.child(STEM)));
        Sequential convolutions = new Sequential(layers.toArray(Layer[]::new));
        return Surgery.channels(this, new Vgg(config.withChannels(channels), convolutions, hidden, head, changed), STEM + ".weight");
    }

    @Override
    public List<String> head() {
        return List.of(HEAD + ".");
    }

    @Override
    public String architecture() {
        return "VGG-" + config.depth + (config.normalised ? " with batch normalisation" : "");
    }

    @Override
    public Preprocessing preprocessing() {
        return VisionLayers.imageNet(256, 224).forChannels(config.channels);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
