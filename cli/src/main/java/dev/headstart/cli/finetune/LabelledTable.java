package dev.headstart.cli.finetune;

import dev.headstart.autograd.Variable;
import dev.headstart.cli.data.TextData;
import dev.headstart.io.Hashes;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tables of texts with labels, whose columns are called alike.
///
/// @param csv the rows to learn from
/// @param textColumns columns whose texts are joined by a space
/// @param labelColumn column of the labels
/// @param header whether the first row names the columns
/// @param validation share of each label's rows to hold back
/// @param validationCsv rows to measure on instead; null to hold some back
/// @param oldCsv rows of the task that the source has learnt; null for none
public record LabelledTable(Path csv, List<String> textColumns, String labelColumn, boolean header, double validation,
        @Nullable Path validationCsv, @Nullable Path oldCsv) {
    /// The rows to learn from.
    ///
    /// @throws IOException when they cannot be read, or all have one label
    public TextData.Labelled rows() throws IOException {
        TextData.Labelled rows = rows(csv);
        if (rows.names().size() < 2) {
            throw new IOException(csv + ": every label is '" + rows.names().getFirst() + "': at least 2 different ones are needed");
        }
        return rows;
    }

    /// The rows to measure on; nothing when some of [#rows] are to be held back.
    public Optional<TextData.Labelled> others() throws IOException {
        return validationCsv == null ? Optional.empty() : Optional.of(rows(validationCsv));
    }

    private TextData.Labelled rows(Path file) throws IOException {
        return TextData.csv(file, textColumns, labelColumn, header);
    }

    /// How a network takes texts.
    ///
    /// @param encoded the ids of a text
    /// @param body what the head sees of some texts
    /// @param sizes the network's
    record Reading(Function<String, int[]> encoded, Function<List<int[]>, Variable> body, String sizes) {
        /// Rows as examples.
        ///
        /// @param labels what there is to tell apart
        TextExamples examples(TextData.Labelled rows, List<String> labels) throws IOException {
            int[] numbers = rows.numbers(labels);
            return new TextExamples(rows.texts().stream().map(encoded).toList(), numbers, body, sizes);
        }
    }

    /// The rows as examples.
    FinetuneTask.Sides sides(TextData.Labelled rows, List<String> labels, Reading reading, RandomStream random) throws IOException {
        Optional<TextData.Labelled> held = others();
        TextExamples others = held.isEmpty() ? null : reading.examples(held.get(), labels);
        FinetuneTask.Sides sides = FinetuneTask.Sides.of(reading.examples(rows, labels), others, labels.size(), validation,
                random.child("validation"));
        return oldCsv == null
                ? sides
                : sides.remembering(FinetuneTask.Sides.of(reading.examples(rows(oldCsv), labels), null, labels.size(), validation,
                        random.child("old")));
    }

    /// What must be the same when a run goes on.
    Map<String, Object> facts() throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("columns", String.join(" + ", textColumns) + " → " + labelColumn + (header ? "" : ", no header"));
        facts.put("SHA-256 of rows", Hashes.sha256(csv));
        facts.put("validation", validationCsv == null ? validation : "SHA-256 " + Hashes.sha256(validationCsv));
        if (oldCsv != null) {
            facts.put("SHA-256 of old rows", Hashes.sha256(oldCsv));
        }
        return facts;
    }
}
