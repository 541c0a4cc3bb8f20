package dev.headstart.zoo.keras;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The element-wise functions of `keras.activations`, and softmax.
final class Functions {
    static final String SOFTMAX = "softmax";
    static final String SIGMOID = "sigmoid";
    static final String LINEAR = "linear";

    private static final double SELU_ALPHA = 1.6732632423543772;
    private static final double SELU_SCALE = 1.0507009873554805;

    private static final Map<String, UnaryOperator<Variable>> BY_NAME = Map.ofEntries(Map.entry(LINEAR, x -> x),
            Map.entry(SOFTMAX, Variable::softmax), Map.entry("log_softmax", Variable::logSoftmax), Map.entry(SIGMOID, Variable::sigmoid),
            Map.entry("tanh", Variable::tanh), Map.entry("relu", Variable::relu), Map.entry("relu6", x -> cut(x.relu(), 6)),
            Map.entry("leaky_relu", x -> leaky(x, 0.2f)), Map.entry("elu", x -> elu(x, 1)),
            Map.entry("selu", x -> elu(x, (float) SELU_ALPHA).times((float) SELU_SCALE)), Map.entry("gelu", Variable::gelu),
            Map.entry("silu", Functions::silu), Map.entry("swish", Functions::silu), Map.entry("exponential", Variable::exp),
            Map.entry("softplus", Variable::softplus), Map.entry("softsign", x -> x.dividedBy(x.relu().plus(x.negate().relu()).plus(1))),
            Map.entry("mish", x -> x.times(x.softplus().tanh())), Map.entry("hard_sigmoid", Functions::hardSigmoid),
            Map.entry("hard_silu", x -> x.times(hardSigmoid(x))), Map.entry("hard_swish", x -> x.times(hardSigmoid(x))));

    private Functions() {}

    /// The function of this name; null when it is not known.
    ///
    /// @param early as Keras 1 and 2 had it
    static @Nullable UnaryOperator<Variable> of(String name, boolean early) {
        return early && name.equals("hard_sigmoid") ? x -> cut(x.affine(0.2f, 0.5f).relu(), 1) : BY_NAME.get(name);
    }

    /// x where it is at most `most`, else that.
    static Variable cut(Variable x, float most) {
        return x.where(x.value().greater(Tensor.scalar(most)).affine(-1, 1), most);
    }

    /// x where it is positive, else slope · x.
    static Variable leaky(Variable x, float slope) {
        return x.relu().minus(x.negate().relu().times(slope));
    }

    /// x where it is positive, else alpha · (eˣ - 1).
    static Variable elu(Variable x, float alpha) {
        return x.relu().plus(x.negate().relu().negate().exp().affine(alpha, -alpha));
    }

    private static Variable silu(Variable x) {
        return x.times(x.sigmoid());
    }

    private static Variable hardSigmoid(Variable x) {
        return cut(x.plus(3).relu(), 6).times(1f / 6);
    }
}
