package dev.headstart.nn.loss;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Targets;
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
        Targets targets = targets("logits", logits.shape(), logits.shape().dim(-1), labels);
        Variable logP = logits.logSoftmax();
        Variable own = logP.pick(targets.labels()); // 0 where ignored
        Variable loss = own.times(Variable.of(targets.weights())).sum().times(-targets.scale());
        return targets.smoothing() == null ? loss : loss.minus(smoothed(logP, targets.labels(), targets.smoothing()));
    }

    /// The loss of the logits `x · weightᵀ + bias`, a single number. The logits are never in memory as a whole, and the gradients are
    /// computed with the loss: for large vocabularies. Without smoothing the loss has the bits of [#of].
    ///
    /// @param x `[…, width]`
    /// @param weight `[n, width]`
    /// @param bias `[n]`, or null for none
    /// @param labels `[…]`, each ignored or below n
    public Variable ofProjected(Variable x, Variable weight, @Nullable Variable bias, Indices labels) {
        Targets targets = targets("x", x.shape(), weight.shape().dim(0), labels);
        return x.crossEntropy(weight, bias, targets);
    }

    /// Labels of n classes as what the engine computes with.
    private Targets targets(String operand, Shape shape, int n, Indices labels) {
        if (classWeights != null && !classWeights.shape().equals(Shape.of(n))) {
            throw new ShapeException("cross-entropy: " + operand + shape + ", classWeights" + classWeights.shape()
                    + ": one weight per class is needed: " + n);
        }
        int[] counted = labels.toArray();
        float[] weights = new float[counted.length];
        double total = 0;
        for (int i = 0; i < counted.length; i++) {
            if (counted[i] == ignored || counted[i] < 0) {
                counted[i] = -1;
            } else {
                if (counted[i] >= n) {
                    throw new ShapeException("cross-entropy: " + operand + shape + ": label " + counted[i] + " is not below " + n);
                }
                weights[i] = classWeights == null ? 1 : classWeights.get(counted[i]);
                total += weights[i];
            }
        }
        float norm = total == 0 ? 0 : (float) (1 / total);
        Tensor even = classWeights == null ? Tensor.ones(Shape.of(n)) : classWeights;
        return new Targets(Indices.of(labels.shape(), counted), Tensor.wrap(labels.shape(), weights), (1 - smoothing) * norm,
                smoothing == 0 ? null : even.times(smoothing / n * norm));
    }

    private static Variable smoothed(Variable logP, Indices labels, Tensor smoothing) {
        float[] rows = new float[labels.shape().size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = labels.at(i) < 0 ? 0 : 1;
        }
        Variable rowMask = Variable.of(Tensor.wrap(Shape.of(rows.length, 1), rows));
        return logP.reshape(rows.length, logP.shape().dim(-1)).times(Variable.of(smoothing)).times(rowMask).sum();
    }
}
