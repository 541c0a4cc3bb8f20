package dev.headstart.cli.options;

import dev.headstart.cli.data.ImageData;
import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say what labelled examples are, images or texts, and how a network reads them.
final class LabelledOptions {
    @Mixin
    final NetworkOptions network = new NetworkOptions();

    @Mixin
    final LengthOption length = new LengthOption();

    @Option(names = "--csv", paramLabel = "FILE", hidden = true, description = "Texts with labels, as --data with --text-column.")
    private @Nullable Path csv;

    @Mixin
    final ColumnOptions columns = new ColumnOptions();

    @Option(names = "--data", paramLabel = "PATH",
            description = {"The examples. Texts with labels: CSV, TSV or JSON lines, with --text-column and --label-column.",
                "Images with labels: a folder with a folder of pictures for each class, IDX, CIFAR binary, CSV of bytes."})
    private @Nullable Path data;

    @Mixin
    final GroupOption groups = new GroupOption();

    @Mixin
    final ResizeOption resize = new ResizeOption();

    /// Refuses what makes no sense.
    ///
    /// @param missing what to say when there are no examples: `which examples?`
    void check(Checks checks, String missing) {
        checks.must((csv == null) != (data == null),
                missing + " Give --data: a table of texts with --text-column and --label-column, or images")
                .must(areImages() || columns.complete(), "a table of texts needs --text-column and --label-column")
                .must(!areImages() || (!network.givesTokenizer() && !columns.noHeader()),
                        "--no-header and --tokenizer are for texts: give --text-column and --label-column with --data")
                .must(areImages() || (groups.given().isEmpty() && resize.given() == null),
                        "--group and --resize are for images, the examples are texts");
        length.check(checks);
        resize.check(checks);
    }

    /// Whether the examples are images.
    boolean areImages() {
        return csv == null && !columns.givesTexts();
    }

    /// Where the images are.
    Path data() {
        return Objects.requireNonNull(data, "checked before");
    }

    /// Images with labels: of a table, in the column that was given.
    LabelledImages open(Path place) throws IOException {
        return ImageData.open(place, null, ImageData.isCsv(place) ? columns.label() : null);
    }

    /// Where the texts are.
    Path csv() {
        return Objects.requireNonNull(csv == null ? data : csv, "checked before");
    }
}
