package dev.headstart.nn;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Cross-entropy of logits with class labels, averaged over the labels that count: as `torch.nn.CrossEntropyLoss`.
///
/// With weights w and smoothing ε over n classes, for the rows i whose label y is not ignored:
/// `Σ ((1 - ε) · w[y] · -log p[y] + ε / n · Σ_c w[c] · -log p[c]) / Σ w[y]`. When no row counts the loss is 0.
///
/// @param ignored label that does not count; -100 by default. Every negative label is ignored too
/// @param smoothing ε, in [0, 1) (Szegedy et al. 2016, arXiv 1512.00567)
/// @param classWeights `[n]`, or null for all 1
public record CrossEntropy(int ignored, float smoothing, @Nullable Tensor classWeights) {
    /// Labels as they are: no smoothing, no weights, -100 ignored.
    public static final CrossEntropy PLAIN = new CrossEntropy(-100, 0, null);

    public CrossEntropy {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("cross-entropy: smoothing " + smoothing + ": it must be in [0, 1)");
        }
    }

    /// The loss, a single number.
    ///
    /// @param logits `[…, n]`
    /// @param labels `[…]`, each ignored or below n
    public Variable of(Variable logits, Indices labels) {
        int n = logits.shape().dim(-1);
        if (classWeights != null && !classWeights.shape().equals(Shape.of(n))) {
            throw new ShapeException("cross-entropy: logits" + logits.shape() + ", classWeights" + classWeights.shape()
                    + ": one weight per class is needed: "
                    + n);
        }
        int[] counted = labels.toArray();
        float[] weights = new float[counted.length];
        float total = 0;
        for (int i = 0; i < counted.length; i++) {
            if (counted[i] == ignored || counted[i] < 0) {
                counted[i] = -1;
            } else {
                if (counted[i] >= n) {
                    throw new ShapeException("cross-entropy: logits" + logits.shape() + ": label " + counted[i] + " is not below " + n);
                }
                weights[i] = classWeights == null ? 1 : classWeights.get(counted[i]);
                total += weights[i];
            }
        }
        float norm = total == 0 ? 0 : 1 / total;
        Variable logP = logits.logSoftmax();
        Variable own = logP.pick(Indices.of(labels.shape(), counted)); // 0 where ignored
        Variable loss = own.times(Variable.of(Tensor.wrap(labels.shape(), weights))).sum().times(-(1 - smoothing) * norm);
        return smoothing == 0 ? loss : loss.plus(smoothed(logP, counted, norm));
    }

    private Variable smoothed(Variable logP, int[] counted, float norm) {
        int n = logP.shape().dim(-1);
        float[] rows = new float[counted.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = counted[i] < 0 ? 0 : 1;
        }
        Variable rowMask = Variable.of(Tensor.wrap(Shape.of(rows.length, 1), rows));
        Variable weighted = classWeights == null ? logP : logP.times(Variable.of(classWeights));
        return weighted.reshape(rows.length, n).times(rowMask).sum().times(-smoothing / n * norm);
    }
}
