package dev.headstart.cli.data;

import dev.headstart.cli.terminal.Notes;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.tuning.LabelledTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The columns of tables of labelled texts.
///
/// @param textColumns columns whose texts are joined by a space
/// @param labelColumn column of the labels
/// @param header whether the first row names the columns
public record Table(List<String> textColumns, String labelColumn, boolean header) {
    public Table {
        textColumns = List.copyOf(textColumns);
    }

    /// Reads tables whose columns are named alike.
    ///
    /// @param csv rows to train on
    /// @param validationCsv rows to measure on; null to hold some back
    /// @param oldCsv rows of the task that the source was trained for; null for none
    /// @param validation share of each label's rows to hold out
    /// @throws IOException when one cannot be read, or all rows to train on have one label
    public LabelledTable read(Path csv, @Nullable Path validationCsv, @Nullable Path oldCsv, double validation) throws IOException {
        String columns = String.join(" + ", textColumns) + " → " + labelColumn + (header ? "" : ", no header");
        return LabelledTable.of(rows(csv), validationCsv == null ? null : rows(validationCsv), oldCsv == null ? null : rows(oldCsv),
                validation, Map.of("columns", columns));
    }

    /// The texts and labels of a table.
    ///
    /// @throws IOException when a column is missing or a row cannot be read: its line is named
    public LabelledTexts rows(Path file) throws IOException {
        LabelledTexts rows = TextData.csv(file, textColumns, labelColumn, header);
        Notes.say(rows.notes());
        return rows;
    }
}
