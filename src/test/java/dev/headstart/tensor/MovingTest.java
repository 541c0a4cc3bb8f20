package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Gathering, scattering, joining and choosing.
class MovingTest {
    private static Indices indices(Shape shape, int low, int high, SplittableRandom random) {
        int[] values = new int[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(low, high);
        }
        return Indices.of(shape, values);
    }

    @Property(tries = 200)
    void parts_that_were_joined_are_its_slices(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = Naive.shape(random.nextInt(1, 4), random);
        int axis = random.nextInt(shape.rank());
        Tensor[] parts = new Tensor[random.nextInt(1, 4)];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Naive.numbers(shape.with(axis, random.nextInt(4)), random).scattered(random);
        }
        Tensor joined = Tensor.concat(random.nextBoolean() ? axis : axis - shape.rank(), parts);
        int start = 0;
        for (Tensor part : parts) {
            assertTrue(part.bitsEqual(joined.slice(axis, start, start + part.dim(axis))));
            start += part.dim(axis);
        }
        assertEquals(start, joined.dim(axis));
    }

    @Property(tries = 200)
    void slices_that_are_joined_are_the_whole(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor x = Naive.numbers(Naive.shape(random.nextInt(1, 4), random), random).scattered(random);
        int axis = random.nextInt(x.rank());
        int cut = random.nextInt(x.dim(axis) + 1);
        assertTrue(x.bitsEqual(Tensor.concat(axis, x.slice(axis, 0, cut), x.slice(axis, cut, x.dim(axis)))));
    }

    @Property(tries = 200)
    void gathered_rows_are_the_table_s(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Naive table = Naive.numbers(Shape.of(random.nextInt(1, 9), random.nextInt(70)), random);
        Indices ids = indices(Naive.shape(random.nextInt(3), random), 0, table.shape().dim(0), random);
        Tensor rows = table.scattered(random).gatherRows(ids).reshape(Shape.of(ids.size(), table.shape().dim(1)));
        for (int i = 0; i < ids.size(); i++) {
            assertTrue(rows.slice(0, i, i + 1).bitsEqual(table.tensor().slice(0, ids.at(i), ids.at(i) + 1)));
        }
    }

    /// ⟨gather t, y⟩ = ⟨t, scatter y⟩ for whole numbers, hence exactly.
    @Property(tries = 200)
    void scattering_is_the_adjoint_of_gathering(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Naive table = Naive.numbers(Shape.of(random.nextInt(1, 9), random.nextInt(70)), random);
        Indices ids = indices(Naive.shape(random.nextInt(3), random), 0, table.shape().dim(0), random);
        Tensor gathered = table.tensor().gatherRows(ids);
        Naive y = Naive.numbers(gathered.shape(), random);
        Tensor scattered = y.scattered(random).scatterAddRows(ids, table.shape());
        assertEquals(gathered.times(y.tensor()).sum().item(), table.tensor().times(scattered).sum().item());
        assertEquals(y.tensor().sum().item(), scattered.sum().item());
    }

    @Test
    void scattering_with_many_threads_changes_no_bit() {
        SplittableRandom random = new SplittableRandom(1);
        Indices ids = indices(Shape.of(900), 0, 7, random);
        Tensor y = RandomStream.of(4).normal(Shape.of(900, 150), 0, 1);
        Tensor alone = y.scatterAddRows(ids, Shape.of(7, 150));
        assertTrue(alone.bitsEqual(Workers.of(3).call(() -> y.scatterAddRows(ids, Shape.of(7, 150)))));
    }

    @Property(tries = 200)
    void placing_is_the_reverse_of_picking(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = random.nextInt(1, 9);
        Naive y = Naive.numbers(Naive.shape(random.nextInt(3), random), random);
        Indices indices = indices(y.shape(), -2, n, random);
        Tensor placed = y.scattered(random).place(indices, n);
        float[] kept = y.values().clone();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = indices.at(i) < 0 ? 0 : kept[i];
        }
        new Naive(y.shape(), kept).assertSame(placed.pick(indices));
        new Naive(y.shape(), kept).assertSame(placed.sum(-1));
    }

    @Test
    void where_chooses_by_a_condition_that_is_stretched() {
        Tensor x = Tensor.of(Shape.of(2, 2), 1, 2, 3, 4);
        assertArrayEquals(new float[] {1, -1, 3, -1}, x.where(Tensor.of(Shape.of(2), 5, 0), -1).toArray());
        assertArrayEquals(new float[] {1, 2, -1, -1}, x.where(Tensor.of(Shape.of(2, 1), Float.NaN, -0f), -1).toArray());
        assertArrayEquals(new float[] {1, 3, -1, -1}, x.permute(1, 0).where(Tensor.of(Shape.of(2, 1), 1, 0), -1).toArray());
    }
}
