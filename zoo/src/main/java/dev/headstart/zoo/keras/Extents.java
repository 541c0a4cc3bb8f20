package dev.headstart.zoo.keras;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// What is known of the shape of one example before there is any: extents, null where the configuration leaves one open.
record Extents(List<Integer> dims) {
    /// Stands for an open extent among numbers.
    static final int OPEN = -1;

    Extents {
        dims = Collections.unmodifiableList(new ArrayList<>(dims));
    }

    static Extents of(int... dims) {
        return new Extents(Arrays.stream(dims).boxed().toList());
    }

    int rank() {
        return dims.size();
    }

    int get(int axis) {
        return dims.get(axis < 0 ? axis + rank() : axis);
    }

    /// The last extent.
    int last(Fields layer) throws IOException {
        if (dims.isEmpty() || get(-1) == OPEN) {
            throw layer.refused("the size of its input is not known: the first layer's batch_input_shape says it");
        }
        return get(-1);
    }

    /// Refuses what is no image.
    Extents image(Fields layer) throws IOException {
        if (rank() != 3) {
            throw layer.refused("its input is " + this + ", not [height, width, channels]");
        }
        return this;
    }

    Extents withLast(int extent) {
        List<Integer> other = new ArrayList<>(dims);
        other.set(rank() - 1, extent);
        return new Extents(other);
    }

    /// All extents multiplied.
    int size() {
        return dims.contains(OPEN) ? OPEN : dims.stream().reduce(1, Math::multiplyExact);
    }

    /// Whether an example of this shape is one of these.
    boolean fits(int[] shape) {
        return shape.length == rank() + 1
                && IntStream.range(0, rank()).allMatch(i -> get(i) == OPEN || get(i) == shape[i + 1]);
    }

    @Override
    public String toString() {
        return dims.toString().replace("-1", "?");
    }
}
