package dev.headstart.nn.generative;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// Where sampling takes its random numbers from, one tensor after the other.
///
/// A trajectory is a function of these numbers alone, so that another program can repeat it when it is given the same ones. For one thread.
@FunctionalInterface
public interface Noise {
    /// The next numbers, uniform in [0, 1).
    Tensor uniform(Shape shape);

    /// The next numbers of the standard normal distribution: Box and Muller (1958), number i of uniform numbers u of twice the size:
    /// `√(-2 log(1 - u[2i])) · cos(2π u[2i + 1])`, computed with `StrictMath`.
    default Tensor normal(Shape shape) {
        float[] u = uniform(Shape.of(2 * shape.size())).toArray();
        float[] z = new float[shape.size()];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (StrictMath.sqrt(-2 * StrictMath.log(1 - (double) u[2 * i])) * StrictMath.cos(2 * Math.PI * u[2 * i + 1]));
        }
        return Tensor.wrap(shape, z);
    }

    /// The next zeros and ones: 1 with these probabilities, namely where the probability is greater than a uniform number.
    default Tensor bernoulli(Tensor probabilities) {
        return probabilities.greater(uniform(probabilities.shape()));
    }

    /// Numbers of a random stream: draw number n is its child n.
    static Noise of(RandomStream random) {
        return new Noise() {
            private long draws;

            @Override
            public Tensor uniform(Shape shape) {
                return random.child(draws++).uniform(shape, 0, 1);
            }
        };
    }

    /// These numbers, in order.
    ///
    /// @throws IllegalStateException when more are asked for than there are
    static Noise of(float... uniforms) {
        float[] numbers = uniforms.clone();
        return new Noise() {
            private int used;

            @Override
            public Tensor uniform(Shape shape) {
                if (shape.size() > numbers.length - used) {
                    throw new IllegalStateException("noise: " + shape + " is wanted, " + (numbers.length - used) + " of " + numbers.length
                            + " numbers are left");
                }
                int from = used;
                used += shape.size();
                return Tensor.wrap(shape, java.util.Arrays.copyOfRange(numbers, from, used));
            }
        };
    }
}
