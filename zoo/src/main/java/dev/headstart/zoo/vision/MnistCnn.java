package dev.headstart.zoo.vision;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Layout;
import java.util.List;
import java.util.function.BiConsumer;

/// The small network for MNIST whose weights are published with tracel-ai/burn (`mnist.pt`): three 3 by 3 convolutions without padding, a
/// normalisation, two linear layers and a normalisation of the logits. Images of 28 by 28 pixels, one channel.
///
/// Names: `conv1`, `conv2`, `conv3`, `norm1`, `fc1`, `fc2`, `norm2`; `fc1` sees the image channels first, as published. 376,870 parameters
/// of 10 classes. Weights start as PyTorch's.
public final class MnistCnn implements ImageClassifier {
    private static final int SIDE = 28 - 3 * 2;
    private static final int HIDDEN = 32;

    private final Conv2d conv1;
    private final Conv2d conv2;
    private final Conv2d conv3;
    private final BatchNorm norm1;
    private final Linear fc1;
    private final Linear fc2;
    private final BatchNorm norm2;

    /// A network with random weights.
    public MnistCnn(int classes, RandomStream random) {
        this(conv(1, 8, random.child("conv1")), conv(8, 16, random.child("conv2")), conv(16, 24, random.child("conv3")), new BatchNorm(24),
                VisionLayers.linear(24 * SIDE * SIDE, HIDDEN, random.child("fc1")),
                VisionLayers.linear(HIDDEN, classes, random.child("fc2")),
                new BatchNorm(classes));
    }

    private MnistCnn(Conv2d conv1, Conv2d conv2, Conv2d conv3, BatchNorm norm1, Linear fc1, Linear fc2, BatchNorm norm2) {
        this.conv1 = conv1;
        this.conv2 = conv2;
        this.conv3 = conv3;
        this.norm1 = norm1;
        this.fc1 = fc1;
        this.fc2 = fc2;
        this.norm2 = norm2;
    }

    private static Conv2d conv(int in, int out, RandomStream random) {
        Conv2d conv = VisionLayers.conv(in, out, 3, Conv2dGeometry.DEFAULT, true, Initialiser.torchLinear(), random);
        if (conv.bias() != null) {
            conv.bias().take(Initialiser.torchLinear().draw(Shape.of(out), 9 * in, out, random.child("bias")));
        }
        return conv;
    }

    @Override
    public int classes() {
        return fc2.weight().shape().dim(0);
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
        return norm2.forward(fc2.forward(features));
    }

    @Override
    public MnistCnn withHead(int classes, RandomStream random) {
        Linear head = VisionLayers.linear(HIDDEN, classes, random.child("fc2"));
        return new MnistCnn(conv1, conv2, conv3, norm1, fc1, head, new BatchNorm(classes));
    }

    @Override
    public List<String> head() {
        return List.of("fc2.", "norm2.");
    }

    @Override
    public String architecture() {
        return "MNIST CNN";
    }

    @Override
    public Layout layout(String parameter) {
        return parameter.matches("conv\\d\\.weight") ? Layout.OIHW : Layout.AS_IS;
    }

    /// MNIST's mean and deviation.
    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.UNIT.withChannels(1).normalised(List.of(0.1307f), List.of(0.3081f));
    }

    @Override
    public Parts parts() {
        return Parts.none().with("conv1", conv1).with("conv2", conv2).with("conv3", conv3).with("norm1", norm1).with("fc1", fc1)
                .with("fc2", fc2).with("norm2", norm2);
    }
}
