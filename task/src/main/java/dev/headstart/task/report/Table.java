package dev.headstart.task.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A table of text, for the report ([HtmlReport]) and for a terminal: columns first, then rows.
///
/// ```
/// new Table("Accuracy").left("arm").right("labels per class").right("accuracy")
///         .row("random weights", 2, "21.6 %")
///         .row("pre-trained", 2, Table.highlight("32.0 %"));
/// ```
public final class Table {
    private final String caption;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();

    /// A table without columns yet.
    ///
    /// @param caption what the table shows; empty for none
    public Table(String caption) {
        this.caption = caption;
    }

    /// A column.
    ///
    /// @param heading any text
    /// @param right whether its cells stand at its right edge
    public record Column(String heading, boolean right) {}

    /// The text of a cell, and whether it is the one to look at.
    ///
    /// @param text any text
    /// @param highlighted bold in the report, with a star behind it on the terminal
    public record Cell(String text, boolean highlighted) {}

    /// A cell to look at.
    public static Cell highlight(String text) {
        return new Cell(text, true);
    }

    /// Adds a column for words.
    public Table left(String heading) {
        return column(new Column(heading, false));
    }

    /// Adds a column for numbers.
    public Table right(String heading) {
        return column(new Column(heading, true));
    }

    /// Adds a row: a [Cell] as it is, an `Integer` or `Long` by [Numbers#count(long)], anything else by its `toString`.
    ///
    /// @throws IllegalArgumentException when there are more or fewer cells than columns
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "table " + caption + ", row " + (rows.size() + 1) + ": " + cells.length + " cells for " + columns.size() + " columns");
        }
        List<Cell> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(switch (cell) {
                case Cell done -> done;
                case Integer number -> new Cell(Numbers.count(number), false);
                case Long number -> new Cell(Numbers.count(number), false);
                default -> new Cell(cell.toString(), false);
            });
        }
        rows.add(List.copyOf(row));
        return this;
    }

    private Table column(Column column) {
        if (!rows.isEmpty()) {
            throw new IllegalStateException("table " + caption + ": column " + column.heading + " comes after rows");
        }
        columns.add(column);
        return this;
    }

    /// What the table shows; empty for nothing.
    public String caption() {
        return caption;
    }

    /// The columns, from left to right.
    public List<Column> columns() {
        return Collections.unmodifiableList(columns);
    }

    /// The rows, each with a cell for every column.
    public List<List<Cell>> rows() {
        return Collections.unmodifiableList(rows);
    }
}
