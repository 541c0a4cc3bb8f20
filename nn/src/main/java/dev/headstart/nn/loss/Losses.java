package dev.headstart.nn.loss;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Losses: what training makes small. Each is a single number, a mean over elements or labels.
public final class Losses {
    private static final float SMALLEST = 1e-6f;

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

    /// How far units are from being active a share ρ of the time: `Σ_j ρ log(ρ / q_j) + (1 - ρ) log((1 - ρ) / (1 - q_j))`, where q_j is the mean
    /// of unit j over the batch. In nats (Lee, Ekanadham and Ng 2008; Ng 2011, "Sparse Autoencoder").
    ///
    /// @param activations `[batch, units]`, in (0, 1)
    /// @param share ρ, in (0, 1)
    public static Variable sparsity(Variable activations, double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("sparsity: a share of " + share + ": it must be in (0, 1)");
        }
        Variable q = activations.mean(0).affine(1 - 2 * SMALLEST, SMALLEST); // the logarithms stay finite
        Variable cross = q.log().times((float) share).plus(q.affine(-1, 1).log().times((float) (1 - share)));
        double entropy = share * Math.log(share) + (1 - share) * Math.log(1 - share);
        return cross.sum().negate().plus((float) (entropy * activations.shape().dim(1)));
    }

    /// The Kullback-Leibler divergence of normal distributions from the standard one, `½ Σ (μ² + σ² - 1 - log σ²)`: summed over the code,
    /// averaged over the batch. In nats (Kingma and Welling 2013, arXiv 1312.6114, appendix B).
    ///
    /// @param mean μ, `[batch, code]`
    /// @param logVariance log σ², `[batch, code]`
    public static Variable gaussianDivergence(Variable mean, Variable logVariance) {
        Variable terms = mean.square().plus(logVariance.exp()).minus(logVariance).plus(-1);
        return terms.sum().times(0.5f / mean.shape().dim(0));
    }

    /// How much a code moves with its input: the squared Frobenius norm of the Jacobian of `h = sigmoid(x · weightᵀ + bias)`,
    /// `Σ_j (h_j (1 - h_j))² Σ_i weight_ji²`, averaged over the batch (Rifai et al. 2011, "Contractive Auto-Encoders").
    ///
    /// @param code h, `[batch, code]`
    /// @param weight `[code, in]`
    public static Variable contraction(Variable code, Variable weight) {
        Variable slope = code.minus(code.square()).square();
        return slope.times(weight.square().sum(1)).sum().times(1f / code.shape().dim(0));
    }
}
