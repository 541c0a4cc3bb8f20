package dev.headstart.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.headstart.io.Weights;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What another library gives; make_golden.py beside the file says how it was made.
public record Golden(Map<String, Tensor> tensors) {
    public static Golden open(String folder) throws IOException {
        return new Golden(Weights.open(Path.of(System.getProperty("headstart.root"), "src/test/resources", folder, "golden.safetensors"))
                .tensors());
    }

    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        assertNotNull(tensor, name);
        return tensor;
    }

    public void same(String name, @Nullable Tensor actual) {
        Tensor expected = tensor(name);
        assertNotNull(actual, name);
        assertEquals(expected.shape(), actual.shape(), name);
        assertArrayEquals(expected.toArray(), actual.toArray(), 5e-5f, name);
    }
}
