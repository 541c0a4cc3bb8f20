package dev.headstart.io.text;

import java.util.Arrays;

/// The tokens of one text while they are found: one row per token. Belongs to one call.
final class Tokens {
    int[] ids = new int[16];
    int[] starts = new int[16];
    int[] ends = new int[16];
    int[] words = new int[16];
    String[] texts = new String[16];
    int size;
    int word;

    /// Adds a token of the current word.
    void add(int id, String text, int start, int end) {
        if (size == ids.length) {
            grow();
        }
        ids[size] = id;
        texts[size] = text;
        starts[size] = start;
        ends[size] = end;
        words[size++] = word;
    }

    private void grow() {
        ids = Arrays.copyOf(ids, size * 2);
        starts = Arrays.copyOf(starts, size * 2);
        ends = Arrays.copyOf(ends, size * 2);
        words = Arrays.copyOf(words, size * 2);
        texts = Arrays.copyOf(texts, size * 2);
    }
}
