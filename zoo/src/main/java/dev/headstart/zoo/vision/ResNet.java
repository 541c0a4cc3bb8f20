package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Flatten;
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
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Layout;
import dev.headstart.zoo.model.Surgery;
import java.util.ArrayList;
import java.util.List;
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
    /// @param classes number of classes
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
    private final Linear fc;

    /// A network with random weights.
    public ResNet(Config config, RandomStream random) {
        this(config, VisionLayers.conv(config.channels, config.width, 7, PLAIN.stride(2).padding(3), false, VisionLayers.fanOut(),
                random.child("conv1")),
                new BatchNorm(config.width), stages(config, random),
                VisionLayers.linear(config.features(), config.classes, random.child("fc")));
    }

    private ResNet(Config config, Conv2d conv1, BatchNorm bn1, List<Sequential> stages, Linear fc) {
        this.config = config;
        this.conv1 = conv1;
        this.bn1 = bn1;
        this.stages = stages;
        this.fc = fc;
    }

    /// The published network of this depth with random weights: 18, 34, 50, 101 or 152.
    public static ResNet of(int depth, int classes, RandomStream random) {
        return new ResNet(Config.of(depth, classes), random);
    }

    private static List<Sequential> stages(Config config, RandomStream random) {
        List<Sequential> stages = new ArrayList<>();
        int in = config.width;
        for (int stage = 0; stage < config.blocks.size(); stage++) {
            List<Layer> blocks = new ArrayList<>();
            for (int i = 0; i < config.blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                RandomStream stream = random.child("layer" + (stage + 1) + "." + i);
                blocks.add(new Residual(config.block, in, config.inner(stage), stride, stream));
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
        return fc.forward(features);
    }

    @Override
    public ResNet withHead(int classes, RandomStream random) {
        Config other = new Config(config.block, config.width, config.blocks, classes, config.channels);
        return new ResNet(other, conv1, bn1, stages, VisionLayers.linear(config.features(), classes, random.child("fc")));
    }

    @Override
    public Surgery<ImageClassifier> withChannels(int channels) {
        Conv2d stem = VisionLayers.forChannels(conv1, channels);
        return Surgery.channels(this, new ResNet(config.withChannels(channels), stem, bn1, stages, fc), "conv1.weight");
    }

    @Override
    public List<String> head() {
        return List.of("fc.");
    }

    @Override
    public String architecture() {
        return "ResNet-" + config.depth();
    }

    @Override
    public Layout layout(String parameter) {
        return parameter.matches("(.*\\.)?(conv\\d|downsample\\.0)\\.weight") ? Layout.OIHW : Layout.AS_IS;
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
        Parts parts = Parts.none().with("conv1", conv1).with("bn1", bn1);
        for (int i = 0; i < stages.size(); i++) {
            parts = parts.with("layer" + (i + 1), stages.get(i));
        }
        return parts.with("fc", fc);
    }

    /// Convolutions, each normalised, beside a path that changes nothing but the shape, where that changes.
    private static final class Residual implements Layer {
        private final List<Conv2d> convolutions;
        private final List<BatchNorm> norms;
        private final @Nullable Sequential downsample;

        Residual(Block block, int in, int inner, int stride, RandomStream random) {
            int out = block.expansion * inner;
            convolutions = switch (block) {
                case BASIC -> List.of(conv(in, inner, 3, stride, random.child("conv1")), conv(inner, out, 3, 1, random.child("conv2")));
                case BOTTLENECK ->
                        List.of(conv(in, inner, 1, 1, random.child("conv1")), conv(inner, inner, 3, stride, random.child("conv2")),
                                conv(inner, out, 1, 1, random.child("conv3")));
            };
            norms = convolutions.stream().map(conv -> new BatchNorm(conv.weight().shape().dim(0))).toList();
            downsample = stride == 1 && in == out
                    ? null
                    : new Sequential(conv(in, out, 1, stride, random.child("downsample")), new BatchNorm(out));
        }

        private static Conv2d conv(int in, int out, int kernel, int stride, RandomStream random) {
            return VisionLayers.conv(in, out, kernel, PLAIN.stride(stride).padding(kernel / 2), false, VisionLayers.fanOut(), random);
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
            Parts parts = Parts.none();
            for (int i = 0; i < norms.size(); i++) {
                parts = parts.with("conv" + (i + 1), convolutions.get(i)).with("bn" + (i + 1), norms.get(i));
            }
            return downsample == null ? parts : parts.with("downsample", downsample);
        }
    }
}
