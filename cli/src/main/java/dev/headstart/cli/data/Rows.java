package dev.headstart.cli.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.headstart.io.data.Utf8;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rows of a table: CSV (RFC 4180), TSV, or JSON lines. Gzip is read through. The name's ending says which; in a CSV file whose first
/// row has no comma, semicolons or tabs separate columns.
///
/// A TSV file has no quotes, unless it is as pandas and Excel write it: every field with a quote in it is quoted, and the quotes inside
/// are doubled. Of JSON lines, the members of the first object are the columns.
///
/// @param file where they are
/// @param rows all of them, with the first
/// @param named whether the first row names the columns in any case, as for JSON lines
/// @param notes what was told by guessing
record Rows(Path file, List<Row> rows, boolean named, List<String> notes) {
    private static final Pattern TSV = Pattern.compile("(?i).*\\.tsv(\\.gz)?");
    private static final Pattern JSON = Pattern.compile("(?i).*\\.(jsonl|ndjson|json)(\\.gz)?");

    /// A row.
    ///
    /// @param line at which it begins, from 1
    /// @param fields null where a JSON object lacks a member, or it is no text or number
    record Row(long line, List<@Nullable String> fields) {}

    /// Reads a table.
    ///
    /// @throws IOException when a row cannot be read: its line is named
    static Rows read(Path file) throws IOException {
        String content = Utf8.read(file);
        if (JSON.matcher(file.toString()).matches()) {
            return new Rows(file, jsonLines(file, content), true, List.of());
        }
        List<String> notes = new ArrayList<>();
        boolean tabs = TSV.matcher(file.toString()).matches();
        char separator = tabs ? '\t' : separator(content);
        if (!tabs && separator != ',') {
            notes.add(file + ": there is no comma in the first row: " + (separator == '\t' ? "tabs" : "semicolons") + " separate columns");
        }
        boolean quotes = !tabs || isQuoted(content);
        if (tabs && quotes) {
            notes.add(file + ": its double quotes enclose fields, as pandas writes them");
        }
        return new Rows(file, separated(file, content, separator, quotes), false, notes);
    }

    /// The columns of the first row.
    int columns() {
        return rows.isEmpty() ? 0 : rows.getFirst().fields.size();
    }

    private static List<Row> separated(Path file, String content, char separator, boolean quotes) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().allowUnclosedQuote(false).extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE).fieldSeparator(separator).quoteCharacter(quotes ? '"' : '\0')
                .ofCsvRecord(content)) {
            for (CsvRecord row : reader) {
                rows.add(new Row(row.getStartingLineNumber(), List.copyOf(row.getFields())));
                if (row.getFieldCount() != rows.getFirst().fields.size()) {
                    throw new IOException(file + ", line " + row.getStartingLineNumber() + ": this row has " + row.getFieldCount()
                            + " fields, the first has " + rows.getFirst().fields.size());
                }
            }
        } catch (CsvParseException e) {
            throw new IOException(file + ", " + complaint(e), e);
        }
        return rows;
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

    /// What separates columns: a comma, unless the first row has none outside quotes.
    private static char separator(String content) {
        boolean inside = false;
        char found = ',';
        for (int i = 0; i < content.length() && (inside || content.charAt(i) != '\n'); i++) {
            char c = content.charAt(i);
            inside ^= c == '"';
            if (!inside && c == ',') {
                return ',';
            }
            if (!inside && found == ',' && (c == ';' || c == '\t')) {
                found = c;
            }
        }
        return found;
    }

    /// Whether quotes of a TSV file enclose fields: each field with a quote in it begins and ends with one, those between are in pairs.
    private static boolean isQuoted(String content) {
        boolean found = false;
        int i = 0;
        while (i < content.length()) {
            boolean opened = content.charAt(i) == '"';
            found |= opened;
            i = opened ? closed(content, i + 1) : i;
            if (i < 0 || (opened && i < content.length() && "\t\r\n".indexOf(content.charAt(i)) < 0)) {
                return false;
            }
            while (i < content.length() && "\t\n".indexOf(content.charAt(i)) < 0) {
                if (content.charAt(i++) == '"') {
                    return false;
                }
            }
            i++;
        }
        return found;
    }

    /// The place after the quote that ends a field; -1 for none.
    private static int closed(String content, int from) {
        for (int i = from; i < content.length(); i++) {
            if (content.charAt(i) == '"') {
                if (i + 1 == content.length() || content.charAt(i + 1) != '"') {
                    return i + 1;
                }
                i++;
            }
        }
        return -1;
    }

    private static List<Row> jsonLines(Path file, String content) throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> names = List.of();
        long number = 0;
        for (String line : (Iterable<String>) content.lines()::iterator) {
            number++;
            if (!line.isBlank()) {
                Map<String, Json> members = members(file, number, line);
                if (rows.isEmpty()) {
                    names = List.copyOf(members.keySet());
                    rows.add(new Row(number, List.copyOf(names)));
                }
                List<@Nullable String> fields = new ArrayList<>();
                for (String name : names) {
                    fields.add(members.containsKey(name) ? text(members.get(name)) : null);
                }
                rows.add(new Row(number, fields));
            }
        }
        return rows;
    }

    private static Map<String, Json> members(Path file, long line, String text) throws IOException {
        try {
            if (Json.parse(text) instanceof Json.Obj object) {
                return object.members();
            }
        } catch (JsonException e) {
            throw new IOException(file + ", line " + line + ": " + e.getMessage(), e);
        }
        throw new IOException(file + ", line " + line + ": this is no JSON object: JSON lines are read, each line an object");
    }

    private static @Nullable String text(@Nullable Json value) {
        return switch (value) {
            case Json.Str string -> string.value();
            case Json.Int(long number) -> String.valueOf(number);
            case Json.Real(double number) -> String.valueOf(number);
            case Json.Bool(boolean truth) -> String.valueOf(truth);
            case null, default -> null;
        };
    }
}
