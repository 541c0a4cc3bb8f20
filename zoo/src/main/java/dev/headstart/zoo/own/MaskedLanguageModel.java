package dev.headstart.zoo.own;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.model.MaskedTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.zoo.text.Labelled;

/// A text encoder that guesses hidden tokens, with BERT's head: dense, GELU, normalisation, and the token table itself as the last
/// layer's weight (Devlin et al. 2018, arXiv 1810.04805; tied weights: Press and Wolf 2017, arXiv 1608.05859).
///
/// Names: `encoder.…` as in [TextEncoder], `mlm.dense.…`, `mlm.norm.…`, `mlm.bias [vocabulary]`.
public final class MaskedLanguageModel implements Part, MaskedTokenScores {
    private final TextEncoder encoder;
    private final Linear dense;
    private final LayerNorm norm;
    private final Parameter bias;
    private final Scope scope;

    /// A model with random weights.
    public MaskedLanguageModel(TextEncoder.Config config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model of this scope.
    public MaskedLanguageModel(TextEncoder.Config config, Scope scope) {
        this.encoder = new TextEncoder(config, scope.child("encoder"));
        this.dense = new Linear(config.width(), config.width(), scope.child("mlm.dense"));
        this.norm = new LayerNorm(config.width(), scope.child("mlm.norm"));
        this.bias = scope.child("mlm").parameter("bias", WeightKind.OTHER, Shape.of(config.vocabulary()), Initialiser.zeros());
        this.scope = scope.ownedBy(this);
    }

    /// The encoder.
    public TextEncoder encoder() {
        return encoder;
    }

    @Override
    public int vocabulary() {
        return encoder.config().vocabulary();
    }

    @Override
    public int padding() {
        return encoder.padding();
    }

    /// Logits for chosen positions only: `[batch, time], [positions] → [positions, vocabulary]`.
    ///
    /// @param positions numbers of positions in row-major order of `[batch, time]`
    public Variable forward(TokenBatch batch, Indices positions) {
        Variable rows = encoder.forward(batch).reshape(-1, encoder.width()).gatherRows(positions); // [positions, width]
        return transformed(rows).linear(encoder.token().weight(), bias);
    }

    /// The cross-entropy at the labelled positions, without having all logits in memory.
    @Override
    public Variable tokenLoss(TokenBatch batch, Indices labels) {
        Labelled labelled = Labelled.of("masked language model", encoder.forward(batch), labels);
        return Losses.crossEntropy(transformed(labelled.rows()), encoder.token().weight(), bias, labelled.labels());
    }

    /// `[rows, width] → [rows, width]`
    private Variable transformed(Variable rows) {
        return norm.forward(dense.forward(rows).geluTanh());
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
