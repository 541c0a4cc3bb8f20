package dev.headstart.testkit;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.kernel.Philox;

/// Values for samples: of order 1, the same on every machine, another set for every name and shape.
final class Values {
    private static final RandomStream ROOT = RandomStream.of(31);

    private Values() {}

    private static RandomStream stream(String name, Shape shape) {
        return ROOT.child(name).child(shape.toString());
    }

    /// One random word for each element.
    private static int[] words(String name, Shape shape) {
        long key = stream(name, shape).key();
        int[] words = new int[shape.size()];
        int[] block = new int[4];
        for (int i = 0; i < words.length; i++) {
            if (i % 4 == 0) {
                Philox.block(key, i / 4, block);
            }
            words[i] = block[i % 4];
        }
        return words;
    }

    /// Uniform in [low, high).
    static Tensor between(String name, Shape shape, float low, float high) {
        int[] words = words(name, shape);
        float[] values = new float[words.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.fma((words[i] >>> 8) * 0x1p-24f, high - low, low);
        }
        return Tensor.wrap(shape, values);
    }

    /// Uniform in (-high, -low] and [low, high).
    static Tensor awayFromZero(String name, Shape shape, float low, float high) {
        int[] words = words(name, shape);
        float[] values = new float[words.length];
        for (int i = 0; i < values.length; i++) {
            float value = Math.fma((words[i] >>> 8) * 0x1p-24f, high - low, low);
            values[i] = (words[i] & 1) == 0 ? value : -value;
        }
        return Tensor.wrap(shape, values);
    }

    /// Multiples of 1/4 in random order, no two alike, around 0.
    static Tensor distinct(String name, Shape shape) {
        int[] order = stream(name, shape).permutation(shape.size());
        float[] values = new float[order.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (order[i] - order.length / 2) * 0.25f;
        }
        return Tensor.wrap(shape, values);
    }

    /// 0 or 1.
    static Tensor coins(String name, Shape shape) {
        int[] words = words(name, shape);
        float[] values = new float[words.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = words[i] & 1;
        }
        return Tensor.wrap(shape, values);
    }
}
