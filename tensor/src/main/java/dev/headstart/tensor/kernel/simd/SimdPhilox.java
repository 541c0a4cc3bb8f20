package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The words of [dev.headstart.tensor.kernel.Philox], one block in each long lane.
///
/// Lane j of `a` holds the counter words c0 (high half) and c1 (low half) of block j, lane j of `b` holds c2 and c3. With the word to be
/// multiplied in the high half, a round is short: the product of c2 has its halves already where the new c0 and c1 belong, c1 joins c0 by
/// a shift, and the key lies in the high half of a long, where it may overflow as a 32-bit key does. Both factors are visibly 32 bits
/// wide (a shift by 32), from which the compiler sees that one instruction for 32 by 32 bits will do.
final class SimdPhilox {
    private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final VectorMask<Long> ODD = VectorMask.fromLong(S, 0xAAAA_AAAA_AAAA_AAAAL);
    private static final VectorShuffle<Long> FIRST_HALF = VectorShuffle.fromOp(S, lane -> lane / 2);
    private static final VectorShuffle<Long> LAST_HALF = VectorShuffle.fromOp(S, lane -> (lane + LANES) / 2);
    /// Words made at a time.
    static final int STEP = 4 * LANES;

    private SimdPhilox() {}

    /// Fills `out`, which has room for n rounded up to a multiple of [#STEP], up to n or a little more with the words from `block` on.
    static void fill(long key, long block, int[] out, int n) {
        LongVector m0 = LongVector.broadcast(S, 0xD2511F53L << 32).lanewise(LSHR, 32);
        LongVector m1 = LongVector.broadcast(S, 0xCD9E8D57L << 32).lanewise(LSHR, 32);
        for (int i = 0; i < n; i += STEP) {
            LongVector a = LongVector.broadcast(S, block + i / 4).addIndex(1).lanewise(ROL, 32);
            LongVector b = LongVector.zero(S);
            long k0 = key << 32;
            long k1 = key >>> 32 << 32;
            for (int round = 0; round < 10; round++) {
                LongVector p0 = a.lanewise(LSHR, 32).mul(m0);
                LongVector p1 = b.lanewise(LSHR, 32).mul(m1);
                a = p1.lanewise(XOR, a.lanewise(LSHL, 32)).lanewise(XOR, k0);
                b = p0.lanewise(XOR, b.lanewise(LSHL, 32)).lanewise(XOR, k1);
                k0 += 0x9E3779B9L << 32;
                k1 += 0xBB67AE85L << 32;
            }
            // Blocks side by side: a0 b0 a1 b1 …, in each lane the earlier word in the low half.
            a = a.lanewise(ROL, 32);
            b = b.lanewise(ROL, 32);
            a.rearrange(FIRST_HALF).blend(b.rearrange(FIRST_HALF), ODD).reinterpretAsInts().intoArray(out, i);
            a.rearrange(LAST_HALF).blend(b.rearrange(LAST_HALF), ODD).reinterpretAsInts().intoArray(out, i + 2 * LANES);
        }
    }
}
