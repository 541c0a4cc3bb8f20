package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Views change the layout, never the data.
class ViewTest {
    private final Tensor x = Tensor.wrap(Shape.of(2, 3), new float[] {0, 1, 2, 3, 4, 5});

    @Test
    void views_share_the_storage() {
        assertSame(x.data(), x.reshape(3, 2).data());
        assertSame(x.data(), x.permute(1, 0).data());
        assertSame(x.data(), x.slice(1, 1, 3).data());
        assertSame(x.data(), x.slice(0, 1, 2).reshape(3).data());
        assertSame(x.data(), x.broadcastTo(Shape.of(7, 2, 3)).data());
        assertSame(x.data(), x.transpose(-1, 0).permute(1, 0).reshape(-1).data());
        assertSame(x, x.contiguous());
    }

    @Test
    void a_change_shows_in_every_view() {
        Tensor transposed = x.permute(1, 0);
        x.copyInPlace(Tensor.full(x.shape(), 7));
        assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, transposed.toArray());
    }

    @Test
    void copies_do_not_share_the_storage() {
        assertNotSame(x.data(), x.copy().data());
        assertNotSame(x.data(), x.permute(1, 0).contiguous().data());
        assertNotSame(x.data(), x.permute(1, 0).reshape(6).data());
        float[] values = {1, 2};
        Tensor copied = Tensor.of(Shape.of(2), values);
        values[0] = 9;
        copied.toArray()[1] = 9;
        assertArrayEquals(new float[] {1, 2}, copied.toArray());
    }

    @Test
    void contiguous_is_what_lies_in_row_major_order() {
        assertTrue(x.isContiguous());
        assertFalse(x.permute(1, 0).isContiguous());
        assertTrue(x.slice(0, 1, 2).isContiguous());
        assertFalse(x.slice(1, 0, 2).isContiguous());
        assertTrue(x.slice(1, 0, 1).slice(0, 0, 1).isContiguous());
        assertTrue(x.slice(1, 3, 3).isContiguous());
        assertTrue(x.reshape(2, 1, 3).permute(1, 0, 2).isContiguous());
        assertFalse(x.broadcastTo(Shape.of(2, 2, 3)).isContiguous());
    }

    /// One view after another, beside the same steps done naively.
    @Property(tries = 400)
    void any_chain_of_views_has_the_elements_it_should(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Naive expected = Naive.numbers(Naive.shape(random.nextInt(5), random), random);
        Tensor view = expected.tensor();
        for (int step = random.nextInt(1, 6); step > 0 && expected.shape().size() < 2_000; step--) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    int[] order = Naive.order(view.rank(), random);
                    view = view.permute(order);
                    expected = expected.map(Shapes.permute(expected.shape(), order), index -> {
                        int[] from = new int[order.length];
                        for (int i = 0; i < order.length; i++) {
                            from[order[i]] = index[i];
                        }
                        return from;
                    });
                }
                case 1 -> {
                    if (view.rank() > 0) {
                        int axis = random.nextInt(view.rank());
                        int from = random.nextInt(view.dim(axis) + 1);
                        int to = random.nextInt(from, view.dim(axis) + 1);
                        view = view.slice(random.nextBoolean() ? axis : axis - view.rank(), from, to);
                        expected = expected.map(expected.shape().with(axis, to - from), index -> {
                            int[] shifted = index.clone();
                            shifted[axis] += from;
                            return shifted;
                        });
                    }
                }
                case 2 -> {
                    int[] dims = view.shape().dims();
                    int[] stretched = new int[dims.length + random.nextInt(2)];
                    Arrays.fill(stretched, random.nextInt(1, 4));
                    System.arraycopy(dims, 0, stretched, stretched.length - dims.length, dims.length);
                    for (int i = 0; i < stretched.length; i++) {
                        stretched[i] = stretched[i] == 1 ? random.nextInt(4) : stretched[i];
                    }
                    view = view.broadcastTo(Shape.of(stretched));
                    expected = expected.broadcastTo(Shape.of(stretched));
                }
                default -> {
                    int size = view.size();
                    int divisor = size == 0 ? 1 : random.nextInt(1, size + 1);
                    int[] dims = size == 0 ? new int[] {3, 0} : size % divisor == 0 ? new int[] {divisor, -1} : new int[] {-1, 1};
                    view = view.reshape(dims);
                    expected = new Naive(view.shape(), expected.values());
                }
            }
        }
        expected.assertSame(view);
        expected.assertSame(view.copy());
        expected.assertSame(view.contiguous());
        assertTrue(view.bitsEqual(expected.tensor()));
        for (int[] index : Naive.indices(expected.shape())) {
            assertEquals(expected.at(index), view.get(index));
        }
    }

    @Property(tries = 200)
    void operators_do_not_see_the_layout(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Naive a = Naive.numbers(Naive.shape(random.nextInt(5), random), random);
        Naive b = Naive.numbers(a.shape(), random);
        Tensor expected = a.tensor().times(b.tensor()).plus(a.tensor().negate());
        Tensor left = a.scattered(random);
        Tensor right = b.scattered(random);
        assertTrue(expected.bitsEqual(left.times(right).plus(left.negate())));
        a.assertSame(left);
    }

    @Property(tries = 200)
    void operands_broadcast_as_if_they_had_been_copied(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = Naive.shape(random.nextInt(5), random);
        Naive a = Naive.numbers(thinned(shape, random), random);
        Naive b = Naive.numbers(thinned(shape, random), random);
        Shape common = Shapes.broadcast("minus", a.shape(), b.shape());
        float[] left = a.broadcastTo(common).values();
        float[] right = b.broadcastTo(common).values();
        float[] difference = new float[left.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = left[i] - right[i];
        }
        new Naive(common, difference).assertSame(a.scattered(random).minus(b.scattered(random)));
    }

    /// A shape that broadcasts to this one: leading axes dropped, others 1.
    static Shape thinned(Shape shape, SplittableRandom random) {
        int[] dims = Arrays.copyOfRange(shape.dims(), random.nextInt(shape.rank() + 1), shape.rank());
        for (int i = 0; i < dims.length; i++) {
            dims[i] = random.nextInt(3) == 0 ? 1 : dims[i];
        }
        return Shape.of(dims);
    }

    /// A walk that is cut into tasks meets every element once, also where runs are longer or shorter than a task.
    @Test
    void large_walks_meet_every_element_once() {
        for (int[] dims : new int[][] {{1, 250_001}, {250_001, 1}, {3, 70_001}, {50_000, 5}, {500, 7, 61}}) {
            Shape shape = Shape.of(dims);
            float[] values = new float[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            Tensor ascending = Tensor.wrap(shape, values);
            int last = shape.rank() - 1;
            Tensor turned = ascending.transpose(0, last).copy().transpose(0, last);
            Workers.of(3).run(() -> {
                assertTrue(ascending.bitsEqual(turned));
                Tensor sum = turned.plus(ascending.slice(0, 0, 1).minus(ascending.slice(0, 0, 1)));
                assertTrue(ascending.bitsEqual(sum), shape.toString());
            });
        }
    }
}
