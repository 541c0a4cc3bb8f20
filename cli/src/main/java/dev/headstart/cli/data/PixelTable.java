package dev.headstart.cli.data;

import dev.headstart.cli.terminal.Notes;
import dev.headstart.io.data.Images;
import dev.headstart.task.data.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A table whose rows are a label and the 0 … 255 of a square image, grey or RGB: as Kaggle has MNIST, and HAM10000.
///
/// The label is in the column that the header calls `label`, `class`, `target` or `y`, wherever it is; without such a name it is in the
/// first, unless that is called as a pixel is. Labels are numbers from 0, or names.
final class PixelTable {
    private static final Set<String> LABELS = Set.of("label", "labels", "class", "target", "y", "category", "class_id", "label_id");
    private static final Pattern PIXEL = Pattern.compile("(?i)[a-z_. ]*\\d+([x_., ]\\d+)*");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final Path file;
    private final List<Rows.Row> rows; // without the header
    private final int fields;
    private final int labelAt;

    private PixelTable(Path file, List<Rows.Row> rows, int fields, int labelAt) {
        this.file = file;
        this.rows = rows;
        this.fields = fields;
        this.labelAt = labelAt;
    }

    /// The images of a table.
    ///
    /// @param labelColumn a name of the header, or a number from 1; null to look for it
    /// @throws IOException when nothing says which column has the labels, or a row is not as it must be: its line is named
    static Images read(Path file, @Nullable String labelColumn) throws IOException {
        Rows table = Rows.read(file);
        if (table.rows().isEmpty()) {
            throw new IOException(file + ": there are no rows in it");
        }
        Columns columns = Columns.of(table, isHeader(table.rows().getFirst()));
        int labelAt = labelColumn == null ? label(columns) : columns.find(labelColumn);
        Notes.say(table.notes());
        return new PixelTable(file, table.rows().subList(columns.header() ? 1 : 0, table.rows().size()), table.columns(), labelAt).images();
    }

    /// Whether a first row names columns: no field is a number, or one of them is called as labels are, as in `label,0,1,2`.
    private static boolean isHeader(Rows.Row first) {
        return first.fields().stream().noneMatch(field -> NUMBER.matcher(stripped(field)).matches())
                || first.fields().stream().anyMatch(PixelTable::isLabel);
    }

    private static boolean isLabel(@Nullable String name) {
        return LABELS.contains(stripped(name).toLowerCase(Locale.ROOT));
    }

    private static String stripped(@Nullable String field) {
        return field == null ? "" : field.strip();
    }

    private static int label(Columns columns) throws IOException {
        if (!columns.header()) {
            Notes.say(List.of(columns.file() + ": there is no header: the first column is taken for the labels"));
            return 0;
        }
        int[] found = IntStream.range(0, columns.first().size()).filter(i -> isLabel(columns.first().get(i))).toArray();
        if (found.length == 1) {
            return found[0];
        }
        String remedy = "say which column has the labels (--label-column)";
        if (found.length > 1) {
            throw new IOException(columns.file() + ": several columns could be the label, "
                    + Names.listed(Arrays.stream(found).mapToObj(columns.first()::get).toList()) + ": " + remedy);
        }
        if (PIXEL.matcher(columns.first().getFirst()).matches()) {
            throw new IOException(columns.file() + ": no column is called as labels are, and the first, '" + columns.first().getFirst()
                    + "', as a pixel is: " + remedy);
        }
        Notes.say(List.of(columns.file() + ": the first column, '" + columns.first().getFirst() + "', is taken for the labels"));
        return 0;
    }

    private Images images() throws IOException {
        int bytes = fields - 1;
        int channels = isSquare(bytes) ? 1 : 3;
        if (rows.isEmpty() || bytes < 1 || !isSquare(bytes / channels) || bytes % channels != 0) {
            throw new IOException(file + ": " + rows.size() + " rows of a label and " + Math.max(0, bytes)
                    + " numbers: rows are needed, each with the bytes of a square image");
        }
        byte[] pixels = new byte[Math.multiplyExact(bytes, rows.size())];
        List<String> labels = new ArrayList<>();
        int at = 0;
        for (Rows.Row row : rows) {
            labels.add(stripped(row.fields().get(labelAt)));
            for (int i = 0; i < fields; i++) {
                if (i != labelAt) {
                    pixels[at++] = pixel(row, i);
                }
            }
        }
        int side = (int) Math.sqrt((double) bytes / channels);
        List<String> names = names(labels);
        int[] classes = labels.stream().mapToInt(label -> NUMBER.matcher(label).matches() ? Integer.parseInt(label) : names.indexOf(label))
                .toArray();
        return new Images(pixels, rows.size(), side, side, channels, classes, names);
    }

    private static boolean isSquare(int number) {
        int root = (int) Math.sqrt(number);
        return root * root == number;
    }

    /// The classes: numbers from 0 to the largest label, or the different names, sorted.
    private List<String> names(List<String> labels) throws IOException {
        long numbers = labels.stream().filter(label -> NUMBER.matcher(label).matches()).count();
        for (int i = 0; i < labels.size(); i++) {
            boolean number = NUMBER.matcher(labels.get(i)).matches();
            if (labels.get(i).isEmpty() || (!number && numbers > labels.size() / 2) || (number && numbers <= labels.size() / 2)) {
                throw refused(rows.get(i), labelAt, numbers > labels.size() / 2
                        ? "no whole number from 0, as the other labels are"
                        : "no name, as the other labels are");
            }
        }
        if (numbers == 0) {
            return labels.stream().distinct().sorted().toList();
        }
        int classes = labels.stream().mapToInt(Integer::parseInt).max().orElse(0) + 1;
        if (classes > 100_000) {
            throw new IOException(file + ": the largest label is " + (classes - 1) + ": labels are numbers of classes, from 0");
        }
        return IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    }

    private byte pixel(Rows.Row row, int field) throws IOException {
        String text = stripped(row.fields().get(field));
        if (NUMBER.matcher(text).matches() && Integer.parseInt(text) <= 255) {
            return (byte) Integer.parseInt(text);
        }
        throw refused(row, field, "no whole number from 0 to 255"
                + (text.chars().anyMatch(Character::isLetter) ? ": a table of texts needs --text-column and --label-column" : ""));
    }

    private IOException refused(Rows.Row row, int field, String what) {
        String text = stripped(row.fields().get(field));
        return new IOException(file + ", line " + row.line() + ", column " + (field + 1) + ": '"
                + (text.length() <= 20 ? text : text.substring(0, 20) + "…") + "' is " + what);
    }
}
