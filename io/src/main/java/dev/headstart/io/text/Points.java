package dev.headstart.io.text;

import dev.headstart.io.text.token.AddedTokens;
import java.util.Arrays;

/// Code points of a normalised text, each with the place in the original text it came from: the UTF-16 index of one original character.
/// Grows while it is filled; belongs to one call.
final class Points implements AddedTokens.Text {
    int[] points;
    int[] sources;
    int size;

    Points(int capacity) {
        points = new int[Math.max(16, capacity)];
        sources = new int[points.length];
    }

    void add(int point, int source) {
        if (size == points.length) {
            points = Arrays.copyOf(points, size * 2);
            sources = Arrays.copyOf(sources, size * 2);
        }
        points[size] = point;
        sources[size++] = source;
    }

    @Override
    public int at(int index) {
        return points[index];
    }

    @Override
    public int next(int index) {
        return index + 1;
    }

    @Override
    public int previous(int index) {
        return index - 1;
    }

    @Override
    public int end() {
        return size;
    }

    @Override
    public String toString() {
        return new String(points, 0, size);
    }
}
