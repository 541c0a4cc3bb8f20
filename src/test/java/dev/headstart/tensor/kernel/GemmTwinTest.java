package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Matrix products: the scalar kernel gives the bits that the contract names, and the active kernel gives the same.
///
/// In the run with the vector module the active kernel is the SIMD twin; in the run without, it is the scalar one and is compared with the
/// definition twice.
class GemmTwinTest {
    private static final Gemm SCALAR = ScalarKernels.create().gemm();
    private static final Gemm ACTIVE = KernelChoice.ACTIVE.gemm();
    private static final List<Workers> WORKERS = List.of(Workers.sequential(), Workers.of(2), Workers.of(3), Workers.of(5));

    /// Where the elements of an operand lie: rows contiguous, columns contiguous, or neither.
    enum Order {
        ROWS, COLUMNS, SPREAD
    }

    /// What the operands hold.
    enum Values {
        ORDINARY, DENORMAL, SPECIAL
    }

    /// A product; `padding` is what lies between rows, entries and before the first element.
    record Case(int batch, int m, int n, int k, Order orderA, Order orderB, int padding, Values values, long seed) {
        Operand operand(Order order, int rows, int columns, Random random) {
            int spread = order == Order.SPREAD ? 2 : 1;
            int rowStride = order == Order.COLUMNS ? 1 : (columns + padding) * spread;
            int columnStride = order == Order.COLUMNS ? rows + padding : spread;
            int size = (rows + padding) * (columns + padding) * spread;
            int[] offsets = new int[batch];
            Arrays.setAll(offsets, e -> padding + (batch - 1 - e) * size);
            float[] data = new float[padding + batch * size];
            for (int i = 0; i < data.length; i++) {
                data[i] = value(random);
            }
            return new Operand(data, offsets, rowStride, columnStride);
        }

        private float value(Random random) {
            float ordinary = 4 * random.nextFloat() - 2;
            return switch (values) {
                case ORDINARY -> ordinary;
                case DENORMAL -> ordinary * 1e-21f;
                case SPECIAL -> switch (random.nextInt(200)) {
                    case 0 -> Float.NaN;
                    case 1 -> Float.POSITIVE_INFINITY;
                    case 2 -> Float.NEGATIVE_INFINITY;
                    case 3, 4, 5 -> Float.MAX_VALUE;
                    case 6, 7, 8 -> -Float.MIN_VALUE;
                    case 9, 10, 11 -> -0f;
                    default -> ordinary;
                };
            };
        }
    }

    /// Matrices of the case.
    record Operand(Matrices matrices) {
        Operand(float[] data, int[] offsets, int rowStride, int columnStride) {
            this(new Matrices(data, offsets, rowStride, columnStride));
        }

        float[] data() {
            return matrices.data();
        }

        /// The same places in another array.
        Operand in(float[] data) {
            return new Operand(data, matrices.offsets(), matrices.rowStride(), matrices.columnStride());
        }

        /// One of the entries.
        Matrices entry(int e) {
            return Matrices.of(matrices.data(), matrices.offsets()[e], matrices.rowStride(), matrices.columnStride());
        }

        int index(int entry, int row, int column) {
            return matrices.offsets()[entry] + row * matrices.rowStride() + column * matrices.columnStride();
        }
    }

    @Property(tries = 400)
    void small_products_are_the_chain_of_the_contract(@ForAll("small") Case product) {
        check(product);
    }

    @Property(tries = 60)
    void products_of_several_tasks_are_the_chain_of_the_contract(@ForAll("large") Case product) {
        check(product);
    }

    @Property(tries = 15)
    void long_chains_are_cut_at_multiples_of_the_block(@ForAll("longChains") Case product) {
        check(product);
    }

    @Example
    void an_entry_of_a_batch_is_the_same_alone() {
        Case together = new Case(7, 13, 37, 29, Order.ROWS, Order.COLUMNS, 0, Values.ORDINARY, 1);
        Random random = new Random(together.seed());
        Operand a = together.operand(Order.ROWS, 13, 29, random);
        Operand b = together.operand(Order.COLUMNS, 29, 37, random);
        Operand c = together.operand(Order.ROWS, 13, 37, random);
        float[] expected = c.data().clone();
        multiply(ACTIVE, WORKERS.get(0), together, a, b, c.in(expected));
        float[] alone = c.data().clone();
        for (int e = 0; e < 7; e++) {
            ACTIVE.multiply(WORKERS.get(0), 13, 37, 29, a.entry(e), b.entry(e), c.in(alone).entry(e));
        }
        assertSameBits(expected, alone, "one by one");
    }

    @Example
    void a_row_is_the_same_alone() {
        Case together = new Case(1, 300, 200, 600, Order.ROWS, Order.ROWS, 0, Values.ORDINARY, 2);
        Random random = new Random(together.seed());
        Operand a = together.operand(Order.ROWS, 300, 600, random);
        Operand b = together.operand(Order.ROWS, 600, 200, random);
        float[] expected = new float[300 * 200];
        multiply(ACTIVE, WORKERS.get(1), together, a, b, new Operand(expected, new int[1], 200, 1));
        float[] alone = new float[300 * 200];
        for (int i = 0; i < 300; i++) {
            ACTIVE.multiply(WORKERS.get(0), 1, 200, 600, Matrices.of(a.data(), i * 600, 600, 1), b.matrices(),
                    Matrices.of(alone, i * 200, 200, 1));
        }
        assertSameBits(expected, alone, "row by row");
    }

    @Example
    void nothing_to_add_leaves_the_result_as_it_is() {
        for (Gemm gemm : List.of(SCALAR, ACTIVE)) {
            float[] c = {-0f, 1, Float.NaN, 2};
            float[] none = {};
            int[] noEntries = {};
            gemm.multiply(WORKERS.get(0), 2, 2, 0, Matrices.rows(none, 0), Matrices.rows(none, 2), Matrices.rows(c, 2));
            gemm.multiply(WORKERS.get(0), 0, 2, 3, Matrices.rows(none, 3), Matrices.rows(new float[6], 2), Matrices.rows(c, 2));
            gemm.multiply(WORKERS.get(0), 2, 2, 3, new Matrices(none, noEntries, 3, 1), new Matrices(none, noEntries, 2, 1),
                    new Matrices(c, noEntries, 2, 1));
            assertSameBits(new float[] {-0f, 1, Float.NaN, 2}, c, "empty");
        }
    }

    @Example
    void micro_kernels_are_as_generated() throws IOException {
        Path root = Path.of(System.getProperty("headstart.root", ""));
        assertEquals(SimdTilesSource.text(), Files.readString(root.resolve(SimdTilesSource.FILE)), "run SimdTilesSource.main in the root");
    }

    @Provide
    Arbitrary<Case> small() {
        Arbitrary<Integer> side = Arbitraries.oneOf(Arbitraries.integers().between(1, 9), Arbitraries.integers().between(1, 70));
        return cases(Arbitraries.integers().between(1, 4), side, side, side, Arbitraries.of(Values.class));
    }

    @Provide
    Arbitrary<Case> large() {
        Arbitrary<Integer> side = Arbitraries.oneOf(Arbitraries.integers().between(1, 40), Arbitraries.integers().between(100, 500));
        return cases(Arbitraries.oneOf(Arbitraries.just(1), Arbitraries.integers().between(2, 9)), side, side, side,
                Arbitraries.just(Values.ORDINARY))
                .filter(c -> (long) c.batch() * c.m() * c.n() * c.k() < 20_000_000);
    }

    @Provide
    Arbitrary<Case> longChains() {
        Arbitrary<Integer> side = Arbitraries.integers().between(1, 14);
        Arbitrary<Integer> k = Arbitraries.oneOf(Arbitraries.integers().between(4095, 4098), Arbitraries.integers().between(8190, 8500),
                Arbitraries.just(12_289));
        return cases(Arbitraries.integers().between(1, 2), side, side, k, Arbitraries.of(Values.ORDINARY, Values.DENORMAL));
    }

    private static Arbitrary<Case> cases(Arbitrary<Integer> batch, Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k,
            Arbitrary<Values> values) {
        Arbitrary<Long> seeds = Arbitraries.longs();
        return Combinators.combine(batch, m, n, k, Arbitraries.of(Order.class), Arbitraries.of(Order.class))
                .flatAs((e, rows, columns, steps, orderA, orderB) -> Combinators
                        .combine(Arbitraries.integers().between(0, 3), values, seeds)
                        .as((padding, kind, seed) -> new Case(e, rows, columns, steps, orderA, orderB, padding, kind, seed)));
    }

    /// Both kernels against the definition, from every start, with every number of threads; what lies around C must not change.
    private static void check(Case product) {
        Random random = new Random(product.seed());
        Operand a = product.operand(product.orderA(), product.m(), product.k(), random);
        Operand b = product.operand(product.orderB(), product.k(), product.n(), random);
        Operand c = product.operand(Order.ROWS, product.m(), product.n(), random);
        float[] row = product.operand(Order.ROWS, 1, product.n() + 1, random).data();
        for (InitialRows start : List.of(InitialRows.ACCUMULATE, InitialRows.ZERO, new InitialRows(row, 1))) {
            float[] expected = c.data().clone();
            for (int entry = 0; entry < product.batch(); entry++) {
                start.begin(expected, c.matrices().offsets()[entry], product.m(), c.matrices().rowStride(), 0, product.n());
            }
            define(product, a, b, c.in(expected));
            for (Gemm gemm : List.of(SCALAR, ACTIVE)) {
                for (Workers workers : WORKERS) {
                    float[] result = c.data().clone();
                    gemm.multiply(workers, product.m(), product.n(), product.k(), a.matrices(), b.matrices(), c.in(result).matrices(),
                            start);
                    assertSameBits(expected, result, gemm.getClass().getSimpleName() + ", " + workers.threads() + " threads, " + start);
                }
            }
        }
    }

    @Example
    void a_start_is_what_is_there_zeros_or_a_row() {
        for (Gemm gemm : List.of(SCALAR, ACTIVE)) {
            for (int k : new int[] {0, 1}) {
                assertArrayEquals(new float[] {9, 7 + k, 8 + k, 7 + k, 8 + k, 9}, begun(gemm, k, InitialRows.ACCUMULATE));
                assertArrayEquals(new float[] {9, k, k, k, k, 9}, begun(gemm, k, InitialRows.ZERO));
                assertArrayEquals(new float[] {9, 2 + k, 3 + k, 2 + k, 3 + k, 9},
                        begun(gemm, k, new InitialRows(new float[] {1, 2, 3}, 1)));
            }
        }
    }

    /// A product of ones, `[2, k] · [k, 2]`.
    private static float[] begun(Gemm gemm, int k, InitialRows start) {
        float[] c = {9, 7, 8, 7, 8, 9};
        float[] ones = {1, 1};
        gemm.multiply(WORKERS.get(0), 2, 2, k, Matrices.rows(ones, k), Matrices.rows(ones, 2), Matrices.of(c, 1, 2, 1), start);
        return c;
    }

    private static void multiply(Gemm gemm, Workers workers, Case product, Operand a, Operand b, Operand c) {
        gemm.multiply(workers, product.m(), product.n(), product.k(), a.matrices(), b.matrices(), c.matrices());
    }

    /// The contract, word by word.
    private static void define(Case product, Operand a, Operand b, Operand c) {
        for (int entry = 0; entry < product.batch(); entry++) {
            for (int i = 0; i < product.m(); i++) {
                for (int j = 0; j < product.n(); j++) {
                    float result = c.data()[c.index(entry, i, j)];
                    for (int block = 0; block < product.k(); block += 4096) {
                        float chain = block == 0 ? result : 0;
                        for (int p = block; p < Math.min(product.k(), block + 4096); p++) {
                            chain = Math.fma(a.data()[a.index(entry, i, p)], b.data()[b.index(entry, p, j)], chain);
                        }
                        result = block == 0 ? chain : result + chain;
                    }
                    c.data()[c.index(entry, i, j)] = result;
                }
            }
        }
    }

    /// Equal bit for bit, except that every NaN is like another: processors choose its bits, and Java does not say how.
    private static void assertSameBits(float[] expected, float[] actual, String who) {
        int where = Arrays.mismatch(expected, actual);
        assertTrue(where < 0, () -> who + ": element " + where + " is " + actual[where] + ", not " + expected[where]);
    }
}
