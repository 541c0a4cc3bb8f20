package dev.headstart.zoo;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.RandomStream;

/// A text encoder with a linear head over the mean of its output vectors.
///
/// Names: `encoder.…` as in [TextEncoder], `head.weight [classes, width]`, `head.bias [classes]`.
public final class TextClassifier implements Part {
    private final TextEncoder encoder;
    private final Linear head;

    /// A classifier with random weights.
    public TextClassifier(TextEncoder.Config config, int classes, RandomStream random) {
        this.encoder = new TextEncoder(config, random.child("encoder"));
        this.head = new Linear(config.width(), classes, random.child("head"));
    }

    /// The encoder.
    public TextEncoder encoder() {
        return encoder;
    }

    /// The head.
    public Linear head() {
        return head;
    }

    /// Logits: `[batch, time] → [batch, classes]`.
    public Variable forward(TextBatch batch) {
        return head.forward(encoder.pooled(batch));
    }

    @Override
    public Parts parts() {
        return Parts.none().with("encoder", encoder).with("head", head);
    }
}
