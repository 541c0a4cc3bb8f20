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

    @Option(names = "--csv", paramLabel = "FILE", description = "Texts with labels: UTF-8, commas, double quotes.")
    private @Nullable Path csv;

    @Mixin
    final ColumnOptions columns = new ColumnOptions();

    @Option(names = "--data", paramLabel = "PATH",
            description = {"Images with labels: IDX, CIFAR binary, CSV of bytes, or a folder", "with a folder of pictures for each class."})
    private @Nullable Path data;

    @Mixin
    final GroupOption groups = new GroupOption();

    @Mixin
    final ResizeOption resize = new ResizeOption();

    /// Refuses what makes no sense.
    ///
    /// @param missing what to say when there are no examples: `which examples?`
    void check(Checks checks, String missing) {
        checks.must((csv == null) != (data == null), missing + " Give --csv for texts or --data for images")
                .must(csv == null || columns.complete(), "--csv needs --text-column and --label-column")
                .must(csv != null || (!columns.givesTexts() && !network.givesTokenizer() && !columns.noHeader()),
                        "--text-column, --no-header and --tokenizer are for texts, --data gives images")
                .must(data != null || (groups.given().isEmpty() && resize.given() == null),
                        "--group and --resize are for images, --csv gives texts");
        length.check(checks);
        resize.check(checks);
    }

    /// Whether the examples are images.
    boolean areImages() {
        return data != null;
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
        return Objects.requireNonNull(csv, "checked before");
    }
}
