package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.TensorShapes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The small network for MNIST whose weights are published with tracel-ai/burn (`mnist.pt`): three 3 by 3 convolutions without padding, a
/// normalisation, two linear layers and a normalisation of the logits. Images of 28 by 28 pixels, one channel.
///
/// Names: `conv1`, `conv2`, `conv3`, `norm1`, `fc1`, `fc2`, `norm2`; `fc1` sees the image channels first, as published. 376,870 parameters
/// of 10 classes. Weights start as PyTorch's.
public final class MnistCnn implements ImageClassifier {
    private static final int SIDE = 28 - 3 * 2;
    private static final int HIDDEN = 32;
    private static final String HEAD = "fc2";
    private static final String HEAD_NORM = "norm2";

    private final Conv2d conv1;
    private final Conv2d conv2;
    private final Conv2d conv3;
    private final BatchNorm norm1;
    private final Linear fc1;
    private final @Nullable Linear fc2;
    private final @Nullable BatchNorm norm2;
    private final Scope scope;

    /// A network with random weights.
    public MnistCnn(int classes, RandomStream random) {
        this(classes, Scope.of(random));
    }

    /// A network of this scope.
    public MnistCnn(int classes, Scope scope) {
        this.conv1 = conv(1, 8, scope.child("conv1"));
        this.conv2 = conv(8, 16, scope.child("conv2"));
        this.conv3 = conv(16, 24, scope.child("conv3"));
        this.norm1 = new BatchNorm(24, scope.child("norm1"));
        this.fc1 = VisionLayers.linear(24 * SIDE * SIDE, HIDDEN, scope.child("fc1"));
        this.fc2 = VisionLayers.head(HIDDEN, classes, scope.child(HEAD));
        this.norm2 = norm(classes, scope.child(HEAD_NORM));
        this.scope = scope.ownedBy(this);
    }

    /// Another network's body under a new head.
    private MnistCnn(MnistCnn old, int classes, Scope scope) {
        this.conv1 = old.conv1;
        this.conv2 = old.conv2;
        this.conv3 = old.conv3;
        this.norm1 = old.norm1;
        this.fc1 = old.fc1;
        this.fc2 = VisionLayers.head(HIDDEN, classes, scope.child(HEAD));
        this.norm2 = norm(classes, scope.child(HEAD_NORM));
        this.scope = scope.ownedBy(this);
    }

    /// The network whose names and shapes these are.
    public static Optional<Architecture> recognise(TensorShapes shapes) {
        int outputs = VisionLayers.classes(shapes, HEAD, HIDDEN);
        int classes = shapes.has(HEAD_NORM + ".bias", outputs) ? outputs : 0;
        return shapes.has("conv1.weight", 8, 1, 3, 3)
                ? Architecture.fitting(shapes, scope -> new MnistCnn(classes, scope), VisionLayers::named)
                : Optional.empty();
    }

    private static @Nullable BatchNorm norm(int classes, Scope scope) {
        return classes == 0 ? null : new BatchNorm(classes, scope);
    }

    private static Conv2d conv(int in, int out, Scope scope) {
        return VisionLayers.conv(in, out, 3, Conv2dGeometry.DEFAULT, Initialiser.torchLinear(), Initialiser.torchLinear(), scope);
    }

    @Override
    public int classes() {
        return fc2 == null ? 0 : fc2.weight().shape().dim(0);
    }

    @Override
    public Variable features(Variable x, BiConsumer<String, Variable> states) {
        Variable y = conv1.forward(x).relu();
        states.accept("conv1", y);
        y = conv2.forward(y).relu();
        states.accept("conv2", y);
        y = norm1.forward(conv3.forward(y).relu()); // [batch, 22, 22, 24]
        states.accept("conv3", y);
        y = y.permute(0, 3, 1, 2).reshape(x.shape().dim(0), 24 * SIDE * SIDE);
        return fc1.forward(y).relu();
    }

    @Override
    public Variable classify(Variable features) {
        Variable logits = VisionLayers.demandHead(fc2, this).forward(features);
        return norm2 == null ? logits : norm2.forward(logits);
    }

    @Override
    public MnistCnn withHead(int classes, RandomStream random) {
        return new MnistCnn(this, classes, scope.renewed(random, HEAD, HEAD_NORM));
    }

    @Override
    public List<String> head() {
        return List.of(HEAD + ".", HEAD_NORM + ".");
    }

    @Override
    public String architecture() {
        return "MNIST CNN";
    }

    /// MNIST's mean and deviation.
    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.UNIT.withChannels(1).normalised(List.of(0.1307f), List.of(0.3081f));
    }

    @Override
    public OptionalInt pixels() {
        return OptionalInt.of((SIDE + 6) * (SIDE + 6)); // three convolutions of 3 by 3 without a border
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
