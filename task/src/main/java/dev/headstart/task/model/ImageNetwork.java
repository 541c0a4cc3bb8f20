package dev.headstart.task.model;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.SeenImages.Extents;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// What a network for images computes, and what it sees of an image.
///
/// @param logits `[batch, height, width, channels] → [batch, classes]`
/// @param preprocessing what it sees
/// @param classes number of classes; empty where the configuration does not say
/// @param classifier the network itself, if its head can be replaced
public record ImageNetwork(UnaryOperator<Variable> logits, Preprocessing preprocessing, OptionalInt classes,
        Optional<ImageClassifier> classifier) {
    /// The same network, seeing these images in the size that it takes.
    ///
    /// @throws IOException when they cannot be brought to it
    public ImageNetwork seeing(LabelledImages images) throws IOException {
        return classifier.isEmpty()
                ? this
                : new ImageNetwork(logits, ImageFit.of(classifier.get(), preprocessing, images), classes, classifier);
    }

    /// What is done to images that are not as the network takes them, in sentences.
    ///
    /// @param counts of images by what they are
    public List<String> notes(Map<Extents, Integer> counts) {
        return classifier.map(network -> ImageFit.notes(network, preprocessing, counts)).orElse(List.of());
    }
}
