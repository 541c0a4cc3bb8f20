package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.safetensors.SafeTensorsWriter;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Writes safetensors files; [Weights#open] reads them.
///
/// The bytes depend on the tensors, their names and the metadata only, not on the order of the maps: everything is written as F32, sorted
/// by name (by code points, as UTF-8 sorts), the header padded with spaces to a multiple of 8 so that the data is aligned. Batch norm's
/// `num_batches_tracked` is written before all others, as I64: what PyTorch has. The file appears
/// complete or not at all: a crash or a full disk leaves the file that was there before.
public final class SafeTensors {
    private SafeTensors() {}

    /// Writes tensors to a file, replacing it.
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        write(file, tensors, Map.of());
    }

    /// Writes tensors, and texts that belong to them, to a file, replacing it.
    ///
    /// @throws IllegalArgumentException when a tensor is named `__metadata__`, a name or text is half a surrogate pair, or the names and
    /// texts together take more than 100,000,000 bytes
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        SafeTensorsWriter.write(Disk.real(), file, tensors, metadata);
    }
}
