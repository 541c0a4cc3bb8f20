package dev.headstart.io.text.token;

import java.util.Arrays;

/// Finds the longest of many strings that a text goes on with, one step a character.
///
/// A node is a number; its edges lie in one hash table of all edges, keyed by node and code point, so that a step is a probe or two and a
/// hostile vocabulary cannot make a node expensive. Filled once, then read only.
public final class Trie {
    public static final int ROOT = 0;
    public static final int NOWHERE = -1;

    private long[] keys = new long[64];
    private int[] targets = new int[64];
    private int[] values = new int[32];
    private int nodes = 1;

    public Trie() {
        Arrays.fill(keys, -1);
        values[ROOT] = -1;
    }

    /// Adds a string; of equal strings the last one's value counts.
    public void put(String text, int value) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int next = next(node, text.codePointAt(i));
            node = next == NOWHERE ? add(node, text.codePointAt(i)) : next;
        }
        values[node] = value;
    }

    private int add(int node, int codePoint) {
        if (nodes * 2 > keys.length) {
            grow();
        }
        if (nodes == values.length) {
            values = Arrays.copyOf(values, nodes * 2);
        }
        values[nodes] = -1;
        insert(((long) node << 21) | codePoint, nodes);
        return nodes++;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldTargets = targets;
        keys = new long[oldKeys.length * 2];
        targets = new int[keys.length];
        Arrays.fill(keys, -1);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] >= 0) {
                insert(oldKeys[i], oldTargets[i]);
            }
        }
    }

    private void insert(long key, int target) {
        int slot = slot(key);
        while (keys[slot] >= 0) {
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        targets[slot] = target;
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (keys.length - 1);
    }

    /// The node one character further, or [#NOWHERE].
    public int next(int node, int codePoint) {
        long key = ((long) node << 21) | codePoint;
        int slot = slot(key);
        while (keys[slot] != key) {
            if (keys[slot] < 0) {
                return NOWHERE;
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return targets[slot];
    }

    /// The value of the string that ends at a node, or -1.
    public int value(int node) {
        return values[node];
    }
}
