package dev.headstart.io.text.token;

import java.util.Arrays;

/// The rules of byte-pair encoding: which two neighbouring tokens become which, and which rule goes first (the lower rank).
///
/// A hash table from pairs of ids to ranks. Filled once, then read only.
public final class Merges {
    public static final int NO_RANK = -1;

    private final long[] keys;
    private final int[] ranks;
    private final int[] results;

    public Merges(int count) {
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, count)) * 4);
        keys = new long[capacity];
        ranks = new int[capacity];
        results = new int[count];
        Arrays.fill(keys, -1);
    }

    /// Adds a rule; of two for the same pair the later one counts.
    public void put(int rank, int left, int right, int result) {
        long key = ((long) left << 32) | right;
        int slot = slot(key);
        while (keys[slot] >= 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        ranks[slot] = rank;
        results[rank] = result;
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (keys.length - 1);
    }

    /// The rank of the rule for two neighbours, or [#NO_RANK].
    public int rank(int left, int right) {
        long key = ((long) left << 32) | right;
        int slot = slot(key);
        while (keys[slot] != key) {
            if (keys[slot] < 0) {
                return NO_RANK;
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return ranks[slot];
    }

    /// What the rule of a rank makes.
    public int result(int rank) {
        return results[rank];
    }
}
