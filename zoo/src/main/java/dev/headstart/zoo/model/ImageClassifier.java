package dev.headstart.zoo.model;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Layer;
import dev.headstart.tensor.RandomStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/// A published network that says which class an image belongs to. Images are channels last, `[batch, height, width, channels]`, and went
/// through the [#preprocessing] its weights were trained with.
public interface ImageClassifier extends Layer, Published {
    /// Number of classes; 0 of a body without a head, which gives features only.
    int classes();

    @Override
    default boolean isHeadless() {
        return classes() == 0;
    }

    /// What the head sees of an image: `[batch, height, width, channels] → [batch, features]`.
    default Variable features(Variable x) {
        return features(x, (stage, state) -> {});
    }

    /// [#features(Variable)] with every state on the way there.
    ///
    /// @param states gets the name of each stage, `layer1`, and what it gives, `[batch, height, width, channels]`, in order
    Variable features(Variable x, BiConsumer<String, Variable> states);

    /// What the head makes of [#features]: `[batch, features] → [batch, classes]`.
    ///
    /// @throws IllegalStateException when there is no head
    Variable classify(Variable features);

    /// Logits: `[batch, height, width, channels] → [batch, classes]`.
    @Override
    default Variable forward(Variable x) {
        return classify(features(x));
    }

    /// This network with a new head for another task. All other parameters are this network's own, not copies: freeze them, or let them
    /// learn on.
    ImageClassifier withHead(int classes, RandomStream random);

    /// This network for images of another number of channels; preprocessing follows. The weight that sees the channels is made from this
    /// network's, as [dev.headstart.nn.transfer.Surgeon#inputChannels] says; all other parameters are this network's own, not copies.
    ///
    /// @throws IllegalArgumentException when there are fewer than 1, or the network is made for one number only
    default Surgery<ImageClassifier> withChannels(int channels) {
        throw new IllegalArgumentException(architecture() + " for " + channels + " channels: it is made for one number of channels only");
    }

    /// How the names of the head's parameters begin, `fc.`; all others are the body's.
    List<String> head();

    /// The parameters of the head.
    default Parameters headParameters() {
        return some(true);
    }

    /// All other parameters.
    default Parameters bodyParameters() {
        return some(false);
    }

    private Parameters some(boolean ofHead) {
        Map<String, Parameter> own = new LinkedHashMap<>(parameters().byName());
        own.keySet().removeIf(name -> head().stream().anyMatch(name::startsWith) != ofHead);
        return Parameters.of(own);
    }

    /// What the published weights expect of an image.
    Preprocessing preprocessing();

    /// Numbers of an image, height · width · channels, where the network is made for one number only: where a layer sees all of them.
    default OptionalInt pixels() {
        return OptionalInt.empty();
    }
}
