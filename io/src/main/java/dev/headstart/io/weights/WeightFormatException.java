package dev.headstart.io.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A weight file that breaks its format's rules, or holds what a float32 tensor cannot. The message names the file and the byte.
public final class WeightFormatException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final long offset;

    public WeightFormatException(Path file, long offset, String problem, @Nullable Throwable cause) {
        super(file + ": byte " + offset + ": " + problem, cause);
        this.file = file;
        this.offset = offset;
    }

    /// The file.
    public Path file() {
        return file;
    }

    /// The offset of the byte at which the file first breaks the rule.
    public long offset() {
        return offset;
    }
}
