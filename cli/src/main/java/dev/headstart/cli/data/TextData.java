package dev.headstart.cli.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.headstart.io.data.Utf8;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Texts from files: lines of plain text, or columns of a CSV file (RFC 4180, comma and double quotes) or, when its name ends with `.tsv`
/// or `.tsv.gz`, of a TSV file (tabs, no quotes). Gzip is read through.
public final class TextData {
    private static final Pattern TABS = Pattern.compile("\\.tsv(\\.gz)?$", Pattern.CASE_INSENSITIVE);

    private TextData() {}

    /// The lines of a UTF-8 file, long ones cut into pieces; blank lines are skipped.
    ///
    /// @param most code points of a piece at most; a line is cut at a space where there is one
    /// @throws IOException when it cannot be read, or is not UTF-8: the line is named
    public static List<String> pieces(Path file, int most) throws IOException {
        return Utf8.read(file).lines().flatMap(line -> pieces(line, most).stream()).toList();
    }

    /// The lines of a UTF-8 file; blank ones are skipped.
    ///
    /// @throws IOException when it cannot be read, or is not UTF-8: the line is named
    public static List<String> lines(Path file) throws IOException {
        return Utf8.read(file).lines().filter(line -> !line.isBlank()).toList();
    }

    /// A text cut into pieces, at a space where there is one; a blank one has none.
    ///
    /// @param most code points of a piece at most
    public static List<String> pieces(String line, int most) {
        List<String> pieces = new ArrayList<>();
        int start = skipSpace(line, 0);
        while (start < line.length()) {
            int end = start;
            for (int i = 0; i < most && end < line.length(); i++) {
                end += Character.charCount(line.codePointAt(end));
            }
            if (end < line.length()) {
                int space = end;
                while (space > start && !Character.isWhitespace(line.charAt(space))) {
                    space--;
                }
                end = space > start ? space : end;
            }
            pieces.add(line.substring(start, end).stripTrailing());
            start = skipSpace(line, end);
        }
        return pieces;
    }

    private static int skipSpace(String line, int from) {
        int at = from;
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }

    /// Texts with their labels, row by row.
    ///
    /// @param file where they come from, for messages
    /// @param texts the texts
    /// @param labels the label of each
    /// @param lines the line, counted from 1, at which each row begins
    public record Labelled(Path file, List<String> texts, List<String> labels, List<Long> lines) {
        public Labelled {
            texts = List.copyOf(texts);
            labels = List.copyOf(labels);
            lines = List.copyOf(lines);
        }

        /// The different labels, sorted.
        public List<String> names() {
            return labels.stream().distinct().sorted().toList();
        }

        /// The place of each row's label among the known ones.
        ///
        /// @throws IOException when one is not among them: it is named with its line
        public int[] numbers(List<String> known) throws IOException {
            int[] numbers = new int[labels.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = known.indexOf(labels.get(i));
                if (numbers[i] < 0) {
                    throw new IOException(
                            String.format(Locale.ROOT, "%s, line %d: the label '%s' is unknown: known are %s", file, lines.get(i),
                                    labels.get(i),
                                    listed(known)));
                }
            }
            return numbers;
        }
    }

    /// Texts and labels of a CSV or TSV file.
    ///
    /// @param textColumns the columns whose texts are joined by a space; each a name of the header or a number from 1
    /// @param labelColumn the column of the labels; blanks around a label are dropped
    /// @param header whether the first row names the columns
    /// @throws IOException when a column is missing or a row cannot be read: its line is named
    public static Labelled csv(Path file, List<String> textColumns, String labelColumn, boolean header) throws IOException {
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
    private static Labelled read(Path file, List<String> textColumns, @Nullable String labelColumn, boolean header) throws IOException {
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
        return new Labelled(file, texts, labels, lines);
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
            String hint = nearest(wanted, first).map(name -> "; did you mean '" + name + "'?").orElse("");
            throw new IOException(file + ": there is no column '" + wanted + "': there are " + listed(first) + hint);
        }

        private String described() {
            return header ? " (" + listed(first) + ")" : "";
        }
    }

    /// The name most like the one wanted, if any is like it.
    public static Optional<String> nearest(String wanted, List<String> names) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return names.stream().filter(name -> !name.isBlank())
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(1, wanted.length() / 3))
                .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))));
    }

    /// How many characters must be put in, left out or replaced (Levenshtein 1966).
    private static int distance(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String listed(List<String> names) {
        int most = 20;
        String shown = names.stream().limit(most).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() <= most ? shown : shown + ", … (" + names.size() + " in all)";
    }
}
