package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.conv.AdaptiveAvgPool2d;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.conv.MaxPool2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Layout;
import dev.headstart.zoo.model.Surgery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

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
    /// @param classes number of classes
    /// @param dropout probability in the classifier, 0.5 as published
    /// @param channels of an image
    public record Config(int depth, boolean normalised, int classes, float dropout, int channels) {
        public Config {
            if (depth != 11 && depth != 13 && depth != 16 && depth != 19) {
                throw new IllegalArgumentException("vgg: depth " + depth + ": published are 11, 13, 16 and 19");
            }
        }

        /// A network for colour images.
        public Config(int depth, boolean normalised, int classes, float dropout) {
            this(depth, normalised, classes, dropout, 3);
        }

        /// The same for images of another number of channels.
        public Config withChannels(int other) {
            return new Config(depth, normalised, classes, dropout, other);
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

    /// Channels of the stages.
    private static final List<Integer> STAGES = List.of(64, 128, 256, 512, 512);
    private static final int BINS = 7;
    private static final int HIDDEN = 4096;
    private static final int HEAD = 6;

    private final Config config;
    private final Sequential features;
    private final List<Layer> classifier;

    /// A network with random weights.
    public Vgg(Config config, RandomStream random) {
        this(config, convolutions(config, random), classifier(config, random));
    }

    private Vgg(Config config, Sequential features, List<Layer> classifier) {
        this.config = config;
        this.features = features;
        this.classifier = classifier;
    }

    /// The published network of this depth with random weights: 11, 13, 16 or 19.
    public static Vgg of(int depth, boolean normalised, int classes, RandomStream random) {
        return new Vgg(Config.of(depth, normalised, classes), random);
    }

    private static Sequential convolutions(Config config, RandomStream random) {
        List<Layer> layers = new ArrayList<>();
        int in = config.channels;
        for (int stage = 0; stage < STAGES.size(); stage++) {
            for (int i = 0; i < config.convolutions().get(stage); i++) {
                int out = STAGES.get(stage);
                RandomStream stream = random.child("features." + layers.size());
                layers.add(VisionLayers.conv(in, out, 3, Conv2dGeometry.DEFAULT.padding(1), true, VisionLayers.fanOut(), stream));
                if (config.normalised) {
                    layers.add(new BatchNorm(out));
                }
                layers.add(Activation.RELU);
                in = out;
            }
            layers.add(new MaxPool2d(2));
        }
        return new Sequential(layers.toArray(Layer[]::new));
    }

    private static List<Layer> classifier(Config config, RandomStream random) {
        Linear first = linear(STAGES.getLast() * BINS * BINS, HIDDEN, random.child("classifier.0"));
        Linear second = linear(HIDDEN, HIDDEN, random.child("classifier.3"));
        return List.of(first, Activation.RELU, new Dropout(config.dropout), second, Activation.RELU, new Dropout(config.dropout),
                head(config.classes, random));
    }

    private static Linear head(int classes, RandomStream random) {
        return linear(HIDDEN, classes, random.child("classifier." + HEAD));
    }

    private static Linear linear(int in, int out, RandomStream random) {
        return new Linear(in, out, Initialiser.normal(0.01f), random);
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
        Variable y = pooled.permute(0, 3, 1, 2).reshape(x.shape().dim(0), STAGES.getLast() * BINS * BINS);
        for (Layer layer : classifier.subList(0, HEAD)) {
            y = layer.forward(y);
        }
        return y;
    }

    @Override
    public Variable classify(Variable x) {
        return classifier.get(HEAD).forward(x);
    }

    @Override
    public Vgg withHead(int classes, RandomStream random) {
        List<Layer> changed = new ArrayList<>(classifier);
        changed.set(HEAD, head(classes, random));
        return new Vgg(new Config(config.depth, config.normalised, classes, config.dropout, config.channels), features,
                List.copyOf(changed));
    }

    @Override
    public Surgery<ImageClassifier> withChannels(int channels) {
        List<Layer> layers = new ArrayList<>(features.layers());
        if (!(layers.getFirst() instanceof Conv2d stem)) {
            throw new IllegalStateException("vgg: the first layer is a convolution");
        }
        layers.set(0, VisionLayers.forChannels(stem, channels));
        Vgg changed = new Vgg(config.withChannels(channels), new Sequential(layers.toArray(Layer[]::new)), classifier);
        return Surgery.channels(this, changed, "features.0.weight");
    }

    @Override
    public List<String> head() {
        return List.of("classifier.6.");
    }

    @Override
    public String architecture() {
        return "VGG-" + config.depth + (config.normalised ? " with batch normalisation" : "");
    }

    /// Convolutions are told from normalisations by being in front of them: one of rank 4.
    @Override
    public Layout layout(String parameter) {
        boolean convolution = parameter.startsWith("features.") && parameters().get(parameter).shape().rank() == 4;
        return convolution ? Layout.OIHW : Layout.AS_IS;
    }

    @Override
    public Preprocessing preprocessing() {
        return VisionLayers.imageNet(256, 224).forChannels(config.channels);
    }

    @Override
    public Parts parts() {
        return Parts.none().with("features", features).with("classifier", new Sequential(classifier.toArray(Layer[]::new)));
    }
}
