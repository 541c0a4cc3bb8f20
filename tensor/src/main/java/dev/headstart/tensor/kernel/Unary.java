package dev.headstart.tensor.kernel;

/// Element-wise functions of one operand. Definitions and accuracy: `kernel.scalar.ScalarMath`.
public enum Unary {
    NEGATE, ABS, SQUARE, SQRT, RECIPROCAL,
    /// e^x
    EXP,
    /// natural logarithm
    LOG, TANH, ERF,
    /// 1 / (1 + e^-x)
    SIGMOID,
    /// x where x > 0, else +0 (a NaN stays)
    RELU,
    /// x · Φ(x) = x/2 · (1 + erf(x / √2))
    GELU,
    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))
    GELU_TANH,
    /// log(1 + e^x), computed as max(x, 0) + log(1 + e^-|x|)
    SOFTPLUS
}
