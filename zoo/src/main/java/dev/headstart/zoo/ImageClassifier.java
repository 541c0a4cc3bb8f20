package dev.headstart.zoo;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Layer;
import dev.headstart.tensor.RandomStream;
import java.util.List;

/// A published network that says which class an image belongs to. Images are channels last, `[batch, height, width, channels]`, and went
/// through the [#preprocessing] its weights were trained with.
public interface ImageClassifier extends Layer, Published {
    /// Number of classes.
    int classes();

    /// What the head sees of an image: `[batch, height, width, channels] → [batch, features]`.
    Variable features(Variable x);

    /// Logits: `[batch, height, width, channels] → [batch, classes]`.
    @Override
    Variable forward(Variable x);

    /// This network with a new head for another task. All other parameters are this network's own, not copies: freeze them, or let them
    /// learn on.
    ImageClassifier withHead(int classes, RandomStream random);

    /// How the names of the head's parameters begin, `fc.`; all others are the body's.
    List<String> head();

    /// What the published weights expect of an image.
    Preprocessing preprocessing();
}
