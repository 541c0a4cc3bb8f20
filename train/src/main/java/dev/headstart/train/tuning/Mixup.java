package dev.headstart.train.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// Mixup (Zhang et al. 2018, arXiv 1710.09412): the network's input is `λ x + (1 - λ) x'` of two examples of the batch, and its
/// target the one with weight λ and the other with 1 - λ. λ is drawn from Beta(α, α) once for each batch, as in the authors' code.
///
/// @param model from inputs to logits
/// @param inputs of some examples, `[examples, …]`
/// @param labels of all examples
/// @param alpha 0.1 to 0.4 for images in the paper; the smaller, the less is mixed
/// @param loss the cross-entropy to use
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Mixup(UnaryOperator<Variable> model, Inputs inputs, int[] labels, double alpha, CrossEntropy loss) implements Objective {
    /// Reads the inputs of some examples.
    @FunctionalInterface
    public interface Inputs {
        /// `[examples, …]`
        ///
        /// @param random for augmentation
        Tensor of(int[] examples, RandomStream random);
    }

    public Mixup {
        if (!(alpha > 0)) {
            throw new IllegalArgumentException("mixup: alpha " + alpha + ": it must be positive");
        }
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        Tensor x = inputs.of(examples, random);
        int[] partners = random.child("partners").permutation(examples.length);
        float lambda = (float) beta(alpha, random.child("lambda"));
        Tensor mixed = x.times(lambda).plus(rows(x, partners).times(1 - lambda));
        Variable logits = model.apply(Variable.of(mixed));
        int[] own = Arrays.stream(examples).map(i -> labels[i]).toArray();
        int[] others = Arrays.stream(partners).map(i -> own[i]).toArray();
        return loss.of(logits, Indices.of(own)).times(lambda).plus(loss.of(logits, Indices.of(others)).times(1 - lambda));
    }

    private static Tensor rows(Tensor x, int[] order) {
        int n = x.dim(0);
        return x.reshape(n, x.size() / n).gatherRows(Indices.of(order)).reshape(x.shape());
    }

    /// A number from Beta(α, α), by Jöhnk's way (1964): of `u^(1/α), v^(1/α)`, drawn until their sum is at most 1, the first one's share.
    public static double beta(double alpha, RandomStream random) {
        for (long i = 0;; i += 2) {
            double logU = StrictMath.log(Math.max(random.uniform(i), 0x1p-25)) / alpha;
            double logV = StrictMath.log(Math.max(random.uniform(i + 1), 0x1p-25)) / alpha;
            double larger = Math.max(logU, logV);
            double logSum = larger + StrictMath.log(StrictMath.exp(logU - larger) + StrictMath.exp(logV - larger));
            if (logSum <= 0) {
                return StrictMath.exp(logU - logSum);
            }
        }
    }
}
