package dev.headstart.cli.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.headstart.io.Hashes;
import dev.headstart.io.data.Utf8;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.data.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Texts from files: columns of a CSV file (RFC 4180, comma and double quotes) or, when its name ends with `.tsv`
/// or `.tsv.gz`, of a TSV file (tabs, no quotes). Gzip is read through.
public final class TextData {
    private static final Pattern TABS = Pattern.compile("\\.tsv(\\.gz)?$", Pattern.CASE_INSENSITIVE);

    private TextData() {}

    /// Texts and labels of a CSV or TSV file.
    ///
    /// @param textColumns the columns whose texts are joined by a space; each a name of the header or a number from 1
    /// @param labelColumn the column of the labels; blanks around a label are dropped
    /// @param header whether the first row names the columns
    /// @throws IOException when a column is missing or a row cannot be read: its line is named
    public static LabelledTexts csv(Path file, List<String> textColumns, String labelColumn, boolean header) throws IOException {
        return read(file, textColumns, labelColumn, header);
    }

    /// The texts of a CSV or TSV file, whatever else it has.
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
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        String content = Utf8.read(file);
        int columns = -1;
        int[] textAt = {};
        int labelAt = -1;
        boolean tabs = TABS.matcher(file.toString()).find();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().allowUnclosedQuote(false).extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE).fieldSeparator(tabs ? '\t' : ',').quoteCharacter(tabs ? '\0' : '"')
                .ofCsvRecord(content)) {
            for (CsvRecord row : reader) {
                boolean first = columns < 0;
                if (first) {
                    columns = row.getFieldCount();
                    Columns known = new Columns(file, row.getFields(), header);
                    labelAt = labelColumn == null ? -1 : known.find(labelColumn);
                    textAt = new int[textColumns.size()];
                    for (int i = 0; i < textAt.length; i++) {
                        textAt[i] = known.find(textColumns.get(i));
                    }
                }
                if (!first || !header) {
                    check(file, row, columns, labelAt);
                    texts.add(IntStream.of(textAt).mapToObj(row::getField).collect(Collectors.joining(" ")));
                    if (labelAt >= 0) {
                        labels.add(row.getField(labelAt).strip());
                    }
                    lines.add(row.getStartingLineNumber());
                }
            }
        } catch (CsvParseException e) {
            throw new IOException(file + ", " + complaint(e), e);
        }
        if (texts.isEmpty()) {
            throw new IOException(file + ": there are no rows in it");
        }
        return new LabelledTexts(file.toString(), Hashes.sha256(file), texts, labels, lines);
    }

    private static void check(Path file, CsvRecord row, int columns, int labelAt) throws IOException {
        String where = file + ", line " + row.getStartingLineNumber() + ": ";
        if (row.getFieldCount() != columns) {
            throw new IOException(where + "this row has " + row.getFieldCount() + " fields, the first has " + columns);
        }
        if (labelAt >= 0 && row.getField(labelAt).isBlank()) {
            throw new IOException(where + "the label is missing");
        }
    }

    /// What the reader says, with the line first.
    private static String complaint(CsvParseException e) {
        String message = String.valueOf(e.getMessage());
        String marker = "(record starting at line ";
        int at = message.indexOf(marker);
        if (at < 0) {
            return "this CSV cannot be read: " + message;
        }
        String line = message.substring(at + marker.length(), message.indexOf(')', at));
        String rule = message.substring(0, at).strip();
        return "line " + line + ": "
                + (rule.startsWith("Unclosed")
                        ? "the row that begins here opens a quote and never closes it"
                        : "this row cannot be read: " + rule);
    }

    /// The columns of a file.
    private record Columns(Path file, List<String> first, boolean header) {
        /// The place, from 0, of a column given by name or by number.
        int find(String wanted) throws IOException {
            if (header && first.indexOf(wanted) >= 0) {
                if (first.indexOf(wanted) != first.lastIndexOf(wanted)) {
                    throw new IOException(file + ": several columns are called '" + wanted + "': give its number, from 1");
                }
                return first.indexOf(wanted);
            }
            if (wanted.matches("\\d{1,9}")) {
                int number = Integer.parseInt(wanted);
                if (number >= 1 && number <= first.size()) {
                    return number - 1;
                }
                throw new IOException(file + ": there is no column " + wanted + ": there are " + first.size() + described());
            }
            if (!header) {
                throw new IOException(
                        file + ": the file has no header, so the column '" + wanted + "' must be a number from 1 to " + first.size());
            }
            String hint = Names.nearest(wanted, first).map(name -> "; did you mean '" + name + "'?").orElse("");
            throw new IOException(file + ": there is no column '" + wanted + "': there are " + Names.listed(first) + hint);
        }

        private String described() {
            return header ? " (" + Names.listed(first) + ")" : "";
        }
    }
}
