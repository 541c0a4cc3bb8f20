package dev.headstart.cli.options;

import dev.headstart.cli.data.Table;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which columns of a table are texts and labels.
public final class ColumnOptions {
    @Option(names = "--text-column", paramLabel = "COLUMN",
            description = {"Column of the texts: a name of the header, or a number from 1.",
                "Given several times, the columns are joined by a space."})
    private List<String> textColumns = List.of();

    @Option(names = "--label-column", paramLabel = "COLUMN",
            description = "Column of the labels; in a table of\npixels without it the header is asked.")
    private @Nullable String labelColumn;

    @Option(names = "--no-header", description = "The first row is data; columns are given by number.")
    private boolean noHeader;

    /// Whether both columns were given.
    public boolean complete() {
        return !textColumns.isEmpty() && labelColumn != null;
    }

    /// Whether columns of texts were given.
    public boolean givesTexts() {
        return !textColumns.isEmpty();
    }

    /// The column of the labels; null when it was not given.
    public @Nullable String label() {
        return labelColumn;
    }

    /// Whether one column was given.
    public boolean given() {
        return !textColumns.isEmpty() || labelColumn != null;
    }

    /// Whether the first row is data.
    boolean noHeader() {
        return noHeader;
    }

    /// The columns.
    public Table table() {
        return new Table(textColumns, Objects.requireNonNull(labelColumn, "checked before"), !noHeader);
    }
}
