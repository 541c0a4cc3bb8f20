package dev.headstart.nn.loss;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// What a decoder's outputs say about data, and how wrong they are.
public enum Likelihood {
    /// Outputs are logits of numbers in [0, 1]: cross-entropy.
    BERNOULLI {
        @Override
        public Variable loss(Variable outputs, Tensor target) {
            return Losses.binaryCrossEntropy(outputs, target).times(features(target));
        }

        @Override
        public Tensor means(Tensor outputs) {
            return outputs.sigmoid();
        }
    },
    /// Outputs are the numbers themselves: half the squared error.
    GAUSSIAN {
        @Override
        public Variable loss(Variable outputs, Tensor target) {
            return Losses.meanSquaredError(outputs, target).times(0.5f * features(target));
        }

        @Override
        public Tensor means(Tensor outputs) {
            return outputs;
        }
    };

    /// The negative logarithm of the likelihood, but for a constant, in nats: summed over the features of an example, averaged over the batch.
    ///
    /// @param outputs of a decoder, `[batch, …]`
    /// @param target the data, of the same shape
    public abstract Variable loss(Variable outputs, Tensor target);

    /// The data that outputs stand for.
    public abstract Tensor means(Tensor outputs);

    private static float features(Tensor target) {
        return target.size() / (float) Math.max(1, target.dim(0));
    }
}
