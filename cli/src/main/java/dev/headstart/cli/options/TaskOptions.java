package dev.headstart.cli.options;

import dev.headstart.cli.data.ImageData;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.task.Classification;
import dev.headstart.task.ImageClassification;
import dev.headstart.task.TextClassification;
import dev.headstart.task.model.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// The options that say what a task's labelled examples are, images or texts, and how a network is to read them.
public final class TaskOptions {
    @Mixin
    private final LabelledOptions examples = new LabelledOptions();

    /// What examples are measured on.
    ///
    /// @param images others than those of `--data`; null to hold some out
    /// @param texts others than those of `--csv`; null to hold some out
    /// @param share of each label to hold out
    public record HeldOut(@Nullable Path images, @Nullable Path texts, double share) {}

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        examples.check(checks, "which examples?");
    }

    /// Whether the examples are images.
    public boolean areImages() {
        return examples.areImages();
    }

    /// The network.
    ///
    /// @param from a weight file or a folder
    /// @throws IOException when it cannot be read, or is none
    public Pretrained network(Path from) throws IOException {
        return examples.network.open(from);
    }

    /// The examples.
    ///
    /// @throws IOException when they cannot be read
    public Classification<?> examples(HeldOut heldOut) throws IOException {
        if (!examples.areImages()) {
            return TextClassification.of(examples.columns.table().read(examples.csv(), heldOut.texts, null, heldOut.share))
                    .maxLength(examples.length.orDefault());
        }
        Path data = examples.data();
        ImageClassification all = ImageClassification.of(examples.open(data)).holdingOut(heldOut.share).grouped(examples.groups.given())
                .named(String.valueOf(data.getFileName()));
        Integer side = examples.resize.given();
        ImageClassification task = side == null ? all : all.resized(side);
        return heldOut.images == null
                ? task
                : task.measuredOn(examples.open(heldOut.images), String.valueOf(heldOut.images.getFileName()));
    }

    /// Opens images without labels.
    public static LabelledImages unlabelled(Path images) throws IOException {
        return ImageData.unlabelled(images, null);
    }
}
