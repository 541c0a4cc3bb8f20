package dev.headstart.zoo;

import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.vision.CifarResNet;
import dev.headstart.zoo.vision.MnistCnn;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The image networks, as their names and shapes tell them.
final class VisionArchitectures {
    private static final int MOST_CHANNELS = 256;
    private static final Pattern VGG_FEATURES = Pattern.compile("features\\.\\d+\\.weight");

    private VisionArchitectures() {}

    static Optional<Architecture> of(TensorShapes shapes) {
        if (shapes.has("conv1.weight", -1, -1, 7, 7) && areChannels(shapes, "conv1.weight") && shapes.has("fc.bias", -1)) {
            return resnet(shapes);
        }
        if (shapes.has("conv1.weight", 16, -1, 3, 3) && areChannels(shapes, "conv1.weight") && shapes.has("linear.bias", -1)) {
            int blocks = shapes.counted("layer1.#.conv1.weight");
            int classes = shapes.extent("linear.bias", 0);
            int channels = shapes.extent("conv1.weight", 1);
            return blocks == 0 ? Optional.empty() : named(shapes, random -> CifarResNet.of(6 * blocks + 2, classes, channels, random));
        }
        if (shapes.has("features.0.weight", 64, -1, 3, 3) && areChannels(shapes, "features.0.weight")
                && shapes.has("classifier.6.bias", -1)) {
            return vgg(shapes);
        }
        if (shapes.has("conv1.weight", 8, 1, 3, 3) && shapes.has("fc2.bias", -1) && shapes.has("norm2.bias", -1)) {
            return named(shapes, random -> new MnistCnn(shapes.extent("fc2.bias", 0), random));
        }
        return Optional.empty();
    }

    /// Whether a first convolution sees as many channels as images may have.
    private static boolean areChannels(TensorShapes shapes, String weight) {
        int channels = shapes.extent(weight, 1);
        return channels >= 1 && channels <= MOST_CHANNELS;
    }

    private static Optional<Architecture> resnet(TensorShapes shapes) {
        List<Integer> blocks = new ArrayList<>();
        for (int stage = 1; shapes.has("layer" + stage + ".0.conv1.weight"); stage++) {
            blocks.add(shapes.counted("layer" + stage + ".#.conv1.weight"));
        }
        int width = shapes.extent("conv1.weight", 0);
        if (blocks.isEmpty() || (long) width << blocks.size() > Integer.MAX_VALUE / 4) {
            return Optional.empty();
        }
        ResNet.Block block = shapes.has("layer1.0.conv3.weight") ? ResNet.Block.BOTTLENECK : ResNet.Block.BASIC;
        ResNet.Config config = new ResNet.Config(block, width, blocks, shapes.extent("fc.bias", 0),
                shapes.extent("conv1.weight", 1));
        return named(shapes, random -> new ResNet(config, random));
    }

    private static Optional<Architecture> vgg(TensorShapes shapes) {
        int depth = shapes.matching(VGG_FEATURES, 4) + 3;
        if (!List.of(11, 13, 16, 19).contains(depth)) {
            return Optional.empty();
        }
        Vgg.Config config = Vgg.Config.of(depth, shapes.has("features.1.running_mean"), shapes.extent("classifier.6.bias", 0))
                .withChannels(shapes.extent("features.0.weight", 1));
        return named(shapes, random -> new Vgg(config, random));
    }

    /// The network, if the shapes are its.
    private static Optional<Architecture> named(TensorShapes shapes, Function<RandomStream, ImageClassifier> builder) {
        ImageClassifier model = builder.apply(RandomStream.of(0));
        String name = model.architecture() + ", " + model.classes() + " classes";
        return shapes.fit(model) ? Optional.of(new Architecture(name, scope -> builder.apply(scope.random()))) : Optional.empty();
    }
}
