package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.Concat;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.conv.AdaptiveAvgPool2d;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
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

/// The small residual networks for images of 32 pixels (He et al. 2015, arXiv 1512.03385, section 4.2): three stages of 16, 32 and 64
/// channels, `depth = 6 · blocks + 2`. Where the shape changes, the path beside a block takes every second pixel and adds channels of
/// zeros (option A), so it has no parameters.
///
/// Names as in akamaster/pytorch_resnet_cifar10: `conv1`, `bn1`, `layer{1…3}.{i}.{conv1, bn1, conv2, bn2}`, `linear`. All weights start
/// from N(0, 2 / fanIn), as there.
///
/// Parameters of 10 classes: 20: 269,722; 32: 464,154; 44: 658,586; 56: 853,018; 110: 1,727,962.
public final class CifarResNet implements ImageClassifier {
    private static final int WIDTH = 16;
    private static final int STAGES = 3;
    private static final int FEATURES = WIDTH << (STAGES - 1);
    private static final String STEM = "conv1";
    private static final String HEAD = "linear";

    private final int blocks;
    private final int classes;
    private final Conv2d conv1;
    private final BatchNorm bn1;
    private final List<Sequential> stages;
    private final @Nullable Linear linear;
    private final Scope scope;

    private CifarResNet(int blocks, int classes, int channels, Scope scope) {
        this.blocks = blocks;
        this.classes = classes;
        this.conv1 = conv(channels, WIDTH, 1, scope.child(STEM));
        this.bn1 = new BatchNorm(WIDTH, scope.child("bn1"));
        this.stages = stages(blocks, scope);
        this.linear = head(classes, scope.child(HEAD));
        this.scope = scope.ownedBy(this);
    }

    /// Another network's, but for a part that was changed.
    private CifarResNet(CifarResNet old, int classes, Conv2d conv1, @Nullable Linear linear, Scope scope) {
        this.blocks = old.blocks;
        this.classes = classes;
        this.conv1 = conv1;
        this.bn1 = old.bn1;
        this.stages = old.stages;
        this.linear = linear;
        this.scope = scope.ownedBy(this);
    }

    /// A network with random weights.
    ///
    /// @param depth 20, 32, 44, 56, 110, or any other 6 n + 2
    public static CifarResNet of(int depth, int classes, RandomStream random) {
        return of(depth, classes, 3, random);
    }

    /// A network for images of another number of channels, with random weights.
    ///
    /// @param depth 20, 32, 44, 56, 110, or any other 6 n + 2
    public static CifarResNet of(int depth, int classes, int channels, RandomStream random) {
        return of(depth, classes, channels, Scope.of(random));
    }

    private static CifarResNet of(int depth, int classes, int channels, Scope scope) {
        if (depth < 8 || depth % 6 != 2) {
            throw new IllegalArgumentException("resnet for CIFAR: depth " + depth + ": it must be 6 n + 2, as 20, 32, 44, 56, 110");
        }
        return new CifarResNet(depth / 6, classes, channels, scope);
    }

    /// The network whose names and shapes these are.
    public static Optional<Architecture> recognise(TensorShapes shapes) {
        int blocks = shapes.counted("layer1.#.conv1.weight");
        if (!VisionLayers.seesChannels(shapes, STEM, WIDTH, 3) || blocks == 0) {
            return Optional.empty();
        }
        int classes = VisionLayers.classes(shapes, HEAD, FEATURES);
        int channels = shapes.extent(STEM + ".weight", 1);
        return Architecture.fitting(shapes, scope -> of(6 * blocks + 2, classes, channels, scope), VisionLayers::named);
    }

    private static Conv2d conv(int in, int out, int stride, Scope scope) {
        return VisionLayers.conv(in, out, 3, Conv2dGeometry.DEFAULT.stride(stride).padding(1), Initialiser.heNormal(), null, scope);
    }

    private static @Nullable Linear head(int classes, Scope scope) {
        return classes == 0 ? null : new Linear(FEATURES, classes, Initialiser.heNormal(), scope);
    }

    private static List<Sequential> stages(int count, Scope scope) {
        List<Sequential> stages = new ArrayList<>();
        for (int stage = 0; stage < STAGES; stage++) {
            List<Layer> blocks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                boolean halves = stage > 0 && i == 0;
                int out = WIDTH << stage;
                blocks.add(new Residual(halves ? out / 2 : out, out, scope.child("layer" + (stage + 1) + "." + i)));
            }
            stages.add(new Sequential(blocks.toArray(Layer[]::new)));
        }
        return List.copyOf(stages);
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public Variable features(Variable x, BiConsumer<String, Variable> states) {
        Variable y = bn1.forwardRelu(conv1.forward(x));
        for (int i = 0; i < stages.size(); i++) {
            y = stages.get(i).forward(y);
            states.accept("layer" + (i + 1), y);
        }
        return new Flatten().forward(AdaptiveAvgPool2d.global().forward(y)); // [batch, 64]
    }

    @Override
    public Variable classify(Variable features) {
        return VisionLayers.demandHead(linear, this).forward(features);
    }

    @Override
    public CifarResNet withHead(int other, RandomStream random) {
        Scope changed = scope.renewed(random, HEAD);
        return new CifarResNet(this, other, conv1, head(other, changed.child(HEAD)), changed);
    }

    @Override
    public Surgery<ImageClassifier> withChannels(int channels) {
        Scope changed = scope.renewed(scope.random(), STEM);
        Conv2d stem = VisionLayers.forChannels(conv1, channels, changed.child(STEM));
        return Surgery.channels(this, new CifarResNet(this, classes, stem, linear, changed), STEM + ".weight");
    }

    @Override
    public List<String> head() {
        return List.of(HEAD + ".");
    }

    @Override
    public String architecture() {
        return "ResNet-" + (6 * blocks + 2) + " for CIFAR";
    }

    @Override
    public Preprocessing preprocessing() {
        return VisionLayers.normalised().forChannels(conv1.weight().shape().dim(3));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }

    /// Two convolutions, each normalised, beside the path without parameters.
    private static final class Residual implements Layer {
        private final int in;
        private final int out;
        private final Conv2d conv1;
        private final BatchNorm bn1;
        private final Conv2d conv2;
        private final BatchNorm bn2;
        private final Scope scope;

        Residual(int in, int out, Scope scope) {
            this.in = in;
            this.out = out;
            this.conv1 = conv(in, out, in == out ? 1 : 2, scope.child("conv1"));
            this.bn1 = new BatchNorm(out, scope.child("bn1"));
            this.conv2 = conv(out, out, 1, scope.child("conv2"));
            this.bn2 = new BatchNorm(out, scope.child("bn2"));
            this.scope = scope.ownedBy(this);
        }

        @Override
        public Variable forward(Variable x) {
            Variable y = bn1.forwardRelu(conv1.forward(x));
            return bn2.forwardRelu(conv2.forward(y), in == out ? x : widened(x));
        }

        /// Every second pixel of every second row, between channels of zeros.
        private Variable widened(Variable x) {
            Variable halved = x.avgPool2d(Pool2dGeometry.of(1).stride(2), false);
            Variable zeros = Variable.of(Tensor.zeros(halved.shape().with(3, (out - in) / 2)));
            return Concat.apply(3, zeros, halved, zeros);
        }

        @Override
        public Parts parts() {
            return scope.parts();
        }
    }
}
