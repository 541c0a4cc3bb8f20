package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Flatten;
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
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Surgery;
import dev.headstart.zoo.model.TensorShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Residual networks (He et al. 2015, arXiv 1512.03385) as torchvision has them: version 1.5, with the stride of a bottleneck in its 3 by 3
/// convolution. Any image of at least 32 pixels; 224 is what the weights were trained with.
///
/// Names: `conv1`, `bn1`, `layer{1…4}.{i}.{conv1, bn1, conv2, bn2, conv3, bn3}`, `.downsample.{0, 1}` in a stage's first block where
/// the shape changes, `fc`. Convolutions start from N(0, 2 / fanOut), `fc` as PyTorch's linear layers.
///
/// Parameters of 1000 classes: 18: 11,689,512; 34: 21,797,672; 50: 25,557,032; 101: 44,549,160; 152: 60,192,808.
public final class ResNet implements ImageClassifier {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.DEFAULT;
    private static final String STEM = "conv1";
    private static final String HEAD = "fc";

    /// What the stages are made of.
    public enum Block {
        /// Two 3 by 3 convolutions.
        BASIC(1, 2),
        /// 1 by 1, 3 by 3, and 1 by 1 with four times as many channels.
        BOTTLENECK(4, 3);

        private final int expansion;
        private final int convolutions;

        Block(int expansion, int convolutions) {
            this.expansion = expansion;
            this.convolutions = convolutions;
        }

        /// Output channels per channel inside.
        public int expansion() {
            return expansion;
        }
    }

    /// Sizes of a network.
    ///
    /// @param block what the stages are made of
    /// @param width channels inside the first stage's blocks; each stage has twice as many as the one before
    /// @param blocks number of blocks of each stage
    /// @param classes number of classes; 0 for a body without a head
    /// @param channels of an image
    public record Config(Block block, int width, List<Integer> blocks, int classes, int channels) {
        public Config {
            blocks = List.copyOf(blocks);
        }

        /// A network for colour images.
        public Config(Block block, int width, List<Integer> blocks, int classes) {
            this(block, width, blocks, classes, 3);
        }

        /// The same for images of another number of channels.
        public Config withChannels(int other) {
            return new Config(block, width, blocks, classes, other);
        }

        /// The same with another number of classes; 0 for no head.
        public Config withClasses(int other) {
            return new Config(block, width, blocks, other, channels);
        }

        /// The published network of this depth: 18, 34, 50, 101 or 152.
        ///
        /// @throws IllegalArgumentException for any other depth
        public static Config of(int depth, int classes) {
            return switch (depth) {
                case 18 -> new Config(Block.BASIC, 64, List.of(2, 2, 2, 2), classes);
                case 34 -> new Config(Block.BASIC, 64, List.of(3, 4, 6, 3), classes);
                case 50 -> new Config(Block.BOTTLENECK, 64, List.of(3, 4, 6, 3), classes);
                case 101 -> new Config(Block.BOTTLENECK, 64, List.of(3, 4, 23, 3), classes);
                case 152 -> new Config(Block.BOTTLENECK, 64, List.of(3, 8, 36, 3), classes);
                default -> throw new IllegalArgumentException("resnet: depth " + depth + ": published are 18, 34, 50, 101 and 152");
            };
        }

        /// Number of layers with weights, by which the networks are called.
        public int depth() {
            return block.convolutions * blocks.stream().mapToInt(Integer::intValue).sum() + 2;
        }

        /// Channels of a stage's blocks inside.
        int inner(int stage) {
            return width << stage;
        }

        /// Length of the vector that the head sees.
        public int features() {
            return block.expansion * inner(blocks.size() - 1);
        }
    }

    private final Config config;
    private final Conv2d conv1;
    private final BatchNorm bn1;
    private final MaxPool2d pool = new MaxPool2d(Pool2dGeometry.of(3).stride(2).padding(1));
    private final List<Sequential> stages;
    private final @Nullable Linear fc;
    private final Scope scope;

    /// A network with random weights.
    public ResNet(Config config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A network of this scope.
    public ResNet(Config config, Scope scope) {
        this.config = config;
        this.conv1 = conv(config.channels, config.width, 7, 2, scope.child(STEM));
        this.bn1 = new BatchNorm(config.width, scope.child("bn1"));
        this.stages = stages(config, scope);
        this.fc = VisionLayers.head(config.features(), config.classes, scope.child(HEAD));
        this.scope = scope.ownedBy(this);
    }

    /// Another network's, but for a part that was changed.
    private ResNet(ResNet old, Config config, Conv2d conv1, @Nullable Linear fc, Scope scope) {
        this.config = config;
        this.conv1 = conv1;
        this.bn1 = old.bn1;
        this.stages = old.stages;
        this.fc = fc;
        this.scope = scope.ownedBy(this);
    }

    /// The network whose names and shapes these are.
    public static Optional<Architecture> recognise(TensorShapes shapes) {
        if (!VisionLayers.seesChannels(shapes, STEM, -1, 7)) {
            return Optional.empty();
        }
        List<Integer> blocks = new ArrayList<>();
        for (int stage = 1; shapes.has("layer" + stage + ".0.conv1.weight"); stage++) {
            blocks.add(shapes.counted("layer" + stage + ".#.conv1.weight"));
        }
        int width = shapes.extent(STEM + ".weight", 0);
        if (blocks.isEmpty() || blocks.size() > 16 || (long) width << blocks.size() > Integer.MAX_VALUE / 4) {
            return Optional.empty();
        }
        Block block = shapes.has("layer1.0.conv3.weight") ? Block.BOTTLENECK : Block.BASIC;
        Config body = new Config(block, width, blocks, 0, shapes.extent(STEM + ".weight", 1));
        Config config = body.withClasses(VisionLayers.classes(shapes, HEAD, body.features()));
        return Architecture.fitting(shapes, scope -> new ResNet(config, scope), VisionLayers::named);
    }

    private static Conv2d conv(int in, int out, int kernel, int stride, Scope scope) {
        return VisionLayers.conv(in, out, kernel, PLAIN.stride(stride).padding(kernel / 2), VisionLayers.fanOut(), null, scope);
    }

    /// The published network of this depth with random weights: 18, 34, 50, 101 or 152.
    public static ResNet of(int depth, int classes, RandomStream random) {
        return new ResNet(Config.of(depth, classes), random);
    }

    private static List<Sequential> stages(Config config, Scope scope) {
        List<Sequential> stages = new ArrayList<>();
        int in = config.width;
        for (int stage = 0; stage < config.blocks.size(); stage++) {
            List<Layer> blocks = new ArrayList<>();
            for (int i = 0; i < config.blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                Scope block = scope.child("layer" + (stage + 1) + "." + i);
                blocks.add(new Residual(config.block, in, config.inner(stage), stride, block));
                in = config.block.expansion * config.inner(stage);
            }
            stages.add(new Sequential(blocks.toArray(Layer[]::new)));
        }
        return List.copyOf(stages);
    }

    /// The sizes.
    public Config config() {
        return config;
    }

    @Override
    public int classes() {
        return config.classes;
    }

    @Override
    public Variable features(Variable x, BiConsumer<String, Variable> states) {
        Variable y = pool.forward(bn1.forwardRelu(conv1.forward(x))); // [batch, height / 4, width / 4, config.width]
        for (int i = 0; i < stages.size(); i++) {
            y = stages.get(i).forward(y);
            states.accept("layer" + (i + 1), y);
        }
        return new Flatten().forward(AdaptiveAvgPool2d.global().forward(y));
    }

    @Override
    public Variable classify(Variable features) {
        return VisionLayers.demandHead(fc, this).forward(features);
    }

    @Override
    public ResNet withHead(int classes, RandomStream random) {
        Scope changed = scope.renewed(random, HEAD);
        return new ResNet(this, config.withClasses(classes), conv1, VisionLayers.linear(config.features(), classes, changed.child(HEAD)),
                changed);
    }

    @Override
    public Surgery<ImageClassifier> withChannels(int channels) {
        Scope changed = scope.renewed(scope.random(), STEM);
        Conv2d stem = VisionLayers.forChannels(conv1, channels, changed.child(STEM));
        return Surgery.channels(this, new ResNet(this, config.withChannels(channels), stem, fc, changed), STEM + ".weight");
    }

    @Override
    public List<String> head() {
        return List.of(HEAD + ".");
    }

    @Override
    public String architecture() {
        return "ResNet-" + config.depth();
    }

    /// Of torchvision's `IMAGENET1K_V1` weights; [#preprocessingV2] is that of `IMAGENET1K_V2`.
    @Override
    public Preprocessing preprocessing() {
        return VisionLayers.imageNet(256, 224).forChannels(config.channels);
    }

    /// Of torchvision's `IMAGENET1K_V2` weights.
    public Preprocessing preprocessingV2() {
        return VisionLayers.imageNet(232, 224).forChannels(config.channels);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }

    /// Convolutions, each normalised, beside a path that changes nothing but the shape, where that changes.
    private static final class Residual implements Layer {
        private final List<Conv2d> convolutions = new ArrayList<>();
        private final List<BatchNorm> norms = new ArrayList<>();
        private final @Nullable Sequential downsample;
        private final Scope scope;

        Residual(Block block, int in, int inner, int stride, Scope scope) {
            int out = block.expansion * inner;
            switch (block) {
                case BASIC -> {
                    add(in, inner, 3, stride, scope);
                    add(inner, out, 3, 1, scope);
                }
                case BOTTLENECK -> {
                    add(in, inner, 1, 1, scope);
                    add(inner, inner, 3, stride, scope);
                    add(inner, out, 1, 1, scope);
                }
            }
            downsample = stride == 1 && in == out ? null : downsample(in, out, stride, scope);
            this.scope = scope.ownedBy(this);
        }

        private void add(int in, int out, int kernel, int stride, Scope scope) {
            int number = convolutions.size() + 1;
            convolutions.add(conv(in, out, kernel, stride, scope.child("conv" + number)));
            norms.add(new BatchNorm(out, scope.child("bn" + number)));
        }

        private static Sequential downsample(int in, int out, int stride, Scope scope) {
            Scope conv = scope.child("downsample.0", stream -> stream.child("downsample"));
            return new Sequential(conv(in, out, 1, stride, conv), new BatchNorm(out, scope.child("downsample.1")));
        }

        @Override
        public Variable forward(Variable x) {
            Variable y = x;
            int last = convolutions.size() - 1;
            for (int i = 0; i < last; i++) {
                y = norms.get(i).forwardRelu(convolutions.get(i).forward(y));
            }
            return norms.get(last).forwardRelu(convolutions.get(last).forward(y), downsample == null ? x : downsample.forward(x));
        }

        @Override
        public Parts parts() {
            return scope.parts();
        }
    }
}
