package dev.headstart.parity;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.nio.charset.StandardCharsets;

/// Weights by a formula, the same bits in every language: `value = low + (high - low) · u` with
/// `u = (splitmix64(fnv1a64(name) + i · golden) >>> 40) · 2^-24` for element i, counted from 1, in double precision, rounded once to float32.
/// The reference is `hashinit.py` of the shared parity folder.
final class HashFill {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int SAMPLED = 8;
    private static final int HASHED = 16;

    /// Number of elements sampled from a long tensor.
    static final int SAMPLE = 2 * SAMPLED + HASHED;

    private HashFill() {}

    /// Numbers of this name, uniform in [low, high).
    static float[] uniform(String name, int n, double low, double high) {
        float[] values = new float[n];
        long state = fnv1a64(name);
        for (int i = 0; i < n; i++) {
            state += GOLDEN;
            values[i] = (float) (low + (high - low) * ((mixed(state) >>> 40) * 0x1p-24));
        }
        return values;
    }

    private static long fnv1a64(String name) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return hash;
    }

    /// SplitMix64's finaliser (Steele, Lea and Flood 2014).
    private static long mixed(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// The weight of this name and published shape; the range depends on what it is, so that activations stay of order one.
    static Tensor weight(String name, Shape shape) {
        if (name.endsWith("running_var")) {
            return filled(name, shape, 0.5, 1.5);
        }
        if (name.endsWith("running_mean") || name.endsWith("bias")) {
            return filled(name, shape, -0.1, 0.1);
        }
        if (name.endsWith("num_batches_tracked")) {
            return Tensor.zeros(shape);
        }
        if (shape.rank() == 1) {
            return filled(name, shape, 0.5, 1.5);
        }
        double fanIn = shape.size() / (double) shape.dim(0);
        double bound = Math.sqrt(3.0 / fanIn);
        return filled(name, shape, -bound, bound);
    }

    /// The weight of this name and shape with half of all last bits turned over; which, depends on the salt.
    static Tensor neighbour(String name, Shape shape, int salt) {
        float[] values = weight(name, shape).toArray();
        long state = fnv1a64(name) + salt * 0xD1342543DE82EF95L;
        for (int i = 0; i < values.length; i++) {
            state += GOLDEN;
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) ^ (int) (mixed(state) >>> 63));
        }
        return Tensor.wrap(shape, values);
    }

    private static Tensor filled(String name, Shape shape, double low, double high) {
        return Tensor.wrap(shape, uniform(name, shape.size(), low, high));
    }

    /// The flat positions at which a long tensor is sampled: the first 8, the last 8, and 16 by the formula.
    static int[] samplePositions(String name, int n) {
        int[] positions = new int[SAMPLE];
        float[] hashed = uniform("sample:" + name, HASHED, 0, 1);
        for (int i = 0; i < SAMPLED; i++) {
            positions[i] = i;
            positions[SAMPLED + i] = n - SAMPLED + i;
        }
        for (int i = 0; i < HASHED; i++) {
            positions[2 * SAMPLED + i] = Math.min(n - 1, (int) ((double) hashed[i] * n));
        }
        return positions;
    }
}
