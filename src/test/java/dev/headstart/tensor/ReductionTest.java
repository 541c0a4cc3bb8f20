package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Reductions over any axes.
class ReductionTest {
    @FunctionalInterface
    private interface Fold {
        float of(float total, float x);
    }

    private static Naive reduced(Naive x, int[] axes, float neutral, Fold fold) {
        Shape kept = Shapes.reducedKeeping("naive", x.shape(), axes);
        float[] totals = new float[kept.size()];
        Arrays.fill(totals, neutral);
        Naive result = new Naive(kept, totals);
        for (int[] index : Naive.indices(x.shape())) {
            int at = 0;
            for (int axis = 0; axis < index.length; axis++) {
                at = at * kept.dim(axis) + (kept.dim(axis) == 1 ? 0 : index[axis]);
            }
            totals[at] = fold.of(totals[at], x.at(index));
        }
        return new Naive(Shapes.reduced("naive", x.shape(), axes), result.values());
    }

    private static int[] axes(int rank, SplittableRandom random) {
        return IntStream.of(Naive.order(rank, random)).limit(random.nextInt(rank + 1)).map(a -> random.nextBoolean() ? a : a - rank)
                .toArray();
    }

    @Property(tries = 400)
    void any_axes_of_any_layout_are_folded(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Naive x = Naive.numbers(Naive.shape(random.nextInt(5), random), random);
        int[] axes = axes(x.shape().rank(), random);
        Tensor t = x.scattered(random);
        reduced(x, axes, 0, Float::sum).assertSame(t.sum(axes));
        reduced(x, axes, 0, (total, v) -> total + v * v).assertSame(t.sumOfSquares(axes));
        reduced(x, axes, Float.NEGATIVE_INFINITY, Math::max).assertSame(t.max(axes));
        reduced(x, axes, Float.POSITIVE_INFINITY, Math::min).assertSame(t.min(axes));
    }

    @Property(tries = 60)
    void the_layout_changes_no_bit(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = Shape.of(random.nextInt(1, 9), random.nextInt(60, 140), random.nextInt(1, 70));
        Naive x = new Naive(shape, RandomStream.of(seed).normal(shape, 1, 10).toArray());
        int[] axes = axes(3, random);
        Tensor t = x.scattered(random);
        assertTrue(x.tensor().sum(axes).bitsEqual(t.sum(axes)));
        assertTrue(x.tensor().sumOfSquares(axes).bitsEqual(t.sumOfSquares(axes)));
        assertTrue(x.tensor().mean(axes).bitsEqual(t.mean(axes)));
    }

    @Test
    void rows_and_columns_are_summed_alike() {
        for (int n : new int[] {1, 63, 64, 65, 4095, 4096, 4097, 12_345}) {
            Tensor x = RandomStream.of(n).normal(Shape.of(3, n), 0, 1);
            Tensor columns = x.permute(1, 0).copy();
            assertTrue(x.sum(1).bitsEqual(columns.sum(0)), "sum of " + n);
            assertTrue(x.sumOfSquares(1).bitsEqual(columns.sumOfSquares(0)), "sum of squares of " + n);
            assertTrue(x.sum(1).slice(0, 1, 2).bitsEqual(x.slice(0, 1, 2).sum().reshape(1)), "one row of " + n);
        }
    }

    @Test
    void long_sums_are_accurate() {
        Tensor x = RandomStream.of(9).uniform(Shape.of(1_000_003), 0, 1);
        double exact = 0;
        for (float value : x.toArray()) {
            exact += value;
        }
        assertEquals(exact, x.sum().item(), exact * 1e-6);
        assertEquals(exact / x.size(), x.mean().item(), 1e-6);
    }

    @Test
    void empty_runs_give_the_neutral_element() {
        Tensor x = Tensor.zeros(Shape.of(2, 0));
        assertArrayEquals(new float[] {0, 0}, x.sum(1).toArray());
        assertArrayEquals(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}, x.max(1).toArray());
        assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY}, x.min(1).toArray());
        assertArrayEquals(new float[0], x.sum(0).toArray());
        assertEquals(0, x.sum().item());
    }

    @Test
    void a_single_number_is_folded_too() {
        assertEquals(9, Tensor.scalar(-3).sumOfSquares().item());
        assertEquals(-3, Tensor.scalar(-3).sum().item());
        assertEquals(-3, Tensor.scalar(-3).mean().item());
        assertEquals(-3, Tensor.scalar(-3).max().item());
    }

    @Test
    void what_is_not_a_number_spreads() {
        Tensor x = Tensor.of(Shape.of(2, 3), 1, Float.NaN, 2, 3, 4, 5);
        assertArrayEquals(new float[] {Float.NaN, 5}, x.max(1).toArray());
        assertArrayEquals(new float[] {Float.NaN, 12}, x.sum(1).toArray());
        assertTrue(!x.isFinite() && x.slice(0, 1, 2).isFinite());
        assertTrue(!Tensor.of(Shape.of(2), 1, Float.NEGATIVE_INFINITY).isFinite());
        assertTrue(Tensor.zeros(Shape.of(0)).isFinite());
    }

    @Property(tries = 200)
    void the_largest_is_found_and_the_first_wins_a_tie(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Naive x = Naive.numbers(Shape.of(random.nextInt(1, 5), random.nextInt(1, 90)), random);
        Indices largest = x.scattered(random).argmax();
        assertEquals(Shape.of(x.shape().dim(0)), largest.shape());
        for (int row = 0; row < largest.size(); row++) {
            int best = 0;
            for (int i = 1; i < x.shape().dim(1); i++) {
                best = x.at(row, i) > x.at(row, best) ? i : best;
            }
            assertEquals(best, largest.at(row));
        }
    }

    @Test
    void a_row_without_elements_has_no_largest() {
        ShapeException error = assertThrows(ShapeException.class, () -> Tensor.zeros(Shape.of(2, 0)).argmax());
        assertEquals("argmax: x[2, 0]: a row without elements has no largest", error.getMessage());
        assertEquals("argmax: x[]: rows are needed: x has no axis",
                assertThrows(ShapeException.class, () -> Tensor.scalar(1).argmax()).getMessage());
    }

    /// ⟨stretch x, y⟩ = ⟨x, sum y⟩ for whole numbers, hence exactly.
    @Property(tries = 300)
    void sumTo_is_the_adjoint_of_broadcastTo(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = Naive.shape(random.nextInt(5), random);
        Naive x = Naive.numbers(ViewTest.thinned(shape, random), random);
        Naive y = Naive.numbers(shape, random);
        Tensor summed = y.scattered(random).sumTo(x.shape());
        assertEquals(x.shape(), summed.shape());
        assertEquals(x.tensor().broadcastTo(shape).times(y.tensor()).sum().item(), x.tensor().times(summed).sum().item());
    }
}
