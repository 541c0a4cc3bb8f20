package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of a file of 10 GB (mostly a hole, so that the disk need not be large) one tensor is read: memory for that one is taken, no more.
class LazyReadingTest {
    private static final long ELEMENTS = 2_500_000_000L;
    private static final byte[] LAST = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3).array();

    @TempDir
    Path folder;

    /// A file that begins and ends so, with a hole between.
    private Path holed(String name, byte[] begin, long length) throws IOException {
        Path path = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(begin);
            file.seek(length - LAST.length);
            file.write(LAST);
        }
        return path;
    }

    private static void demandOneTensor(Path file) throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Weights weights = Weights.open(file);
        float[] values = weights.tensor("last").toArray();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertArrayEquals(new float[] {1, 2, 3}, values);
        assertTrue(allocated < 1 << 23, allocated + " bytes");
        assertTrue(Refusals.message(WeightFormatException.class, () -> weights.tensor("large"))
                .contains("more elements than one array holds"));
    }

    @Test
    void one_tensor_of_a_large_safetensors_file_costs_one_tensor() throws IOException {
        String header = "{\"large\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]},\"last\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[%d,%d]}}"
                .formatted(ELEMENTS, 4 * ELEMENTS, 4 * ELEMENTS, 4 * ELEMENTS + 12);
        byte[] begin = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII)).array();
        demandOneTensor(holed("large.safetensors", begin, begin.length + 4 * ELEMENTS + 12));
    }

    @Test
    void one_view_of_a_large_pytorch_storage_costs_one_tensor() throws IOException {
        String storage = Torch.storage("FloatStorage", "0", ELEMENTS + 3);
        String pickle = Torch.PROTO + "}" + Torch.text("large") + Torch.tensor(storage, 0, Torch.tuple(ELEMENTS), Torch.tuple(1)) + "s"
                + Torch.text("last") + Torch.tensor(storage, ELEMENTS, Torch.tuple(3), Torch.tuple(1)) + "s.";
        byte[] small = Torch.legacy(pickle, new byte[0]);
        ByteBuffer begin = ByteBuffer.wrap(small).order(ByteOrder.LITTLE_ENDIAN).putLong(small.length - 8, ELEMENTS + 3);
        demandOneTensor(holed("large.th", begin.array(), small.length + 4 * (ELEMENTS + 3)));
    }

    @Test
    void any_number_of_workers_reads_the_same() throws IOException {
        Tensor long1 = RandomStream.of(3).normal(Shape.of(2_000_003), 0, 1);
        Path file = folder.resolve("long.safetensors");
        SafeTensors.write(file, Map.of("long", long1, "short", Tensor.ones(Shape.of(3))));
        Weights weights = Weights.open(file);
        for (int threads : new int[] {1, 2, 3, 7}) {
            Map<String, Tensor> read = Workers.of(threads).call(() -> {
                try {
                    return weights.tensors();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertTrue(long1.bitsEqual(Objects.requireNonNull(read.get("long"))), threads + " threads");
        }
    }
}
