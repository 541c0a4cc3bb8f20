package dev.headstart.io.text;

import dev.headstart.io.text.token.Merges;
import java.util.Arrays;

/// Merges one word's symbols: again and again the two neighbours whose rule has the lowest rank, the leftmost of equals (Sennrich et al.
/// 2016).
///
/// The symbols are a linked list in arrays, the neighbours that could be merged a heap ordered by rank and place, so that a word of n bytes
/// takes n log n steps; a megabyte without a space is one word. Entries of the heap whose symbols changed since are passed over when they
/// come up; as in Hugging Face's library they still count if the neighbours now at that place become the same token.
///
/// Scratch of one call; not for many threads.
final class PairMerger {
    private final Merges merges;
    int[] ids = new int[64];
    int[] lengths = new int[64];
    int size;
    private int[] previous = new int[64];
    private int[] next = new int[64];
    private int[] ranks = new int[64]; // of each symbol and the one behind it
    private long[] heap = new long[64];
    private int heapSize;
    private int unknown; // size after the last unknown symbol

    PairMerger(Merges merges) {
        this.merges = merges;
    }

    /// Begins another word.
    void clear() {
        size = 0;
        unknown = 0;
    }

    /// Adds a symbol of a length greater than 0.
    void add(int id, int length) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
            lengths = Arrays.copyOf(lengths, size * 2);
        }
        ids[size] = id;
        lengths[size++] = length;
    }

    /// Adds a symbol for what the vocabulary lacks; if `fuse`, it grows the one before it that was added so.
    void addUnknown(int id, int length, boolean fuse) {
        if (fuse && unknown == size && size > 0) {
            lengths[size - 1] += length;
        } else {
            add(id, length);
        }
        unknown = size;
    }

    /// Merges until no rule applies; afterwards [#ids] and [#lengths] hold what is left.
    void merge() {
        if (size < 2) {
            return;
        }
        link();
        while (heapSize > 0) {
            long top = pop();
            int at = (int) top;
            int rank = (int) (top >>> 32);
            if (lengths[at] > 0 && ranks[at] != Merges.NO_RANK && (ranks[at] == rank || merges.result(ranks[at]) == merges.result(rank))) {
                join(at, merges.result(rank));
            }
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (lengths[i] > 0) {
                ids[kept] = ids[i];
                lengths[kept++] = lengths[i];
            }
        }
        size = kept;
    }

    private void link() {
        if (next.length < size) {
            next = new int[ids.length];
            previous = new int[ids.length];
            ranks = new int[ids.length];
        }
        heapSize = 0;
        for (int i = 0; i < size; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            rank(i);
        }
    }

    /// Finds the rule for a symbol and the one behind it.
    private void rank(int at) {
        ranks[at] = next[at] < size ? merges.rank(ids[at], ids[next[at]]) : Merges.NO_RANK;
        if (ranks[at] != Merges.NO_RANK) {
            push(((long) ranks[at] << 32) | at);
        }
    }

    private void join(int at, int id) {
        int right = next[at];
        ids[at] = id;
        lengths[at] += lengths[right];
        lengths[right] = 0;
        next[at] = next[right];
        if (next[at] < size) {
            previous[next[at]] = at;
        }
        if (previous[at] >= 0) {
            rank(previous[at]);
        }
        rank(at);
    }

    private void push(long entry) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        int at = heapSize++;
        while (at > 0 && heap[(at - 1) >> 1] > entry) {
            heap[at] = heap[(at - 1) >> 1];
            at = (at - 1) >> 1;
        }
        heap[at] = entry;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (child >= heapSize || heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
