package dev.headstart.nn;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// The distribution a weight starts from. Shapes are `[out, …, in]`; fan-in is the number of inputs of one output, fan-out the reverse.
@FunctionalInterface
public interface Initialiser {
    /// A first value for a weight.
    ///
    /// @param fanIn inputs that meet in one output
    /// @param fanOut outputs that one input reaches
    Tensor draw(Shape shape, int fanIn, int fanOut, RandomStream random);

    /// Zeros.
    static Initialiser zeros() {
        return (shape, fanIn, fanOut, random) -> Tensor.zeros(shape);
    }

    /// Ones.
    static Initialiser ones() {
        return (shape, fanIn, fanOut, random) -> Tensor.ones(shape);
    }

    /// N(0, deviation²).
    static Initialiser normal(float deviation) {
        return (shape, fanIn, fanOut, random) -> random.normal(shape, 0, deviation);
    }

    /// N(0, deviation²) without what is beyond two deviations, as BERT's weights (Devlin et al. 2018, arXiv 1810.04805: deviation 0.02).
    static Initialiser truncatedNormal(float deviation) {
        return (shape, fanIn, fanOut, random) -> random.truncatedNormal(shape, 0, deviation);
    }

    /// U(-a, a) with a = √(6 / (fanIn + fanOut)): Glorot and Bengio 2010, for tanh and linear layers.
    static Initialiser glorotUniform() {
        return (shape, fanIn, fanOut, random) -> symmetric(shape, StrictMath.sqrt(6.0 / (fanIn + fanOut)), random);
    }

    /// N(0, 2 / (fanIn + fanOut)): Glorot and Bengio 2010.
    static Initialiser glorotNormal() {
        return (shape, fanIn, fanOut, random) -> random.normal(shape, 0, (float) StrictMath.sqrt(2.0 / (fanIn + fanOut)));
    }

    /// U(-a, a) with a = √(6 / fanIn): He et al. 2015 (arXiv 1502.01852), for ReLU layers.
    static Initialiser heUniform() {
        return (shape, fanIn, fanOut, random) -> symmetric(shape, StrictMath.sqrt(6.0 / fanIn), random);
    }

    /// N(0, 2 / fanIn): He et al. 2015 (arXiv 1502.01852).
    static Initialiser heNormal() {
        return (shape, fanIn, fanOut, random) -> random.normal(shape, 0, (float) StrictMath.sqrt(2.0 / fanIn));
    }

    /// N(0, 1 / fanIn): LeCun et al. 1998, "Efficient BackProp".
    static Initialiser lecunNormal() {
        return (shape, fanIn, fanOut, random) -> random.normal(shape, 0, (float) StrictMath.sqrt(1.0 / fanIn));
    }

    /// U(-a, a) with a = 1 / √fanIn: what `torch.nn.Linear` and its bias start from.
    static Initialiser torchLinear() {
        return (shape, fanIn, fanOut, random) -> symmetric(shape, StrictMath.sqrt(1.0 / fanIn), random);
    }

    private static Tensor symmetric(Shape shape, double bound, RandomStream random) {
        return random.uniform(shape, (float) -bound, (float) bound);
    }
}
