package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first bytes of a safetensors file are a length; whatever it is, the file is none of another format.
class HeaderLengthTest {
    @Test
    void no_length_of_a_header_looks_like_another_format(@TempDir Path folder) throws IOException {
        Set<Integer> lengths = new TreeSet<>();
        for (int extra = 0; extra < 1500; extra += 8) {
            Path file = folder.resolve("a.safetensors");
            SafeTensors.write(file, Map.of("x", Tensor.scalar(extra)), Map.of("text", "t".repeat(extra)));
            byte[] bytes = Files.readAllBytes(file);
            lengths.add((bytes[0] & 0xFF) + 256 * bytes[1]);
            assertEquals(extra, Weights.open(file).tensor("x").item());
        }
        for (int length : new int[] {640, 896, 1152, 1408}) { // 0x80 and a protocol of Python's pickles
            assertEquals(true, lengths.contains(length));
        }
    }
}
