package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Texts with labels: to learn from, and to measure on.
///
/// @param rows to learn from
/// @param others to measure on; null to hold back some of the rows
/// @param old of the task that the source has learnt; null for none
/// @param validation share of each label's rows to hold back
/// @param facts what must be the same when a run is resumed, besides the rows
public record LabelledTable(LabelledTexts rows, @Nullable LabelledTexts others, @Nullable LabelledTexts old, double validation,
        Map<String, Object> facts) {
    /// Tables with the facts that a resumed run must share.
    ///
    /// @throws IOException when all rows have one label
    public static LabelledTable of(LabelledTexts rows, @Nullable LabelledTexts others, @Nullable LabelledTexts old, double validation,
            Map<String, Object> facts) throws IOException {
        if (rows.names().size() < 2) {
            throw new IOException(rows.name() + ": every label is '" + rows.names().getFirst()
                    + "': at least 2 different ones are needed");
        }
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("SHA-256 of rows", rows.hash());
        all.put("validation", others == null ? validation : "SHA-256 " + others.hash());
        if (old != null) {
            all.put("SHA-256 of old rows", old.hash());
        }
        return new LabelledTable(rows, others, old, validation, Collections.unmodifiableMap(all));
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
        TextExamples examples(LabelledTexts rows, List<String> labels) throws IOException {
            int[] numbers = rows.numbers(labels);
            return new TextExamples(rows.texts().stream().map(encoded).toList(), numbers, body, sizes);
        }
    }

    /// The rows as examples.
    FinetuneTask.Sides sides(List<String> labels, Reading reading, RandomStream random) throws IOException {
        TextExamples measured = others == null ? null : reading.examples(others, labels);
        FinetuneTask.Sides sides = FinetuneTask.Sides.of(reading.examples(rows, labels), measured, labels.size(), validation,
                random.child("validation"));
        return old == null
                ? sides
                : sides.remembering(FinetuneTask.Sides.of(reading.examples(old, labels), null, labels.size(), validation,
                        random.child("old")));
    }
}
