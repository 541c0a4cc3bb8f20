package dev.headstart.nn.generative;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;

/// What is done to the input of a denoising autoencoder, which has to undo it (Vincent et al. 2008 and 2010, "Stacked Denoising Autoencoders").
public sealed interface Corruption {
    /// The data with noise; which, the stream says.
    Tensor apply(Tensor x, RandomStream random);

    /// Nothing is done.
    record None() implements Corruption {
        @Override
        public Tensor apply(Tensor x, RandomStream random) {
            return x;
        }
    }

    /// Each element is 0 with this probability.
    ///
    /// @param share in [0, 1]
    record Masking(double share) implements Corruption {
        public Masking {
            check("masking", share);
        }

        @Override
        public Tensor apply(Tensor x, RandomStream random) {
            return x.times(Noise.of(random).bernoulli(Tensor.full(x.shape(), (float) (1 - share))));
        }
    }

    /// To each element a normally distributed number is added.
    ///
    /// @param deviation its standard deviation
    record Gaussian(double deviation) implements Corruption {
        @Override
        public Tensor apply(Tensor x, RandomStream random) {
            return x.plus(Noise.of(random).normal(x.shape()).times((float) deviation));
        }
    }

    /// Each element is, with this probability, 0 or 1, either as often.
    ///
    /// @param share in [0, 1]
    record SaltAndPepper(double share) implements Corruption {
        public SaltAndPepper {
            check("salt and pepper", share);
        }

        @Override
        public Tensor apply(Tensor x, RandomStream random) {
            Noise noise = Noise.of(random);
            Tensor kept = noise.bernoulli(Tensor.full(x.shape(), (float) (1 - share)));
            Tensor salt = noise.bernoulli(Tensor.full(x.shape(), 0.5f));
            return x.times(kept).plus(salt.times(kept.affine(-1, 1)));
        }
    }

    private static void check(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("corruption: " + name + " of " + share + ": a share in [0, 1] is needed");
        }
    }
}
