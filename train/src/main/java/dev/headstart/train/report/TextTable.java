package dev.headstart.train.report;

import dev.headstart.train.report.Table.Cell;
import dev.headstart.train.report.Table.Column;
import java.util.Arrays;
import java.util.List;

/// Tables as plain text, columns two spaces apart:
///
/// ```
/// arm             labels  accuracy
/// --------------  ------  --------
/// random weights       2    21.6 %
/// pre-trained          2    32.0 % *
/// ```
public final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    /// The table as lines, each ended by a line feed, without spaces at their ends; the caption, if there is one, comes first.
    public static String render(Table table) {
        List<Column> columns = table.columns();
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns(columns.get(i).heading());
            for (List<Cell> row : table.rows()) {
                widths[i] = Math.max(widths[i], columns(row.get(i).text()));
            }
        }
        StringBuilder out = new StringBuilder();
        if (!table.caption().isEmpty()) {
            out.append(printable(table.caption())).append('\n');
        }
        line(out, table, columns.stream().map(c -> new Cell(c.heading(), false)).toList(), widths);
        line(out, table, Arrays.stream(widths).mapToObj(w -> new Cell("-".repeat(w), false)).toList(), widths);
        table.rows().forEach(row -> line(out, table, row, widths));
        return out.toString();
    }

    private static void line(StringBuilder out, Table table, List<Cell> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String text = printable(cells.get(i).text());
            String space = " ".repeat(widths[i] - columns(text));
            boolean starred = stars(table, i);
            line.append(i == 0 ? "" : GAP).append(table.columns().get(i).right() ? space + text : text + space);
            line.append(cells.get(i).highlighted() ? " *" : starred ? "  " : "");
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static boolean stars(Table table, int column) {
        return table.rows().stream().anyMatch(row -> row.get(column).highlighted());
    }

    /// Columns of a terminal the text takes: none for combining marks, two for wide characters (Chinese, Japanese, Korean, emoji).
    public static int columns(String text) {
        return printable(text).codePoints().map(TextTable::columns).sum();
    }

    /// The text, cut with an ellipsis when it takes more columns than these (at least 1).
    public static String cut(String text, int most) {
        String shown = printable(text);
        if (columns(shown) <= most) {
            return shown;
        }
        StringBuilder head = new StringBuilder();
        int free = most - 1;
        for (int c : shown.codePoints().toArray()) {
            free -= columns(c);
            if (free < 0) {
                break;
            }
            head.appendCodePoint(c);
        }
        return head.append('…').toString();
    }

    /// The text on one line, without what a terminal would obey: white space becomes a space, a control or direction character U+FFFD.
    ///
    /// Names of tensors come from files of strangers.
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean space = c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029;
            shown.appendCodePoint(space ? ' ' : obeyed(c) ? 0xFFFD : c);
        });
        return shown.toString();
    }

    private static boolean obeyed(int c) {
        boolean direction = c == 0x061C || c == 0x200E || c == 0x200F || between(c, 0x202A, 0x202E) || between(c, 0x2066, 0x2069);
        return Character.isISOControl(c) || direction || between(c, 0xD800, 0xDFFF);
    }

    private static int columns(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> wide(c) ? 2 : 1;
        };
    }

    private static boolean wide(int c) {
        return c >= 0x1100 && (c <= 0x115F // Hangul initial consonants
                || between(c, 0x2E80, 0x303E) || between(c, 0x3041, 0x33FF) // radicals, kana, compatibility
                || between(c, 0x3400, 0x4DBF) || between(c, 0x4E00, 0x9FFF) // ideographs
                || between(c, 0xA000, 0xA4CF) || between(c, 0xAC00, 0xD7A3) // Yi, Hangul syllables
                || between(c, 0xF900, 0xFAFF) || between(c, 0xFE30, 0xFE6F) // compatibility forms
                || between(c, 0xFF00, 0xFF60) || between(c, 0xFFE0, 0xFFE6) // full-width forms
                || between(c, 0x1F300, 0x1FAFF) || between(c, 0x20000, 0x3FFFD)); // emoji, more ideographs
    }

    private static boolean between(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
