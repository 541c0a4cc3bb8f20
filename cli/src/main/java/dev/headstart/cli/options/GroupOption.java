package dev.headstart.cli.options;

import dev.headstart.io.data.LabelledImages;
import dev.headstart.task.data.ChosenImages;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/// The option that makes labels of classes of images.
public final class GroupOption {
    @Option(names = "--group", paramLabel = "NAME=CLASS,…",
            description = {"A label made of classes of the images; several times.", "Without, the labels are the classes themselves."})
    private List<String> groups = List.of();

    /// The groups, as given.
    public List<String> given() {
        return groups;
    }

    /// The images under their groups; without any, under their classes.
    ///
    /// @throws IOException when a group is not written as it must be, or a class is unknown
    public ChosenImages of(LabelledImages images) throws IOException {
        ChosenImages all = ChosenImages.all(images);
        return groups.isEmpty() ? all : all.grouped(groups);
    }
}
