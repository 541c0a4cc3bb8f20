package dev.headstart.cli.terminal;

import dev.headstart.task.report.Table;
import dev.headstart.task.report.Table.Cell;
import dev.headstart.task.report.Table.Column;
import dev.headstart.task.report.TextWidth;
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
            widths[i] = TextWidth.columns(columns.get(i).heading());
            for (List<Cell> row : table.rows()) {
                widths[i] = Math.max(widths[i], TextWidth.columns(row.get(i).text()));
            }
        }
        StringBuilder out = new StringBuilder();
        if (!table.caption().isEmpty()) {
            out.append(TextWidth.printable(table.caption())).append('\n');
        }
        line(out, table, columns.stream().map(c -> new Cell(c.heading(), false)).toList(), widths);
        line(out, table, Arrays.stream(widths).mapToObj(w -> new Cell("-".repeat(w), false)).toList(), widths);
        table.rows().forEach(row -> line(out, table, row, widths));
        return out.toString();
    }

    private static void line(StringBuilder out, Table table, List<Cell> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String text = TextWidth.printable(cells.get(i).text());
            String space = " ".repeat(widths[i] - TextWidth.columns(text));
            boolean starred = stars(table, i);
            line.append(i == 0 ? "" : GAP).append(table.columns().get(i).right() ? space + text : text + space);
            line.append(cells.get(i).highlighted() ? " *" : starred ? "  " : "");
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static boolean stars(Table table, int column) {
        return table.rows().stream().anyMatch(row -> row.get(column).highlighted());
    }
}
