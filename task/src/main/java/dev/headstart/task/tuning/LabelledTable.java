package dev.headstart.task.tuning;

import dev.headstart.task.data.LabelledTexts;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts with labels: to train on, and to measure on.
///
/// @param rows to train on
/// @param others to measure on; null to hold out some of the rows
/// @param old of the task that the source was trained for; null for none
/// @param validation share of each label's rows to hold out
/// @param facts what must be the same when a run is resumed, besides the rows
public record LabelledTable(LabelledTexts rows, @Nullable LabelledTexts others, @Nullable LabelledTexts old, double validation,
        Map<String, Object> facts) {
    /// Tables with the facts that a resumed run must share.
    ///
    /// @throws IOException when all rows have one label, or labels are numbers that hardly repeat
    public static LabelledTable of(LabelledTexts rows, @Nullable LabelledTexts others, @Nullable LabelledTexts old, double validation,
            Map<String, Object> facts) throws IOException {
        if (rows.names().size() < 2) {
            throw new IOException(rows.name() + ": every label is '" + rows.names().getFirst()
                    + "': at least 2 different ones are needed");
        }
        rows.demandClasses();
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("SHA-256 of rows", rows.hash());
        all.put("validation", others == null ? validation : "SHA-256 " + others.hash());
        if (old != null) {
            all.put("SHA-256 of old rows", old.hash());
        }
        return new LabelledTable(rows, others, old, validation, Collections.unmodifiableMap(all));
    }

    /// The rows as a network takes them. Labels have the numbers that the network's own head gives them, where it knows them.
    ///
    /// @param kept whether the network's own head is to be kept
    /// @throws IOException when a row to measure on has a label that no row to train on has
    public FinetuneTask.Data<List<int[]>> data(TextNetworks networks, boolean kept) throws IOException {
        List<String> labels = networks.ordered(rows.names(), kept);
        return new FinetuneTask.Data<>(labels, EncodedTexts.of(networks, rows, labels),
                others == null ? null : EncodedTexts.of(networks, others, labels),
                old == null ? null : EncodedTexts.of(networks, old, labels), validation, rows.hash());
    }
}
