package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A block of BERT, with normalisation last: `x = norm(x + attention(x)); x = norm(x + feedForward(x))`, with dropout on each addend.
///
/// Names: `attention.self.{query,key,value}`, `attention.output.{dense,LayerNorm}`, `intermediate.dense`, `output.{dense,LayerNorm}`.
final class BertLayer implements Part {
    private final BertConfig config;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear attended;
    private final LayerNorm attendedNorm;
    private final Linear up;
    private final Linear down;
    private final LayerNorm norm;
    private final Dropout dropout;
    private final Dropout attentionDropout;

    BertLayer(BertConfig config, RandomStream random) {
        int width = config.width();
        this.config = config;
        this.query = linear(width, width, random.child("query"));
        this.key = linear(width, width, random.child("key"));
        this.value = linear(width, width, random.child("value"));
        this.attended = linear(width, width, random.child("attended"));
        this.attendedNorm = new LayerNorm(width, config.eps());
        this.up = linear(width, config.hidden(), random.child("up"));
        this.down = linear(config.hidden(), width, random.child("down"));
        this.norm = new LayerNorm(width, config.eps());
        this.dropout = new Dropout(config.dropouts().vectors());
        this.attentionDropout = new Dropout(config.dropouts().attention());
    }

    private Linear linear(int in, int out, RandomStream random) {
        return new Linear(in, out, Initialiser.normal(config.deviation()), random);
    }

    /// `[batch, time, width] → [batch, time, width]`
    ///
    /// @param mask of padding; null for none
    Variable forward(Variable x, @Nullable Tensor mask) {
        Variable q = heads(query.forward(x)); // [batch, time, heads, headDim]
        Variable k = heads(key.forward(x)); // [batch, time, heads, headDim]
        Variable v = heads(value.forward(x)); // [batch, time, heads, headDim]
        Variable joined = q.attention(k, v, attentionDropout.of(AttentionPattern.FULL.masked(mask))).reshape(x.shape().dims());
        Variable y = attendedNorm.forward(dropout.forward(attended.forward(joined)).plus(x));
        Variable fed = down.forward(config.activation().forward(up.forward(y)));
        return norm.forward(dropout.forward(fed).plus(y));
    }

    /// `[batch, time, width] → [batch, time, heads, headDim]`
    private Variable heads(Variable x) {
        return x.reshape(x.shape().dim(0), x.shape().dim(1), config.heads(), config.sizes().headDim());
    }

    @Override
    public Parts parts() {
        Parts self = Parts.none().with("query", query).with("key", key).with("value", value);
        Parts joined = Parts.none().with("dense", attended).with("LayerNorm", attendedNorm);
        Parts attention = Parts.none().with("self", () -> self).with("output", () -> joined);
        Parts output = Parts.none().with("dense", down).with("LayerNorm", norm);
        return Parts.none().with("attention", () -> attention).with("intermediate", () -> Parts.none().with("dense", up))
                .with("output", () -> output);
    }
}
