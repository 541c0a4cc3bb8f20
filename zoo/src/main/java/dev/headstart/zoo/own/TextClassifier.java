package dev.headstart.zoo.own;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.model.SequenceScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.RandomStream;

/// A text encoder with a linear head over the mean of its output vectors. As in BERT the head starts near zero, from a normal distribution
/// of deviation 0.02 (Devlin et al. 2018, arXiv 1810.04805): with few labels a larger start is noise that training does not remove.
///
/// Names: `encoder.…` as in [TextEncoder], `head.weight [classes, width]`, `head.bias [classes]`.
public final class TextClassifier implements Part, SequenceScores {
    private final TextEncoder encoder;
    private final Linear head;
    private final Scope scope;

    /// A classifier with random weights.
    public TextClassifier(TextEncoder.Config config, int classes, RandomStream random) {
        this(config, classes, Scope.of(random));
    }

    /// A classifier of this scope.
    public TextClassifier(TextEncoder.Config config, int classes, Scope scope) {
        this.encoder = new TextEncoder(config, scope.child("encoder"));
        this.head = new Linear(config.width(), classes, Initialiser.truncatedNormal(0.02f), scope.child("head"));
        this.scope = scope.ownedBy(this);
    }

    /// The encoder.
    public TextEncoder encoder() {
        return encoder;
    }

    /// The head.
    public Linear head() {
        return head;
    }

    @Override
    public int width() {
        return encoder.width();
    }

    @Override
    public int padding() {
        return encoder.padding();
    }

    @Override
    public Variable features(TokenBatch batch) {
        return encoder.features(batch);
    }

    @Override
    public Variable classify(Variable features) {
        return head.forward(features);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
