package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.zoo.text.Labelled;

/// The head that guesses tokens: `norm(activation(dense(x))) · wordsᵀ + bias`, the table of token vectors being its last weight.
///
/// Names in BERT: `bias [vocabulary]`, `transform.{dense,LayerNorm}`, tied `decoder.{weight,bias}`; in RoBERTa `bias`, `dense`,
/// `layer_norm`, tied `decoder.{weight,bias}`.
final class BertMaskedHead implements Part {
    private final Bert bert;
    private final Linear dense;
    private final LayerNorm norm;
    private final Parameter bias;
    private final Scope scope;

    /// @param model of the model whose head this is
    BertMaskedHead(Bert bert, Scope model) {
        BertConfig config = bert.config();
        boolean roberta = config.family() == BertConfig.Family.ROBERTA;
        boolean distilled = config.family() == BertConfig.Family.DISTILBERT;
        Scope own = distilled ? model : model.child(roberta ? "lm_head" : "cls.predictions", random -> random.child("head"));
        this.bert = bert;
        Scope decoder = distilled ? model.child("vocab_projector") : own;
        this.bias = decoder.parameter("bias", WeightKind.OTHER, Shape.of(config.vocabulary()), Initialiser.zeros());
        this.dense = Bert.dense(config, config.width(),
                own.child(distilled ? "vocab_transform" : roberta ? "dense" : "transform.dense", random -> random.child("dense")));
        this.norm = new LayerNorm(config.width(), config.eps(),
                own.child(distilled ? "vocab_layer_norm" : roberta ? "layer_norm" : "transform.LayerNorm"));
        if (distilled) {
            decoder.alias("weight", bert.words());
        } else {
            own.alias("decoder.weight", bert.words());
            own.alias("decoder.bias", bias);
        }
        this.scope = own.ownedBy(this);
    }

    /// `[…, width] → […, vocabulary]`
    Variable forward(Variable x) {
        return transformed(x).linear(bert.words(), bias);
    }

    /// The cross-entropy at the positions that have a label. Logits are computed for those alone, and are never in memory as a whole.
    Variable loss(Variable x, Indices labels) {
        Labelled labelled = Labelled.of("masked language", x, labels);
        return Losses.crossEntropy(transformed(labelled.rows()), bert.words(), bias, labelled.labels());
    }

    private Variable transformed(Variable x) {
        BertConfig config = bert.config();
        Activation activation = config.family() != BertConfig.Family.ROBERTA ? config.activation() : Activation.GELU; // RoBERTa's is fixed
        return norm.forward(activation.forward(dense.forward(x)));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
