package dev.headstart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Real data and weights that are no part of the project: a folder `shared` beside it, or the one that the system property `headstart.shared` names.
public final class Shared {
    private Shared() {}

    /// A file or folder in there; nothing, and a line that says so, when it is absent.
    public static Optional<Path> find(String name) {
        String folder = System.getProperty("headstart.shared", "");
        Path root = folder.isEmpty() ? Path.of(System.getProperty("headstart.root", ".")).resolveSibling("shared") : Path.of(folder);
        Path path = root.resolve(name);
        if (Files.exists(path)) {
            return Optional.of(path);
        }
        System.out.println("not run: there is no " + name + " in the folder of shared data (-Dheadstart.shared=DIR)");
        return Optional.empty();
    }
}
