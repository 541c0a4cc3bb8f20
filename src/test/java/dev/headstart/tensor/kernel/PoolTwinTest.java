package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Pooling;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Pooling and resizing: the contract's bits from the scalar kernels, the same from the active ones, and values by hand and by plain loops.
class PoolTwinTest {
    private static final List<MaxPool> MAX = List.of(ScalarKernels.create().maxPool(), KernelChoice.ACTIVE.maxPool());
    private static final List<Resample> RESAMPLE = List.of(ScalarKernels.create().resample(), KernelChoice.ACTIVE.resample());
    private static final int BEFORE = 1;

    /// Bands that overlap, touch or leave gaps, none of them empty.
    private static Bands bands(Random random) {
        int outputs = random.nextInt(1, 6);
        int[] from = new int[outputs];
        int[] start = new int[outputs + 1];
        int begin = 0;
        int end = 0;
        for (int o = 0; o < outputs; o++) {
            begin += o == 0 ? 0 : random.nextInt(3);
            end = Math.max(end, begin + random.nextInt(1, 4));
            from[o] = begin;
            start[o + 1] = start[o] + end - begin;
        }
        return new Bands(end + random.nextInt(3), from, start, KernelCases.floats(start[outputs], Values.ORDINARY, random));
    }

    @Property(tries = 300)
    void resampling_has_the_bits_of_the_contract(@ForAll @IntRange(max = 70) int channels, @ForAll Values values, @ForAll long seed) {
        Random random = new Random(seed);
        Bands rows = bands(random);
        Bands columns = bands(random);
        for (int i = 0; i < 2; i++) {
            checkResample(rows, columns, channels, values, random);
            rows = rows.transposed();
            columns = columns.transposed();
        }
    }

    private static void checkResample(Bands rows, Bands columns, int channels, Values values, Random random) {
        float[] x = KernelCases.floats(BEFORE + 2 * rows.inputs() * columns.inputs() * channels, values, random);
        float[] before = KernelCases.floats(BEFORE + 2 * rows.outputs() * columns.outputs() * channels, Values.ORDINARY, random);
        float[] expected = before.clone();
        for (int line = 1; line < 2 * rows.outputs(); line++) {
            int oy = line % rows.outputs();
            for (int ox = 0; ox < columns.outputs(); ox++) {
                for (int c = 0; c < channels; c++) {
                    float sum = 0;
                    for (int i = 0; i < rows.length(oy); i++) {
                        for (int j = 0; j < columns.length(ox); j++) {
                            int row = line / rows.outputs() * rows.inputs() + rows.from()[oy] + i;
                            int at = (row * columns.inputs() + columns.from()[ox] + j) * channels + c;
                            float weight = rows.weights()[rows.start()[oy] + i] * columns.weights()[columns.start()[ox] + j];
                            sum = Math.fma(weight, x[BEFORE + at], sum);
                        }
                    }
                    expected[BEFORE + (line * columns.outputs() + ox) * channels + c] = sum;
                }
            }
        }
        for (Resample kernel : RESAMPLE) {
            float[] y = before.clone();
            kernel.resample(new Windows(rows, columns, channels), new Slice(x, BEFORE), new Slice(y, BEFORE), 1, 2 * rows.outputs());
            assertSameBits(expected, y, kernel.getClass().getSimpleName() + " " + channels);
        }
    }

    /// One band over all inputs: rows times columns are more than a chain has.
    private static Bands whole(int inputs, Random random) {
        return new Bands(inputs, new int[] {0}, new int[] {0, inputs}, KernelCases.floats(inputs, Values.ORDINARY, random));
    }

    @Example
    void long_windows_are_cut_where_the_contract_says() {
        Random random = new Random(3);
        for (int channels : new int[] {1, 19}) {
            for (int[] size : new int[][] {{3, Gemm.K_BLOCK + 5}, {70, 70}, {1, 2 * Gemm.K_BLOCK}, {Gemm.K_BLOCK + 1, 1}}) {
                Windows windows = new Windows(whole(size[0], random), whole(size[1], random), channels);
                float[] x = KernelCases.floats(size[0] * size[1] * channels, Values.ORDINARY, random);
                float[] expected = new float[channels];
                for (int c = 0; c < channels; c++) {
                    for (int i = 0; i < size[0]; i++) {
                        float chain = 0;
                        for (int j = 0; j < size[1]; j++) {
                            float weight = windows.rows().weights()[i] * windows.columns().weights()[j];
                            chain = Math.fma(weight, x[(i * size[1] + j) * channels + c], chain);
                            if ((j + 1) % Gemm.K_BLOCK == 0 || j + 1 == size[1]) {
                                expected[c] += chain;
                                chain = 0;
                            }
                        }
                    }
                }
                for (Resample kernel : RESAMPLE) {
                    float[] y = new float[channels];
                    kernel.resample(windows, new Slice(x, 0), new Slice(y, 0), 0, 1);
                    assertSameBits(expected, y, kernel.getClass().getSimpleName() + " " + channels);
                }
            }
        }
    }

    /// A pixel in the middle is in all of 70 · 70 windows, and wins them.
    @Example
    void the_gradient_of_a_pixel_in_many_windows_is_cut_where_the_contract_says() {
        int[] from = new int[70];
        int[] start = new int[71];
        for (int o = 0; o < 70; o++) {
            from[o] = o;
            start[o + 1] = start[o] + 70;
        }
        Bands bands = new Bands(139, from, start, new float[70 * 70]);
        for (int channels : new int[] {1, 19}) {
            Windows windows = new Windows(bands, bands, channels);
            Random random = new Random(4);
            float[] x = new float[139 * 139 * channels];
            java.util.Arrays.fill(x, (69 * 139 + 69) * channels, (69 * 139 + 70) * channels, 1);
            float[] dY = KernelCases.floats(70 * 70 * channels, Values.ORDINARY, random);
            float[] expected = new float[x.length];
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < 70; i++) {
                    float chain = 0;
                    for (int j = 0; j < 70; j++) {
                        chain += dY[(i * 70 + j) * channels + c];
                    }
                    expected[(69 * 139 + 69) * channels + c] += chain;
                }
            }
            for (MaxPool kernel : MAX) {
                float[] winners = new float[dY.length];
                kernel.forward(windows, new Slice(x, 0), new Slice(new float[dY.length], 0), new Slice(winners, 0), 0, 70);
                float[] dX = new float[x.length];
                kernel.gradient(windows, windows.transposed(), new Slice(winners, 0), new Slice(dY, 0), new Slice(dX, 0), 0, 139);
                assertSameBits(expected, dX, kernel.getClass().getSimpleName() + " " + channels);
            }
        }
    }

    @Property(tries = 300)
    void max_pooling_has_the_bits_of_the_contract(@ForAll @IntRange(max = 70) int channels, @ForAll Values values, @ForAll long seed) {
        Random random = new Random(seed);
        Bands rows = bands(random);
        Bands columns = bands(random);
        int inputs = rows.inputs() * columns.inputs();
        int outputs = rows.outputs() * columns.outputs();
        float[] x = KernelCases.floats(BEFORE + 2 * inputs * channels, values, random);
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(3) == 0 ? Math.round(x[i]) : x[i]; // ties
        }
        float[] y = KernelCases.floats(BEFORE + 2 * outputs * channels, Values.ORDINARY, random);
        float[] winners = y.clone();
        float[] dY = KernelCases.floats(y.length, values, random);
        float[] dX = new float[x.length];
        dX[0] = 7;
        for (int image = 0; image < 2; image++) {
            for (int o = 0; o < outputs; o++) {
                for (int c = 0; c < channels; c++) {
                    int oy = o / columns.outputs();
                    int ox = o % columns.outputs();
                    int best = -1;
                    int number = -1;
                    for (int iy = rows.from()[oy]; iy < rows.to(oy); iy++) {
                        for (int ix = columns.from()[ox]; ix < columns.to(ox); ix++) {
                            int at = BEFORE + ((image * rows.inputs() + iy) * columns.inputs() + ix) * channels + c;
                            if (best < 0 || x[at] > x[best] || (Float.isNaN(x[at]) && !Float.isNaN(x[best]))) {
                                best = at;
                                number = (iy - rows.from()[oy]) * columns.length(ox) + ix - columns.from()[ox];
                            }
                        }
                    }
                    int at = BEFORE + (image * outputs + o) * channels + c;
                    y[at] = x[best];
                    winners[at] = number;
                    dX[best] += dY[at];
                }
            }
        }
        for (MaxPool kernel : MAX) {
            String name = kernel.getClass().getSimpleName() + " " + channels;
            float[] largest = new float[y.length];
            float[] won = new float[y.length];
            largest[0] = won[0] = y[0];
            Windows windows = new Windows(rows, columns, channels);
            kernel.forward(windows, new Slice(x, BEFORE), new Slice(largest, BEFORE), new Slice(won, BEFORE), 0, 2 * rows.outputs());
            assertSameBits(y, largest, name);
            assertSameBits(winners, won, name);
            float[] gradient = KernelCases.floats(dX.length, Values.ORDINARY, random);
            gradient[0] = 7;
            kernel.gradient(windows, windows.transposed(), new Slice(winners, BEFORE), new Slice(dY, BEFORE), new Slice(gradient, BEFORE),
                    0,
                    2 * rows.inputs());
            assertSameBits(dX, gradient, name);
        }
    }

    /// One image of one channel.
    private static Tensor image(int height, int width, float... values) {
        return Tensor.of(Shape.of(1, height, width, 1), values);
    }

    @Example
    void the_first_of_equal_elements_wins_and_padding_never() {
        Tensor x = image(2, 4, -1, -1, -3, -2, -1, -4, -3, -5);
        Pool2dGeometry geometry = Pool2dGeometry.of(2).padding(1, 1, 0, 0).stride(2, 2);
        Tensor.Pooled pooled = x.maxPool2d(geometry);
        assertArrayEquals(new float[] {-1, -2, -1, -3}, pooled.y().toArray());
        Tensor dX = Pooling.maxGradient(x.shape(), pooled.winners(), geometry, image(2, 2, 1, 2, 3, 4));
        assertArrayEquals(new float[] {1, 0, 0, 2, 3, 0, 4, 0}, dX.toArray());
        Tensor nan = image(1, 4, 5, Float.NaN, 7, Float.NaN).maxPool2d(Pool2dGeometry.of(1, 4)).winners();
        assertEquals(1, nan.item());
    }

    @Example
    void padding_counts_in_a_mean_if_wanted() {
        Tensor x = image(2, 2, 1, 2, 3, 4);
        Pool2dGeometry geometry = Pool2dGeometry.of(2).padding(1, 1, 1, 1);
        assertArrayEquals(new float[] {0.25f, 0.5f, 0.75f, 1}, x.avgPool2d(geometry, true).toArray());
        assertArrayEquals(new float[] {1, 2, 3, 4}, x.avgPool2d(geometry, false).toArray());
        assertArrayEquals(new float[] {2.5f}, x.adaptiveAvgPool2d(1, 1).toArray());
    }

    @Example
    void in_ceil_mode_windows_reach_beyond_the_padding_but_begin_in_the_image() {
        Tensor x = image(1, 6, 1, 2, 3, 4, 5, 6);
        Pool2dGeometry geometry = new Pool2dGeometry(1, 3, 1, 2, 0, 0, 1, 1, false); // windows at -1, 1, 3, 5
        assertArrayEquals(new float[] {2, 4, 6}, x.maxPool2d(geometry).y().toArray());
        Pool2dGeometry reaching = geometry.ceilMode(true);
        Tensor.Pooled pooled = x.maxPool2d(reaching);
        assertArrayEquals(new float[] {2, 4, 6, 6}, pooled.y().toArray());
        Tensor dX = Pooling.maxGradient(x.shape(), pooled.winners(), reaching, image(1, 4, 1, 2, 3, 4));
        assertArrayEquals(new float[] {0, 1, 0, 2, 0, 7}, dX.toArray());
        assertArrayEquals(new float[] {1, 3, 5, 3}, x.avgPool2d(reaching, true).toArray(), 1e-6f); // the last: (6 + 0) / 2
        assertArrayEquals(new float[] {1.5f, 3, 5, 6}, x.avgPool2d(reaching, false).toArray(), 1e-6f);
        Pool2dGeometry apart = new Pool2dGeometry(1, 2, 1, 3, 0, 0, 1, 1, true); // windows at -1, 2; one at 5 would be behind 5 pixels
        assertEquals(2, apart.outWidth(5));
        assertEquals(3, apart.outWidth(6));
    }

    @Example
    void each_bin_has_its_largest_element() {
        Tensor x = image(1, 5, 1, 7, 3, 7, 5);
        Tensor.Pooled pooled = x.adaptiveMaxPool2d(1, 2); // bins [0, 3) and [2, 5)
        assertArrayEquals(new float[] {7, 7}, pooled.y().toArray());
        assertArrayEquals(new float[] {1, 1}, pooled.winners().toArray());
        Tensor dX = Pooling.adaptiveMaxGradient(x.shape(), pooled.winners(), image(1, 2, 2, 3));
        assertArrayEquals(new float[] {0, 2, 0, 3, 0}, dX.toArray());
    }

    @Example
    void bins_overlap_where_they_do_not_fit() {
        Tensor x = image(1, 5, 1, 2, 3, 4, 5);
        assertArrayEquals(new float[] {2, 4}, x.adaptiveAvgPool2d(1, 2).toArray(), 1e-6f);
        assertArrayEquals(new float[] {1.5f, 3, 4.5f}, x.adaptiveAvgPool2d(1, 3).toArray(), 1e-6f);
    }

    @Example
    void images_grow_between_their_pixels() {
        Tensor x = image(1, 3, 0, 4, 8);
        assertArrayEquals(new float[] {0, 0, 4, 4, 8, 8}, x.resize(1, 6, Interpolation.NEAREST).toArray());
        assertArrayEquals(new float[] {0, 1, 3, 5, 7, 8}, x.resize(1, 6, Interpolation.BILINEAR).toArray(), 1e-6f);
        assertArrayEquals(new float[] {0, 2, 4, 6, 8}, x.resize(1, 5, Interpolation.BILINEAR_ALIGNED).toArray(), 1e-6f);
        for (Interpolation how : Interpolation.values()) {
            assertTrue(x.bitsEqual(x.resize(1, 3, how)), how.name());
        }
    }

    @Example
    void a_geometry_refuses_what_makes_no_sense() {
        assertEquals("pool2d: window [0, 2], stride [1, 1]: each must be at least 1, a window at most 2^24 large",
                assertThrows(ShapeException.class, () -> new Pool2dGeometry(0, 2, 1, 1, 0, 0, 0, 0, false)).getMessage());
        assertEquals("pool2d: window [2, 2], padding: top 2, bottom 0, left 0, right 0: none may be negative or as large as the window",
                assertThrows(ShapeException.class, () -> Pool2dGeometry.of(2).padding(2, 0, 0, 0)).getMessage());
    }
}
