package dev.headstart.cli.data;

import dev.headstart.task.data.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The columns of a table.
///
/// @param file the table, for messages
/// @param first the fields of the first row
/// @param header whether they name the columns
record Columns(Path file, List<String> first, boolean header) {
    static Columns of(Rows table, boolean header) {
        List<String> first = table.rows().getFirst().fields().stream().map(field -> Objects.requireNonNullElse(field, "")).toList();
        return new Columns(table.file(), first, header);
    }

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

    /// A field of a row.
    ///
    /// @throws IOException when it is missing: its line is named
    String field(Rows.Row row, int at) throws IOException {
        @Nullable
        String field = row.fields().get(at);
        if (field == null) {
            throw new IOException(file + ", line " + row.line() + ": '" + first.get(at) + "' is missing, or is neither text nor number");
        }
        return field;
    }

    private String described() {
        return header ? " (" + Names.listed(first) + ")" : "";
    }
}
