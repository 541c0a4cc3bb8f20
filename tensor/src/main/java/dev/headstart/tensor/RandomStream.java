package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Philox;
import java.nio.charset.StandardCharsets;

/// A named stream of random numbers that is addressed, not advanced: every value is a pure function of (seed, names, index).
///
/// Each consumer takes a stream of its own by name, so that adding one consumer never changes what another gets:
///
/// ```java
/// RandomStream random = RandomStream.of(42);
/// Tensor weight = random.child("encoder").child("weight").normal(Shape.of(128, 64), 0f, 0.02f);
/// ```
///
/// Immutable, usable by any thread. The words are those of [Philox]; the normal distribution is Box and Muller's (1958), computed with
/// `StrictMath`, so it is the same everywhere.
public final class RandomStream {
    private final long key;

    private RandomStream(long key) {
        this.key = key;
    }

    /// The root stream of a seed.
    public static RandomStream of(long seed) {
        return new RandomStream(Philox.derive(0x48656164737461L, seed));
    }

    /// The stream of this name under this one. Equal names give equal streams.
    public RandomStream child(String name) {
        long hash = 0xCBF29CE484222325L; // FNV-1a
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return child(hash);
    }

    /// The stream of this number under this one.
    public RandomStream child(long number) {
        return new RandomStream(Philox.derive(key, number));
    }

    /// The key of this stream for [Philox].
    public long key() {
        return key;
    }

    /// Random word number `index`.
    public int word(long index) {
        return Philox.word(key, index);
    }

    /// Number `index`, uniform in [0, 1), a multiple of 2^-24.
    public float uniform(long index) {
        return (word(index) >>> 8) * 0x1p-24f;
    }

    /// Whole number `index`, uniform in [0, bound). The bias is below bound · 2^-32.
    ///
    /// @throws IllegalArgumentException when bound is not positive
    public int below(int bound, long index) {
        if (bound <= 0) {
            throw new IllegalArgumentException("random: below(" + bound + "): the bound must be positive");
        }
        return (int) (((word(index) & 0xFFFFFFFFL) * bound) >>> 32);
    }

    /// Number `index` of the standard normal distribution.
    public double normal(long index) {
        long pair = index >>> 1;
        double u = ((word(2 * pair) >>> 8) + 1) * 0x1p-24; // (0, 1]
        double angle = 2 * Math.PI * (word(2 * pair + 1) >>> 8) * 0x1p-24;
        double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
        return radius * ((index & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
    }

    /// A tensor of numbers uniform in [low, high).
    public Tensor uniform(Shape shape, float low, float high) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.fma(uniform(i), high - low, low);
        }
        return Tensor.wrap(shape, values);
    }

    /// A tensor of normally distributed numbers.
    public Tensor normal(Shape shape, float mean, float deviation) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * normal(i));
        }
        return Tensor.wrap(shape, values);
    }

    /// A tensor of normally distributed numbers, those beyond two deviations drawn again.
    public Tensor truncatedNormal(Shape shape, float mean, float deviation) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            double z = normal(i);
            for (int attempt = 1; Math.abs(z) > 2; attempt++) {
                z = child(attempt).normal(i);
            }
            values[i] = (float) (mean + deviation * z);
        }
        return Tensor.wrap(shape, values);
    }

    /// The numbers 0 … n - 1 in random order (Fisher and Yates).
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1, i);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
