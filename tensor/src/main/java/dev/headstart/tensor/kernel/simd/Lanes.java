package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sums in the 64 virtual lanes of [Reduce], over contiguous runs.
///
/// Four accumulators cover a stripe of 4 · [#WIDTH] virtual lanes: with 512-bit vectors that is all 64, with 256-bit vectors a block (which
/// fits the first-level cache) is gone through twice, with 128-bit ones four times. Elements past the last full row of 64 enter under a mask;
/// lanes they do not reach are left alone, exactly as the contract has it.
///
/// The tree folds whole vectors as long as its step is not below the width, and by rearranging one vector below that. A vector never leaves a
/// method other than into one that is inlined, so none is allocated.
final class Lanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int WIDTH = SPECIES.length();
    private static final int STRIPE = 4 * WIDTH;
    private static final float[] NONE = {};
    private static final FloatVector IOTA = FloatVector.zero(SPECIES).addIndex(1);
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    private Lanes() {}

    /// Σ x.
    static float sum(float[] x, int xo, int n) {
        if (n <= Reduce.BLOCK) {
            return sumOfBlock(x, xo, n);
        }
        float[] blocks = new float[Math.ceilDiv(n, Reduce.BLOCK)];
        for (int b = 0; b < blocks.length; b++) {
            blocks[b] = sumOfBlock(x, xo + b * Reduce.BLOCK, Math.min(Reduce.BLOCK, n - b * Reduce.BLOCK));
        }
        return Reduce.foldBlocks(Reduction.SUM, blocks, blocks.length);
    }

    /// Σ (x - shift)², each difference squared by a fused multiply-add into its lane.
    static float sumOfSquares(float[] x, int xo, int n, float shift) {
        if (n <= Reduce.BLOCK) {
            return sumOfSquaresOfBlock(x, xo, n, shift);
        }
        float[] blocks = new float[Math.ceilDiv(n, Reduce.BLOCK)];
        for (int b = 0; b < blocks.length; b++) {
            blocks[b] = sumOfSquaresOfBlock(x, xo + b * Reduce.BLOCK, Math.min(Reduce.BLOCK, n - b * Reduce.BLOCK), shift);
        }
        return Reduce.foldBlocks(Reduction.SUM, blocks, blocks.length);
    }

    /// Σ a b, each product entering its lane by a fused multiply-add.
    static float dot(float[] a, int ao, float[] b, int bo, int n) {
        if (n <= Reduce.BLOCK) {
            return dotOfBlock(a, ao, b, bo, n);
        }
        float[] blocks = new float[Math.ceilDiv(n, Reduce.BLOCK)];
        for (int k = 0; k < blocks.length; k++) {
            int at = k * Reduce.BLOCK;
            blocks[k] = dotOfBlock(a, ao + at, b, bo + at, Math.min(Reduce.BLOCK, n - at));
        }
        return Reduce.foldBlocks(Reduction.SUM, blocks, blocks.length);
    }

    /// Σ g and Σ g h of layer norm's gradient, in out[0] and out[1], with g = dY · gamma and h = (x - mean) · rstd.
    static void gradientSums(float[] x, int xo, float mean, float rstd, float[] gamma, int gammao, float[] dY, int dYo, int n,
            float[] out) {
        if (n <= Reduce.BLOCK) {
            gradientSumsOfBlock(x, xo, mean, rstd, gamma, gammao, dY, dYo, n, out);
            return;
        }
        float[] sums = new float[Math.ceilDiv(n, Reduce.BLOCK)];
        float[] products = new float[sums.length];
        for (int b = 0; b < sums.length; b++) {
            int at = b * Reduce.BLOCK;
            int length = Math.min(Reduce.BLOCK, n - at);
            gradientSumsOfBlock(x, xo + at, mean, rstd, gamma, gammao + at, dY, dYo + at, length, out);
            sums[b] = out[0];
            products[b] = out[1];
        }
        out[0] = Reduce.foldBlocks(Reduction.SUM, sums, sums.length);
        out[1] = Reduce.foldBlocks(Reduction.SUM, products, products.length);
    }

    /// Lanes of a vector of which `live` elements are left; as many as there are, when that is more.
    static VectorMask<Float> first(int live) {
        return WIDTH == 16 ? SPECIES.indexInRange(0, live) : IOTA.compare(VectorOperators.LT, live);
    }

    /// The tree's steps below the width: lane l takes lane l + 8, + 4, + 2, + 1.
    static float fold(FloatVector v) {
        FloatVector t = v;
        if (WIDTH >= 16) {
            t = t.add(t.rearrange(BY_8));
        }
        if (WIDTH >= 8) {
            t = t.add(t.rearrange(BY_4));
        }
        t = t.add(t.rearrange(BY_2));
        return t.add(t.rearrange(BY_1)).lane(0);
    }

    /// The largest lane, by [#larger].
    static float foldLarger(FloatVector v) {
        FloatVector t = v;
        if (WIDTH >= 16) {
            t = larger(t, t.rearrange(BY_8));
        }
        if (WIDTH >= 8) {
            t = larger(t, t.rearrange(BY_4));
        }
        t = larger(t, t.rearrange(BY_2));
        return larger(t, t.rearrange(BY_1)).lane(0);
    }

    /// The largest lane, by `max`.
    static float foldMax(FloatVector v) {
        FloatVector t = v;
        if (WIDTH >= 16) {
            t = t.max(t.rearrange(BY_8));
        }
        if (WIDTH >= 8) {
            t = t.max(t.rearrange(BY_4));
        }
        t = t.max(t.rearrange(BY_2));
        return t.max(t.rearrange(BY_1)).lane(0);
    }

    /// The larger of each two, a where they are equal or either is NaN: a third of the instructions of `max`.
    static FloatVector larger(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(VectorOperators.GT, a));
    }

    private static float sumOfBlock(float[] x, int xo, int n) {
        float[] lanes = WIDTH == 16 ? NONE : new float[Reduce.LANES];
        int full = n & -Reduce.LANES;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                s0 = s0.add(load(x, xo + i));
                s1 = s1.add(load(x, xo + i + WIDTH));
                s2 = s2.add(load(x, xo + i + 2 * WIDTH));
                s3 = s3.add(load(x, xo + i + 3 * WIDTH));
            }
            int i = full + stripe;
            if (i < n) {
                VectorMask<Float> m0 = first(n - i);
                VectorMask<Float> m1 = first(n - i - WIDTH);
                VectorMask<Float> m2 = first(n - i - 2 * WIDTH);
                VectorMask<Float> m3 = first(n - i - 3 * WIDTH);
                s0 = s0.add(load(x, xo + i, m0), m0);
                s1 = s1.add(load(x, xo + i + WIDTH, m1), m1);
                s2 = s2.add(load(x, xo + i + 2 * WIDTH, m2), m2);
                s3 = s3.add(load(x, xo + i + 3 * WIDTH, m3), m3);
            }
            if (WIDTH == 16) {
                return fold(s0.add(s2).add(s1.add(s3)));
            }
            store(s0, s1, s2, s3, lanes, stripe);
        }
        return fold(lanes);
    }

    private static float dotOfBlock(float[] a, int ao, float[] b, int bo, int n) {
        float[] lanes = WIDTH == 16 ? NONE : new float[Reduce.LANES];
        int full = n & -Reduce.LANES;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                s0 = load(a, ao + i).fma(load(b, bo + i), s0);
                s1 = load(a, ao + i + WIDTH).fma(load(b, bo + i + WIDTH), s1);
                s2 = load(a, ao + i + 2 * WIDTH).fma(load(b, bo + i + 2 * WIDTH), s2);
                s3 = load(a, ao + i + 3 * WIDTH).fma(load(b, bo + i + 3 * WIDTH), s3);
            }
            int i = full + stripe;
            if (i < n) {
                VectorMask<Float> m0 = first(n - i);
                VectorMask<Float> m1 = first(n - i - WIDTH);
                VectorMask<Float> m2 = first(n - i - 2 * WIDTH);
                VectorMask<Float> m3 = first(n - i - 3 * WIDTH);
                s0 = s0.blend(load(a, ao + i, m0).fma(load(b, bo + i, m0), s0), m0);
                s1 = s1.blend(load(a, ao + i + WIDTH, m1).fma(load(b, bo + i + WIDTH, m1), s1), m1);
                s2 = s2.blend(load(a, ao + i + 2 * WIDTH, m2).fma(load(b, bo + i + 2 * WIDTH, m2), s2), m2);
                s3 = s3.blend(load(a, ao + i + 3 * WIDTH, m3).fma(load(b, bo + i + 3 * WIDTH, m3), s3), m3);
            }
            if (WIDTH == 16) {
                return fold(s0.add(s2).add(s1.add(s3)));
            }
            store(s0, s1, s2, s3, lanes, stripe);
        }
        return fold(lanes);
    }

    private static float sumOfSquaresOfBlock(float[] x, int xo, int n, float shift) {
        float[] lanes = WIDTH == 16 ? NONE : new float[Reduce.LANES];
        int full = n & -Reduce.LANES;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                s0 = square(load(x, xo + i).sub(shift), s0);
                s1 = square(load(x, xo + i + WIDTH).sub(shift), s1);
                s2 = square(load(x, xo + i + 2 * WIDTH).sub(shift), s2);
                s3 = square(load(x, xo + i + 3 * WIDTH).sub(shift), s3);
            }
            int i = full + stripe;
            if (i < n) {
                VectorMask<Float> m0 = first(n - i);
                VectorMask<Float> m1 = first(n - i - WIDTH);
                VectorMask<Float> m2 = first(n - i - 2 * WIDTH);
                VectorMask<Float> m3 = first(n - i - 3 * WIDTH);
                s0 = s0.blend(square(load(x, xo + i, m0).sub(shift), s0), m0);
                s1 = s1.blend(square(load(x, xo + i + WIDTH, m1).sub(shift), s1), m1);
                s2 = s2.blend(square(load(x, xo + i + 2 * WIDTH, m2).sub(shift), s2), m2);
                s3 = s3.blend(square(load(x, xo + i + 3 * WIDTH, m3).sub(shift), s3), m3);
            }
            if (WIDTH == 16) {
                return fold(s0.add(s2).add(s1.add(s3)));
            }
            store(s0, s1, s2, s3, lanes, stripe);
        }
        return fold(lanes);
    }

    private static void gradientSumsOfBlock(float[] x, int xo, float mean, float rstd, float[] gamma, int gammao, float[] dY, int dYo,
            int n, float[] out) {
        float[] sums = WIDTH == 16 ? NONE : new float[Reduce.LANES];
        float[] products = WIDTH == 16 ? NONE : new float[Reduce.LANES];
        int full = n & -Reduce.LANES;
        for (int stripe = 0; stripe < Reduce.LANES; stripe += STRIPE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            FloatVector p0 = s0;
            FloatVector p1 = s0;
            FloatVector p2 = s0;
            FloatVector p3 = s0;
            for (int i = stripe; i < full; i += Reduce.LANES) {
                FloatVector g0 = load(dY, dYo + i).mul(load(gamma, gammao + i));
                s0 = s0.add(g0);
                p0 = load(x, xo + i).sub(mean).mul(rstd).fma(g0, p0);
                FloatVector g1 = load(dY, dYo + i + WIDTH).mul(load(gamma, gammao + i + WIDTH));
                s1 = s1.add(g1);
                p1 = load(x, xo + i + WIDTH).sub(mean).mul(rstd).fma(g1, p1);
                FloatVector g2 = load(dY, dYo + i + 2 * WIDTH).mul(load(gamma, gammao + i + 2 * WIDTH));
                s2 = s2.add(g2);
                p2 = load(x, xo + i + 2 * WIDTH).sub(mean).mul(rstd).fma(g2, p2);
                FloatVector g3 = load(dY, dYo + i + 3 * WIDTH).mul(load(gamma, gammao + i + 3 * WIDTH));
                s3 = s3.add(g3);
                p3 = load(x, xo + i + 3 * WIDTH).sub(mean).mul(rstd).fma(g3, p3);
            }
            int i = full + stripe;
            if (i < n) {
                VectorMask<Float> m0 = first(n - i);
                VectorMask<Float> m1 = first(n - i - WIDTH);
                VectorMask<Float> m2 = first(n - i - 2 * WIDTH);
                VectorMask<Float> m3 = first(n - i - 3 * WIDTH);
                FloatVector g0 = load(dY, dYo + i, m0).mul(load(gamma, gammao + i, m0));
                s0 = s0.add(g0, m0);
                p0 = p0.blend(load(x, xo + i, m0).sub(mean).mul(rstd).fma(g0, p0), m0);
                FloatVector g1 = load(dY, dYo + i + WIDTH, m1).mul(load(gamma, gammao + i + WIDTH, m1));
                s1 = s1.add(g1, m1);
                p1 = p1.blend(load(x, xo + i + WIDTH, m1).sub(mean).mul(rstd).fma(g1, p1), m1);
                FloatVector g2 = load(dY, dYo + i + 2 * WIDTH, m2).mul(load(gamma, gammao + i + 2 * WIDTH, m2));
                s2 = s2.add(g2, m2);
                p2 = p2.blend(load(x, xo + i + 2 * WIDTH, m2).sub(mean).mul(rstd).fma(g2, p2), m2);
                FloatVector g3 = load(dY, dYo + i + 3 * WIDTH, m3).mul(load(gamma, gammao + i + 3 * WIDTH, m3));
                s3 = s3.add(g3, m3);
                p3 = p3.blend(load(x, xo + i + 3 * WIDTH, m3).sub(mean).mul(rstd).fma(g3, p3), m3);
            }
            if (WIDTH == 16) {
                out[0] = fold(s0.add(s2).add(s1.add(s3)));
                out[1] = fold(p0.add(p2).add(p1.add(p3)));
                return;
            }
            store(s0, s1, s2, s3, sums, stripe);
            store(p0, p1, p2, p3, products, stripe);
        }
        out[0] = fold(sums);
        out[1] = fold(products);
    }

    /// s + d², fused.
    static FloatVector square(FloatVector d, FloatVector s) {
        return d.fma(d, s);
    }

    static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }

    static FloatVector load(float[] x, int at, VectorMask<Float> live) {
        return FloatVector.fromArray(SPECIES, x, at, live);
    }

    static void store(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3, float[] lanes, int at) {
        s0.intoArray(lanes, at);
        s1.intoArray(lanes, at + WIDTH);
        s2.intoArray(lanes, at + 2 * WIDTH);
        s3.intoArray(lanes, at + 3 * WIDTH);
    }

    /// The whole tree, over 64 lanes in memory.
    static float fold(float[] lanes) {
        for (int h = Reduce.LANES / 2; h >= WIDTH; h /= 2) {
            for (int l = 0; l < h; l += WIDTH) {
                load(lanes, l).add(load(lanes, l + h)).intoArray(lanes, l);
            }
        }
        return fold(load(lanes, 0));
    }
}
