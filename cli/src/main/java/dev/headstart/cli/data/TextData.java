package dev.headstart.cli.data;

import dev.headstart.cli.terminal.Notes;
import dev.headstart.io.Hashes;
import dev.headstart.task.data.LabelledTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Texts from files: columns of a table, which is CSV, TSV or JSON lines. Gzip is read through.
public final class TextData {
    private TextData() {}

    /// Texts and labels of a table.
    ///
    /// @param textColumns the columns whose texts are joined by a space; each a name of the header or a number from 1
    /// @param labelColumn the column of the labels; blanks around a label are dropped
    /// @param header whether the first row names the columns
    /// @throws IOException when a column is missing or a row cannot be read: its line is named
    public static LabelledTexts csv(Path file, List<String> textColumns, String labelColumn, boolean header) throws IOException {
        return read(file, textColumns, labelColumn, header);
    }

    /// The texts of a table, whatever else it has.
    ///
    /// @param textColumns the columns whose texts are joined by a space; each a name of the header or a number from 1
    /// @param header whether the first row names the columns
    /// @throws IOException when a column is missing or a row cannot be read: its line is named
    public static List<String> csv(Path file, List<String> textColumns, boolean header) throws IOException {
        return read(file, textColumns, null, header).texts();
    }

    /// @param labelColumn null for none; then there are no labels
    private static LabelledTexts read(Path file, List<String> textColumns, @Nullable String labelColumn, boolean header)
            throws IOException {
        FileKind.demandTable(file);
        Rows table = Rows.read(file);
        boolean named = header || table.named();
        List<Rows.Row> rows = named ? table.rows().subList(Math.min(1, table.rows().size()), table.rows().size()) : table.rows();
        if (rows.isEmpty()) {
            throw new IOException(file + ": there are no rows in it");
        }
        Columns known = Columns.of(table, named);
        int[] textAt = new int[textColumns.size()];
        for (int i = 0; i < textAt.length; i++) {
            textAt[i] = known.find(textColumns.get(i));
        }
        int labelAt = labelColumn == null ? -1 : known.find(labelColumn);
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (Rows.Row row : rows) {
            StringJoiner text = new StringJoiner(" ");
            for (int at : textAt) {
                text.add(known.field(row, at));
            }
            texts.add(text.toString());
            if (labelAt >= 0) {
                labels.add(label(file, row, known, labelAt));
            }
        }
        Notes.say(table.notes());
        return new LabelledTexts(file.toString(), Hashes.sha256(file), texts, labels, rows.stream().map(Rows.Row::line).toList());
    }

    private static String label(Path file, Rows.Row row, Columns known, int at) throws IOException {
        String label = known.field(row, at).strip();
        if (label.isEmpty()) {
            throw new IOException(file + ", line " + row.line() + ": the label is missing");
        }
        return label;
    }
}
