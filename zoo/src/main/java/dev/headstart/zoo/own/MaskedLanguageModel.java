package dev.headstart.zoo.own;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// A text encoder that guesses hidden tokens, with BERT's head: dense, GELU, normalisation, and the token table itself as the last
/// layer's weight (Devlin et al. 2018, arXiv 1810.04805; tied weights: Press and Wolf 2017, arXiv 1608.05859).
///
/// Names: `encoder.…` as in [TextEncoder], `mlm.dense.…`, `mlm.norm.…`, `mlm.bias [vocabulary]`.
public final class MaskedLanguageModel implements Part {
    private final TextEncoder encoder;
    private final Linear dense;
    private final LayerNorm norm;
    private final Parameter bias;

    /// A model with random weights.
    public MaskedLanguageModel(TextEncoder.Config config, RandomStream random) {
        this.encoder = new TextEncoder(config, random.child("encoder"));
        this.dense = new Linear(config.width(), config.width(), random.child("mlm.dense"));
        this.norm = new LayerNorm(config.width());
        this.bias = Parameter.of(Tensor.zeros(Shape.of(config.vocabulary())));
    }

    /// The encoder.
    public TextEncoder encoder() {
        return encoder;
    }

    /// Logits for chosen positions only: `[batch, time], [positions] → [positions, vocabulary]`.
    ///
    /// @param positions numbers of positions in row-major order of `[batch, time]`
    public Variable forward(TextBatch batch, Indices positions) {
        return transformed(batch, positions).linear(encoder.token().weight(), bias);
    }

    /// The loss at chosen positions: the cross-entropy of [#forward], without having all logits in memory.
    ///
    /// @param originals the tokens that should be there
    public Variable loss(TextBatch batch, Indices positions, Indices originals) {
        return Losses.crossEntropy(transformed(batch, positions), encoder.token().weight(), bias, originals);
    }

    /// `[positions, width]`
    private Variable transformed(TextBatch batch, Indices positions) {
        Variable x = encoder.forward(batch);
        Variable hidden = x.reshape(-1, encoder.config().width()).gatherRows(positions); // [positions, width]
        return norm.forward(dense.forward(hidden).geluTanh());
    }

    @Override
    public Parts parts() {
        Parts head = Parts.none().with("dense", dense).with("norm", norm).with("bias", bias);
        return Parts.none().with("encoder", encoder).with("mlm", () -> head);
    }
}
