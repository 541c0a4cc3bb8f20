package dev.headstart.io;

import java.nio.file.Path;
import java.util.List;

/// Another Java process with this one's class path, quick to start.
public final class ForkedJava {
    private ForkedJava() {}

    /// The command that runs a main class; arguments may follow.
    public static List<String> command(String heap, Class<?> main) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }
}
