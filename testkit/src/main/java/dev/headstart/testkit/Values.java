package dev.headstart.testkit;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// Values for samples: of order 1, the same on every machine, another set for every name and shape.
final class Values {
    private static final RandomStream ROOT = RandomStream.of(31);

    private Values() {}

    private static RandomStream stream(String name, Shape shape) {
        return ROOT.child(name).child(shape.toString());
    }

    /// Uniform in [low, high).
    static Tensor between(String name, Shape shape, float low, float high) {
        return stream(name, shape).uniform(shape, low, high);
    }

    /// Uniform in (-high, -low] and [low, high).
    static Tensor awayFromZero(String name, Shape shape, float low, float high) {
        float[] values = between(name, shape, low, high).toArray();
        RandomStream sign = stream(name, shape).child("sign");
        for (int i = 0; i < values.length; i++) {
            values[i] *= sign.below(2, i) == 0 ? 1 : -1;
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
        RandomStream random = stream(name, shape);
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.below(2, i);
        }
        return Tensor.wrap(shape, values);
    }
}
