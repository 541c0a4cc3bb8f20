package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.AttentionPattern;
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
    private final Scope scope;

    BertLayer(BertConfig config, Scope scope) {
        int width = config.width();
        BertConfig.Family names = config.family();
        this.config = config;
        this.query = linear(width, width, scope.child(names.own("attention.self.query"), random -> random.child("query")));
        this.key = linear(width, width, scope.child(names.own("attention.self.key"), random -> random.child("key")));
        this.value = linear(width, width, scope.child(names.own("attention.self.value"), random -> random.child("value")));
        this.attended = linear(width, width, scope.child(names.own("attention.output.dense"), random -> random.child("attended")));
        this.attendedNorm = new LayerNorm(width, config.eps(), scope.child(names.own("attention.output.LayerNorm")));
        this.up = linear(width, config.hidden(), scope.child(names.own("intermediate.dense"), random -> random.child("up")));
        this.down = linear(config.hidden(), width, scope.child(names.own("output.dense"), random -> random.child("down")));
        this.norm = new LayerNorm(width, config.eps(), scope.child(names.own("output.LayerNorm")));
        this.dropout = new Dropout(config.dropouts().vectors());
        this.attentionDropout = new Dropout(config.dropouts().attention());
        this.scope = scope.ownedBy(this);
    }

    private Linear linear(int in, int out, Scope scope) {
        return new Linear(in, out, Initialiser.normal(config.deviation()), scope);
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
        return scope.parts();
    }
}
