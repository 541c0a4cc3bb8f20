package dev.headstart.parity;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.Losses;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// torchvision's classifiers of images. Their references have images channels first, and no dropout.
final class ParityVision {
    private static final Pattern RESNET = Pattern.compile("torchvision\\.resnet(18|34|50|101|152)");
    private static final Pattern VGG = Pattern.compile("torchvision\\.vgg(11|13|16|19)(_bn)?");

    private ParityVision() {}

    static Optional<ParityModel> of(ParityCase reference) {
        return classifier(reference).map(model -> {
            Variable images = Variable.of(reference.floats("image").permute(0, 2, 3, 1).copy());
            Indices labels = reference.ints("label");
            return new ParityModel(model, () -> Map.of("logits", model.forward(images)),
                    () -> Losses.crossEntropy(model.forward(images), labels));
        });
    }

    private static Optional<ImageClassifier> classifier(ParityCase reference) {
        RandomStream random = RandomStream.of(1);
        Matcher resnet = RESNET.matcher(reference.architecture());
        if (resnet.matches()) {
            int classes = reference.shape("fc.bias").dim(0);
            return Optional.of(ResNet.of(Integer.parseInt(resnet.group(1)), classes, random));
        }
        Matcher vgg = VGG.matcher(reference.architecture());
        if (vgg.matches()) {
            int classes = reference.shape("classifier.6.bias").dim(0);
            return Optional.of(new Vgg(new Vgg.Config(Integer.parseInt(vgg.group(1)), vgg.group(2) != null, classes, 0), random));
        }
        return Optional.empty();
    }
}
