package dev.headstart.nn;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Losses: what training makes small. Each is a single number, a mean over elements or labels.
public final class Losses {
    private Losses() {}

    /// Cross-entropy with class labels; see [CrossEntropy] for smoothing, weights and ignored labels.
    public static Variable crossEntropy(Variable logits, Indices labels) {
        return CrossEntropy.PLAIN.of(logits, labels);
    }

    /// Cross-entropy of the logits `x · weightᵀ + bias`, which are never in memory as a whole; see [CrossEntropy#ofProjected].
    public static Variable crossEntropy(Variable x, Variable weight, @Nullable Variable bias, Indices labels) {
        return CrossEntropy.PLAIN.ofProjected(x, weight, bias, labels);
    }

    /// Mean squared error: `mean((x - target)²)`, equal shapes; as `torch.nn.MSELoss`.
    public static Variable meanSquaredError(Variable x, Tensor target) {
        Shapes.same("mean squared error", x.shape(), target.shape());
        return x.minus(Variable.of(target)).square().mean();
    }

    /// Binary cross-entropy of logits with targets in [0, 1]: `mean(softplus(x) - x · target)`, equal shapes; as
    /// `torch.nn.BCEWithLogitsLoss`.
    public static Variable binaryCrossEntropy(Variable logits, Tensor target) {
        Shapes.same("binary cross-entropy", logits.shape(), target.shape());
        return logits.softplus().minus(logits.times(Variable.of(target))).mean();
    }
}
