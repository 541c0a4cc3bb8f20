package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The words of [dev.headstart.tensor.Philox], several blocks at a time.
///
/// A block's four words are a pair of long lanes: c0 and c1 are the low and the high half of the even lane, c2 and c3 of the odd one. That is
/// their order in memory too, so a vector read as ints has the words in the order of the stream. In a round each lane's low half is
/// multiplied to 64 bits, the lanes of a pair are exchanged, and the halves change places.
final class SimdPhilox {
    private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final long LOW = 0xFFFFFFFFL;
    private static final VectorMask<Long> ODD = VectorMask.fromLong(S, 0xAAAA_AAAA_AAAA_AAAAL);
    private static final VectorShuffle<Long> EXCHANGE = VectorShuffle.fromOp(S, lane -> lane ^ 1);
    private static final LongVector FACTORS = pairs(0xD2511F53L, 0xCD9E8D57L);
    private static final LongVector START = LongVector.zero(S).addIndex(1).lanewise(LSHR, 1).blend(0L, ODD);
    private static final LongVector STEP = pairs(LANES / 2, 0L);

    private SimdPhilox() {}

    private static LongVector pairs(long even, long odd) {
        return LongVector.broadcast(S, even).blend(odd, ODD);
    }

    /// The counters of the blocks from `block` on.
    static LongVector blocks(long block) {
        return START.add(pairs(block, 0L));
    }

    /// The counters of the blocks after these.
    static LongVector next(LongVector blocks) {
        return blocks.add(STEP);
    }

    /// The words of these blocks.
    static LongVector words(LongVector blocks, long key) {
        LongVector c = round(blocks, key, 0);
        c = round(c, key, 1);
        c = round(c, key, 2);
        c = round(c, key, 3);
        c = round(c, key, 4);
        c = round(c, key, 5);
        c = round(c, key, 6);
        c = round(c, key, 7);
        c = round(c, key, 8);
        return round(c, key, 9);
    }

    private static LongVector round(LongVector c, long key, int number) {
        LongVector k = pairs(((int) key + number * 0x9E3779B9) & LOW, ((int) (key >>> 32) + number * 0xBB67AE85) & LOW);
        LongVector p = c.and(LOW).mul(FACTORS).rearrange(EXCHANGE);
        return p.lanewise(LSHL, 32).or(p.lanewise(LSHR, 32).lanewise(XOR, c.lanewise(LSHR, 32)).lanewise(XOR, k));
    }
}
