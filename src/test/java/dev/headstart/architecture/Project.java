package dev.headstart.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Where this project's files are.
public final class Project {
    /// The modules that are libraries, lowest first.
    static final List<String> LIBRARIES = List.of("tensor", "autograd", "nn", "optim", "io", "images", "zoo", "train", "task", "testkit");

    private Project() {}

    /// The folder of the parent POM.
    public static Path root() {
        return Path.of(Objects.requireNonNull(System.getProperty("headstart.root"), "Maven sets the property headstart.root"));
    }

    /// The compiled classes of a module.
    static Path classes(String module) {
        return root().resolve(module).resolve("target/classes");
    }

    /// Pages of documentation.
    static List<Path> pages() {
        return Stream.concat(Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(root()::resolve),
                files(root().resolve("docs"), ".md").stream()).toList();
    }

    /// All files under a folder whose names end so; none when there is no such folder.
    static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
