package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.headstart.io.weights.TensorInfo;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/// Files that scripts beside them made with h5py, Keras and NumPy.
final class Fixtures {
    private Fixtures() {}

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/io/" + name), name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(name, e);
        }
    }

    /// Demands that element i is (7 i) mod 23, minus 5 when the type has a sign, read as a tensor and, when it is one of integers, as indices.
    static void demandPattern(Weights weights, TensorInfo info) throws IOException {
        int sign = info.dtype().name().startsWith("U") ? 0 : 5;
        float[] expected = new float[(int) info.elements()];
        int[] integers = new int[expected.length];
        for (int i = 0; i < expected.length; i++) {
            integers[i] = 7 * i % 23 - sign;
            expected[i] = integers[i];
        }
        assertArrayEquals(expected, weights.tensor(info.name()).toArray(), info.name());
        if (info.dtype().isInteger()) {
            assertArrayEquals(integers, weights.indices(info.name()).toArray(), info.name());
        }
    }
}
