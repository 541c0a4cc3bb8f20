package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Binary;

/// Gradients of the activations among [Tensor]'s operators, element by element; all operands have one shape.
public final class Activations {
    private Activations() {}

    /// From tanh's output y: `dY · (1 - y²)`
    public static Tensor tanhGradient(Tensor y, Tensor dY) {
        return Loops.binary("tanhGradient", Binary.TANH_GRADIENT, y, dY);
    }

    /// From the sigmoid's output y: `dY · y · (1 - y)`
    public static Tensor sigmoidGradient(Tensor y, Tensor dY) {
        return Loops.binary("sigmoidGradient", Binary.SIGMOID_GRADIENT, y, dY);
    }

    /// From ReLU's input or output x: dY where it is positive, else 0
    public static Tensor reluGradient(Tensor x, Tensor dY) {
        return Loops.binary("reluGradient", Binary.RELU_GRADIENT, x, dY);
    }

    /// From GELU's input x
    public static Tensor geluGradient(Tensor x, Tensor dY) {
        return Loops.binary("geluGradient", Binary.GELU_GRADIENT, x, dY);
    }

    /// From the input x of the tanh form of GELU
    public static Tensor geluTanhGradient(Tensor x, Tensor dY) {
        return Loops.binary("geluTanhGradient", Binary.GELU_TANH_GRADIENT, x, dY);
    }
}
