package dev.headstart.tensor.kernel;

/// Element-wise functions of two operands, `f(a, b)`.
public enum Binary {
    PLUS, MINUS, TIMES, DIVIDE,
    /// the larger; a NaN in either gives NaN; of zeros with different signs +0 (as `Math.max`)
    MAXIMUM,
    /// the smaller; as `Math.min`
    MINIMUM,
    /// 1 where a > b, else 0
    GREATER,
    /// 1 where a = b, else 0
    EQUAL,
    /// gradient of tanh from its *output*: a is y, b is dY: b · (1 - y²)
    TANH_GRADIENT,
    /// gradient of the sigmoid from its *output*: a is y, b is dY: b · y · (1 - y)
    SIGMOID_GRADIENT,
    /// gradient of ReLU: a is x (or y), b is dY: b where a > 0, else +0
    RELU_GRADIENT,
    /// gradient of GELU from its *input*: a is x, b is dY: b · (Φ(x) + x φ(x))
    GELU_GRADIENT,
    /// gradient of the tanh form of GELU from its input: a is x, b is dY
    GELU_TANH_GRADIENT
}
