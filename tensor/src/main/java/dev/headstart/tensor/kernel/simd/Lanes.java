package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sums in the 64 virtual lanes of [Reduce], over contiguous runs, and the folding of one vector.
///
/// Four accumulators cover a stripe of 4 · [#WIDTH] virtual lanes: with 512-bit vectors that is all 64, with 256-bit vectors a block (which
/// fits the first-level cache) is gone through twice, with 128-bit ones four times. What is left after the last full row of 64 is read in
/// whole vectors too, past n where the array goes on, out of a copy where it does not; a blend leaves alone the lanes it does not reach,
/// exactly as the contract has it. Masked loads would do the same and cost several times as much to compile and, below AVX-512, to run.
///
/// The tree folds whole vectors as long as its step is not below the width, and rearranges one vector below that. With 512-bit vectors all
/// of it is in registers.
final class Lanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int WIDTH = SPECIES.length();
    private static final int STRIPE = 4 * WIDTH;
    private static final float[] NONE = {};
    static final FloatVector IOTA = FloatVector.zero(SPECIES).addIndex(1);
    static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);
    static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
    static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    private Lanes() {}

    /// Σ x.
    static float sum(float[] x, int xo, int n) {
        if (n <= Reduce.BLOCK) {
            return sumOfBlock(x, xo, n);
        }
        int count = Math.ceilDiv(n, Reduce.BLOCK);
        float[] blocks = Scratch.ROW_BLOCKS.array(count);
        for (int b = 0; b < count; b++) {
            blocks[b] = sumOfBlock(x, xo + b * Reduce.BLOCK, Math.min(Reduce.BLOCK, n - b * Reduce.BLOCK));
        }
        return Reduce.foldBlocks(Reduction.SUM, blocks, count);
    }

    /// Σ (x - shift)², each difference squared by a fused multiply-add into its lane.
    static float sumOfSquares(float[] x, int xo, float shift, int n) {
        if (n <= Reduce.BLOCK) {
            return sumOfSquaresOfBlock(x, xo, shift, n);
        }
        int count = Math.ceilDiv(n, Reduce.BLOCK);
        float[] blocks = Scratch.ROW_BLOCKS.array(count);
        for (int b = 0; b < count; b++) {
            blocks[b] = sumOfSquaresOfBlock(x, xo + b * Reduce.BLOCK, shift, Math.min(Reduce.BLOCK, n - b * Reduce.BLOCK));
        }
        return Reduce.foldBlocks(Reduction.SUM, blocks, count);
    }

    /// Σ a b, each product entering its lane by a fused multiply-add.
    static float dot(float[] a, int ao, float[] b, int bo, int n) {
        if (n <= Reduce.BLOCK) {
            return dotOfBlock(a, ao, b, bo, n);
        }
        int count = Math.ceilDiv(n, Reduce.BLOCK);
        float[] blocks = Scratch.ROW_BLOCKS.array(count);
        for (int k = 0; k < count; k++) {
            int at = k * Reduce.BLOCK;
            blocks[k] = dotOfBlock(a, ao + at, b, bo + at, Math.min(Reduce.BLOCK, n - at));
        }
        return Reduce.foldBlocks(Reduction.SUM, blocks, count);
    }

    private static float sumOfBlock(float[] x, int xo, int n) {
        float[] lanes = WIDTH == 16 ? NONE : Scratch.LANES.array(Reduce.LANES);
        int full = n & -Reduce.LANES;
        int left = n - full;
        float[] xRest = rest(x, xo + full, left);
        int xoRest = xRest == x ? xo + full : 0;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                s0 = s0.add(fromArray(SPECIES, x, xo + i));
                s1 = s1.add(fromArray(SPECIES, x, xo + i + WIDTH));
                s2 = s2.add(fromArray(SPECIES, x, xo + i + 2 * WIDTH));
                s3 = s3.add(fromArray(SPECIES, x, xo + i + 3 * WIDTH));
            }
            if (stripe < left) {
                int i = stripe;
                s0 = s0.blend(s0.add(fromArray(SPECIES, xRest, xoRest + i)), IOTA.compare(LT, left - i));
                s1 = s1.blend(s1.add(fromArray(SPECIES, xRest, xoRest + i + WIDTH)), IOTA.compare(LT, left - i - WIDTH));
                s2 = s2.blend(s2.add(fromArray(SPECIES, xRest, xoRest + i + 2 * WIDTH)), IOTA.compare(LT, left - i - 2 * WIDTH));
                s3 = s3.blend(s3.add(fromArray(SPECIES, xRest, xoRest + i + 3 * WIDTH)), IOTA.compare(LT, left - i - 3 * WIDTH));
            }
            if (WIDTH == 16) {
                FloatVector t = s0.add(s2).add(s1.add(s3));
                t = t.add(t.rearrange(BY_8));
                t = t.add(t.rearrange(BY_4));
                t = t.add(t.rearrange(BY_2));
                return t.add(t.rearrange(BY_1)).lane(0);
            }
            s0.intoArray(lanes, stripe);
            s1.intoArray(lanes, stripe + WIDTH);
            s2.intoArray(lanes, stripe + 2 * WIDTH);
            s3.intoArray(lanes, stripe + 3 * WIDTH);
        }
        return fold(lanes);
    }

    private static float sumOfSquaresOfBlock(float[] x, int xo, float shift, int n) {
        float[] lanes = WIDTH == 16 ? NONE : Scratch.LANES.array(Reduce.LANES);
        int full = n & -Reduce.LANES;
        int left = n - full;
        float[] xRest = rest(x, xo + full, left);
        int xoRest = xRest == x ? xo + full : 0;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                FloatVector d0 = fromArray(SPECIES, x, xo + i).sub(shift);
                s0 = d0.fma(d0, s0);
                FloatVector d1 = fromArray(SPECIES, x, xo + i + WIDTH).sub(shift);
                s1 = d1.fma(d1, s1);
                FloatVector d2 = fromArray(SPECIES, x, xo + i + 2 * WIDTH).sub(shift);
                s2 = d2.fma(d2, s2);
                FloatVector d3 = fromArray(SPECIES, x, xo + i + 3 * WIDTH).sub(shift);
                s3 = d3.fma(d3, s3);
            }
            if (stripe < left) {
                int i = stripe;
                FloatVector d0 = fromArray(SPECIES, xRest, xoRest + i).sub(shift);
                s0 = s0.blend(d0.fma(d0, s0), IOTA.compare(LT, left - i));
                FloatVector d1 = fromArray(SPECIES, xRest, xoRest + i + WIDTH).sub(shift);
                s1 = s1.blend(d1.fma(d1, s1), IOTA.compare(LT, left - i - WIDTH));
                FloatVector d2 = fromArray(SPECIES, xRest, xoRest + i + 2 * WIDTH).sub(shift);
                s2 = s2.blend(d2.fma(d2, s2), IOTA.compare(LT, left - i - 2 * WIDTH));
                FloatVector d3 = fromArray(SPECIES, xRest, xoRest + i + 3 * WIDTH).sub(shift);
                s3 = s3.blend(d3.fma(d3, s3), IOTA.compare(LT, left - i - 3 * WIDTH));
            }
            if (WIDTH == 16) {
                FloatVector t = s0.add(s2).add(s1.add(s3));
                t = t.add(t.rearrange(BY_8));
                t = t.add(t.rearrange(BY_4));
                t = t.add(t.rearrange(BY_2));
                return t.add(t.rearrange(BY_1)).lane(0);
            }
            s0.intoArray(lanes, stripe);
            s1.intoArray(lanes, stripe + WIDTH);
            s2.intoArray(lanes, stripe + 2 * WIDTH);
            s3.intoArray(lanes, stripe + 3 * WIDTH);
        }
        return fold(lanes);
    }

    private static float dotOfBlock(float[] a, int ao, float[] b, int bo, int n) {
        float[] lanes = WIDTH == 16 ? NONE : Scratch.LANES.array(Reduce.LANES);
        int full = n & -Reduce.LANES;
        int left = n - full;
        float[] aRest = rest(a, ao + full, left);
        int aoRest = aRest == a ? ao + full : 0;
        float[] bRest = rest(b, bo + full, left);
        int boRest = bRest == b ? bo + full : 0;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                s0 = fromArray(SPECIES, a, ao + i).fma(fromArray(SPECIES, b, bo + i), s0);
                s1 = fromArray(SPECIES, a, ao + i + WIDTH).fma(fromArray(SPECIES, b, bo + i + WIDTH), s1);
                s2 = fromArray(SPECIES, a, ao + i + 2 * WIDTH).fma(fromArray(SPECIES, b, bo + i + 2 * WIDTH), s2);
                s3 = fromArray(SPECIES, a, ao + i + 3 * WIDTH).fma(fromArray(SPECIES, b, bo + i + 3 * WIDTH), s3);
            }
            if (stripe < left) {
                int i = stripe;
                FloatVector p0 = fromArray(SPECIES, aRest, aoRest + i)
                        .fma(fromArray(SPECIES, bRest, boRest + i), s0);
                s0 = s0.blend(p0, IOTA.compare(LT, left - i));
                FloatVector p1 = fromArray(SPECIES, aRest, aoRest + i + WIDTH)
                        .fma(fromArray(SPECIES, bRest, boRest + i + WIDTH), s1);
                s1 = s1.blend(p1, IOTA.compare(LT, left - i - WIDTH));
                FloatVector p2 = fromArray(SPECIES, aRest, aoRest + i + 2 * WIDTH)
                        .fma(fromArray(SPECIES, bRest, boRest + i + 2 * WIDTH), s2);
                s2 = s2.blend(p2, IOTA.compare(LT, left - i - 2 * WIDTH));
                FloatVector p3 = fromArray(SPECIES, aRest, aoRest + i + 3 * WIDTH)
                        .fma(fromArray(SPECIES, bRest, boRest + i + 3 * WIDTH), s3);
                s3 = s3.blend(p3, IOTA.compare(LT, left - i - 3 * WIDTH));
            }
            if (WIDTH == 16) {
                FloatVector t = s0.add(s2).add(s1.add(s3));
                t = t.add(t.rearrange(BY_8));
                t = t.add(t.rearrange(BY_4));
                t = t.add(t.rearrange(BY_2));
                return t.add(t.rearrange(BY_1)).lane(0);
            }
            s0.intoArray(lanes, stripe);
            s1.intoArray(lanes, stripe + WIDTH);
            s2.intoArray(lanes, stripe + 2 * WIDTH);
            s3.intoArray(lanes, stripe + 3 * WIDTH);
        }
        return fold(lanes);
    }

    /// An array from which 64 elements can be read where `left` of them are wanted: x from `at`, or near its end a copy from 0.
    static float[] rest(float[] x, int at, int left) {
        return at + Reduce.LANES <= x.length || left == 0 ? x : Arrays.copyOf(Arrays.copyOfRange(x, at, at + left), Reduce.LANES);
    }

    /// A length of scratch memory from which n elements can be summed without a copy.
    static int rounded(int n) {
        return Math.ceilDiv(n, Reduce.LANES) * Reduce.LANES;
    }

    /// The whole tree, over 64 lanes in memory.
    private static float fold(float[] lanes) {
        for (int h = Reduce.LANES / 2; h >= WIDTH; h /= 2) {
            for (int l = 0; l < h; l += WIDTH) {
                fromArray(SPECIES, lanes, l).add(fromArray(SPECIES, lanes, l + h)).intoArray(lanes, l);
            }
        }
        FloatVector t = fromArray(SPECIES, lanes, 0);
        if (WIDTH >= 16) {
            t = t.add(t.rearrange(BY_8));
        }
        if (WIDTH >= 8) {
            t = t.add(t.rearrange(BY_4));
        }
        t = t.add(t.rearrange(BY_2));
        return t.add(t.rearrange(BY_1)).lane(0);
    }
}
