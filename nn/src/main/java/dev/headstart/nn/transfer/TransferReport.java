package dev.headstart.nn.transfer;

import dev.headstart.tensor.Shape;
import java.util.List;
import java.util.Locale;

/// What a transfer of weights did, name by name.
///
/// @param loaded parameters that were filled
/// @param missing parameters that kept their values, because the source has nothing for them
/// @param unexpected tensors of the source that no parameter wanted
/// @param mismatched parameters whose shape differs from the source's
public record TransferReport(List<Loaded> loaded, List<String> missing, List<String> unexpected, List<Mismatch> mismatched) {
    /// A parameter that was filled.
    ///
    /// @param parameter its name
    /// @param source the tensor's name in the source
    /// @param shape the shape
    public record Loaded(String parameter, String source, Shape shape) {}

    /// A parameter whose shape differs from the source's.
    ///
    /// @param parameter its name
    /// @param source the tensor's name in the source
    /// @param wanted shape of the parameter
    /// @param found shape in the source
    /// @param overlapped whether the part that both have was copied
    public record Mismatch(String parameter, String source, Shape wanted, Shape found, boolean overlapped) {}

    /// Number of elements that were loaded.
    public long loadedCount() {
        return loaded.stream().mapToLong(l -> l.shape().size()).sum();
    }

    /// One line: how many of each.
    public String summary() {
        return String.format(Locale.ROOT, "loaded %d tensors (%,d numbers), missing %d, unexpected %d, mismatched %d", loaded.size(),
                loadedCount(),
                missing.size(),
                unexpected.size(), mismatched.size());
    }

    /// The summary and every name.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(summary());
        for (Loaded l : loaded) {
            text.append("\n  loaded      ").append(l.parameter()).append(' ').append(l.shape());
            if (!l.source().equals(l.parameter())) {
                text.append(" from ").append(l.source());
            }
        }
        for (Mismatch m : mismatched) {
            text.append("\n  mismatched  ").append(m.parameter()).append(": ").append(m.found()).append(" in the source, ")
                    .append(m.wanted())
                    .append(" in the layer").append(m.overlapped() ? "; the overlap was copied" : "");
        }
        missing.forEach(name -> text.append("\n  missing     ").append(name));
        unexpected.forEach(name -> text.append("\n  unexpected  ").append(name));
        return text.toString();
    }
}
