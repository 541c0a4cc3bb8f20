package dev.headstart.tensor.kernel;

/// Counter-based random words: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
///
/// A word is a pure function of a 64-bit key and a 64-bit index: no state, so any part of a stream can be had by any thread in any order.
/// Word i of a stream is component i mod 4 of the block whose counter is (i div 4, 0): low half, high half of the 64-bit block number, 0,
/// 0.
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    private Philox() {}

    /// Word `index` of the stream of `key`.
    public static int word(long key, long index) {
        int[] block = new int[4];
        block(key, index >>> 2, block);
        return block[(int) (index & 3)];
    }

    /// Fills `out` with words 4 · block … 4 · block + 3 of the stream of `key`.
    public static void block(long key, long block, int[] out) {
        block(key, block, 0L, out);
    }

    /// The whole generator: a counter of 128 bits.
    static void block(long key, long low, long high, int[] out) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            c0 = n0;
            c2 = n2;
            k0 += W0;
            k1 += W1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /// A 64-bit key from a key and a number: SplitMix64's finaliser over their combination. Different numbers give unrelated keys.
    public static long derive(long key, long number) {
        return mix(mix(key + 0x9E3779B97F4A7C15L) ^ (number * 0xBF58476D1CE4E5B9L + 0x632BE59BD9B4E019L));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
