package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Every element of a product is one chain of fused multiply-adds over k, whatever the layout, batch and threads.
class MatmulTest {
    private static Naive normal(Shape shape, SplittableRandom random) {
        return new Naive(shape, RandomStream.of(random.nextLong()).normal(shape, 0, 1).toArray());
    }

    private static Naive product(Naive a, Naive b) {
        Shape shape = Shapes.matmul(a.shape(), b.shape());
        Naive left = a.broadcastTo(batched(shape, a.shape()));
        Naive right = b.broadcastTo(batched(shape, b.shape()));
        int[][] indices = Naive.indices(shape);
        float[] c = new float[indices.length];
        int last = shape.rank() - 1;
        for (int i = 0; i < c.length; i++) {
            for (int k = 0; k < a.shape().dim(-1); k++) {
                int[] row = indices[i].clone();
                int[] column = indices[i].clone();
                row[last] = k;
                column[last - 1] = k;
                c[i] = Math.fma(left.at(row), right.at(column), c[i]);
            }
        }
        return new Naive(shape, c);
    }

    /// An operand's shape with the leading axes of the result.
    private static Shape batched(Shape result, Shape operand) {
        return result.with(-2, operand.dim(-2)).with(-1, operand.dim(-1));
    }

    private static Shape with(Shape leading, int rows, int columns) {
        int[] dims = Arrays.copyOf(leading.dims(), leading.rank() + 2);
        dims[dims.length - 2] = rows;
        dims[dims.length - 1] = columns;
        return Shape.of(dims);
    }

    @Property(tries = 300)
    void products_of_any_layout_and_batch_are_chains(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int m = random.nextInt(1, 20);
        int k = random.nextInt(0, 12);
        int n = random.nextInt(1, 40);
        Shape batch = Naive.shape(random.nextInt(3), random);
        Naive a = normal(with(ViewTest.thinned(batch, random), m, k), random);
        Naive b = normal(with(ViewTest.thinned(batch, random), k, n), random);
        assertTrue(product(a, b).tensor().bitsEqual(a.scattered(random).matmul(b.scattered(random))));
    }

    @Property(tries = 100)
    void a_linear_layer_s_chains_start_from_the_bias(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int in = random.nextInt(0, 30);
        int out = random.nextInt(1, 40);
        Shape batch = Naive.shape(random.nextInt(3), random);
        int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 1);
        dims[batch.rank()] = in;
        Naive x = normal(Shape.of(dims), random);
        Naive weight = normal(Shape.of(out, in), random);
        Naive bias = normal(Shape.of(out), random);
        int rows = batch.size();
        float[] y = new float[rows * out];
        for (int i = 0; i < y.length; i++) {
            y[i] = bias.at(i % out);
            for (int k = 0; k < in; k++) {
                y[i] = Math.fma(x.values()[i / out * in + k], weight.at(i % out, k), y[i]);
            }
        }
        Tensor actual = x.scattered(random).linear(weight.scattered(random), bias.scattered(random));
        assertTrue(new Naive(x.shape().with(-1, out), y).tensor().bitsEqual(actual));
    }

    @Test
    void threads_change_no_bit_of_a_large_product() {
        Tensor a = RandomStream.of(1).normal(Shape.of(3, 130, 150), 0, 1);
        Tensor b = RandomStream.of(2).normal(Shape.of(3, 150, 140), 0, 1);
        Tensor alone = a.matmul(b);
        for (int threads = 2; threads <= 4; threads++) {
            assertTrue(alone.bitsEqual(Workers.of(threads).call(() -> a.matmul(b))), threads + " threads");
        }
        assertTrue(alone.bitsEqual(product(new Naive(a.shape(), a.toArray()), new Naive(b.shape(), b.toArray())).tensor()));
    }

    @Test
    void a_long_chain_is_cut_at_4096() {
        int k = 9_000;
        Tensor a = RandomStream.of(1).normal(Shape.of(2, k), 0, 1);
        Tensor b = RandomStream.of(2).normal(Shape.of(k, 3), 0, 1);
        Tensor expected = Tensor.zeros(Shape.of(2, 3));
        for (int from = 0; from < k; from += 4096) {
            int to = Math.min(k, from + 4096);
            float[] part = expected.toArray();
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    float sum = 0;
                    for (int p = from; p < to; p++) {
                        sum = Math.fma(a.get(i, p), b.get(p, j), sum);
                    }
                    part[i * 3 + j] += sum;
                }
            }
            expected = Tensor.wrap(expected.shape(), part);
        }
        assertTrue(expected.bitsEqual(a.matmul(b)));
    }

    @Test
    void inner_dims_must_agree() {
        ShapeException error = assertThrows(ShapeException.class,
                () -> Tensor.zeros(Shape.of(3, 4)).matmul(Tensor.zeros(Shape.of(3, 5))));
        assertEquals("matmul: a[3, 4] · b[3, 5]: inner dims differ: a's last is 4, b's last-but-one is 3", error.getMessage());
    }
}
