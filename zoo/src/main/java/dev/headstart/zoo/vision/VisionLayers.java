package dev.headstart.zoo.vision;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Scope;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.transfer.Surgeon;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.TensorShapes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the published image networks have in common: first values as torchvision's, and the statistics of ImageNet.
final class VisionLayers {
    private static final int MOST_CHANNELS = 256;
    private static final List<Float> MEAN = List.of(0.485f, 0.456f, 0.406f);
    private static final List<Float> DEVIATION = List.of(0.229f, 0.224f, 0.225f);

    private VisionLayers() {}

    /// N(0, 2 / fanOut): He et al. 2015 (arXiv 1502.01852), for the gradients' sake; PyTorch's `kaiming_normal_(mode="fan_out")`.
    public static Initialiser fanOut() {
        return (shape, fanIn, fanOut, random) -> random.normal(shape, 0, (float) StrictMath.sqrt(2.0 / fanOut));
    }

    /// A convolution with a square kernel.
    public static Conv2d conv(int in, int out, int kernel, Conv2dGeometry geometry, Initialiser weight, @Nullable Initialiser bias,
            Scope scope) {
        return new Conv2d(in, out, kernel, kernel, geometry, weight, bias, scope);
    }

    /// Whether a file's first convolution has a kernel of this side and sees as many channels as images may have.
    ///
    /// @param out output channels; -1 for any
    public static boolean seesChannels(TensorShapes shapes, String name, int out, int kernel) {
        int channels = shapes.extent(name + ".weight", 1);
        return shapes.has(name + ".weight", out, -1, kernel, kernel) && channels >= 1 && channels <= MOST_CHANNELS;
    }

    /// What a network is called, with its classes.
    public static String named(ImageClassifier model) {
        return model.architecture() + (model.isHeadless() ? ", no head" : ", " + model.classes() + " classes");
    }

    /// A head of this many classes; none, whose place is kept, for 0.
    public static @Nullable Linear head(int in, int classes, Scope scope) {
        return classes == 0 ? null : linear(in, classes, scope);
    }

    /// The head, where there is one.
    ///
    /// @throws IllegalStateException when there is none
    public static Linear demandHead(@Nullable Linear head, ImageClassifier model) {
        if (head == null) {
            throw new IllegalStateException(model.architecture() + ": it has no head: fine-tune it first");
        }
        return head;
    }

    /// The number of classes of a head in a file; 0 where there is none whose weight and bias belong to these features.
    public static int classes(TensorShapes shapes, String head, int features) {
        int classes = shapes.extent(head + ".bias", 0);
        return shapes.has(head + ".weight", classes, features) && shapes.has(head + ".bias", classes) ? classes : 0;
    }

    /// A first convolution for another number of channels, with the weight that [Surgeon#inputChannels] makes of the old one, and the old
    /// bias.
    public static Conv2d forChannels(Conv2d conv, int channels, Scope scope) {
        String name = "weight";
        Tensor changed = Surgeon.of(Parameters.of(Map.of(name, conv.weight()))).inputChannels(name, channels).tensors().get(name);
        Parameter weight = Parameter.of(Objects.requireNonNull(changed, "it was put in"));
        if (!conv.weight().isTrainable()) {
            weight.freeze();
        }
        return conv.withWeight(weight, scope);
    }

    /// A fully connected layer that starts as PyTorch's: weight and bias from U(-1/√in, 1/√in).
    public static Linear linear(int in, int out, Scope scope) {
        return new Linear(in, out, Initialiser.torchLinear(), Initialiser.torchLinear(), scope);
    }

    /// ImageNet's: the shorter side resized, the middle cut out, channels normalised.
    public static Preprocessing imageNet(int shorterSide, int crop) {
        return normalised().resized(shorterSide, Filter.BILINEAR).cropped(crop);
    }

    /// Channels normalised by ImageNet's statistics, and nothing else.
    public static Preprocessing normalised() {
        return Preprocessing.UNIT.withChannels(3).normalised(MEAN, DEVIATION);
    }
}
