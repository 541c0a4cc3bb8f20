package dev.headstart.io.format;

import java.util.List;
import java.util.Map;

/// The table of contents of a weight file: what a format's reader makes of its header, with the data left in the file.
///
/// [WeightFormat] says what its reader has checked; [ElementReader] reads the elements.
///
/// @param format the format's name, as [dev.headstart.io.Weights#format] gives it
/// @param entries the tensors, in the file's order
/// @param metadata texts beside the tensors, by name, in the file's order
/// @param refused tensors that are in the file and cannot be read, though the others can: by name, why
/// @param wrapper what was left off the beginning of all names, `state_dict.`; empty for nothing
public record Contents(String format, List<Entry> entries, Map<String, String> metadata, Map<String, Refusal> refused, String wrapper) {
    /// Contents whose names are whole.
    public Contents(String format, List<Entry> entries, Map<String, String> metadata, Map<String, Refusal> refused) {
        this(format, entries, metadata, refused, "");
    }

    /// Contents that can all be read.
    public Contents(String format, List<Entry> entries, Map<String, String> metadata) {
        this(format, entries, metadata, Map.of());
    }
}
