package dev.headstart.io;

import java.util.List;
import java.util.Map;

/// The table of contents of a weight file: what a format's reader makes of its header, with the data left in the file.
///
/// A reader is a class with `static Contents read(Path file, FileChannel channel, long size)`. It has checked that names differ, that every
/// tensor's bytes lie within the file, and that none needs more of them than it has; [WeightFile] reads the elements.
///
/// @param format the format's name, as [Weights#format] gives it
/// @param entries the tensors, in the file's order
/// @param metadata texts beside the tensors, by name, in the file's order
/// @param refused tensors that are in the file and cannot be read, though the others can: by name, why
record Contents(String format, List<Entry> entries, Map<String, String> metadata, Map<String, Refusal> refused) {
    /// Contents that can all be read.
    Contents(String format, List<Entry> entries, Map<String, String> metadata) {
        this(format, entries, metadata, Map.of());
    }
}
