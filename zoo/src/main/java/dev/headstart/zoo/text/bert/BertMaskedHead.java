package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.Labelled;
import java.util.LinkedHashMap;
import java.util.Map;

/// The head that guesses tokens: `norm(activation(dense(x))) · wordsᵀ + bias`, the table of token vectors being its last weight.
///
/// Names in BERT: `bias [vocabulary]`, `transform.{dense,LayerNorm}`, tied `decoder.{weight,bias}`; in RoBERTa `bias`, `dense`, `layer_norm`,
/// tied `decoder.{weight,bias}`.
final class BertMaskedHead implements Part {
    private final Bert bert;
    private final Linear dense;
    private final LayerNorm norm;
    private final Parameter bias;

    BertMaskedHead(Bert bert, RandomStream random) {
        BertConfig config = bert.config();
        this.bert = bert;
        this.dense = Bert.dense(config, config.width(), random.child("dense"));
        this.norm = new LayerNorm(config.width(), config.eps());
        this.bias = Parameter.of(Tensor.zeros(Shape.of(config.vocabulary())));
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
        Activation activation = config.family() == BertConfig.Family.BERT ? config.activation() : Activation.GELU; // RoBERTa's is fixed
        return norm.forward(activation.forward(dense.forward(x)));
    }

    /// Other names that files have for the word table and the bias.
    ///
    /// @param head where in the model this is: `cls.predictions`
    Map<String, String> aliases(String head) {
        Map<String, String> aliases = new LinkedHashMap<>();
        aliases.put(head + ".decoder.weight", bert.prefix() + "embeddings.word_embeddings.weight");
        aliases.put(head + ".decoder.bias", head + ".bias");
        return aliases;
    }

    @Override
    public Parts parts() {
        Parts parts = Parts.none().with("bias", bias);
        return switch (bert.config().family()) {
            case BERT -> parts.with("transform", () -> Parts.none().with("dense", dense).with("LayerNorm", norm));
            case ROBERTA -> parts.with("dense", dense).with("layer_norm", norm);
        };
    }
}
