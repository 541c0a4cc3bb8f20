package dev.headstart.io.data;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A data file that breaks its format's rules. The message names the file and, where one is known, the byte.
public final class DataFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final String source;
    private final long offset;

    /// A source, a file or a stream, whose byte number `offset` breaks a rule.
    public DataFileException(String source, long offset, String problem, @Nullable Throwable cause) {
        super(source + ": byte " + offset + ": " + problem, cause);
        this.source = source;
        this.offset = offset;
    }

    /// A file whose byte number `offset` breaks a rule.
    public DataFileException(Path file, long offset, String problem, @Nullable Throwable cause) {
        this(file.toString(), offset, problem, cause);
    }

    /// A file that breaks a rule as a whole.
    public DataFileException(Path file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
        this.source = file.toString();
        this.offset = -1;
    }

    /// The file, or the name of the stream.
    public String source() {
        return source;
    }

    /// The offset of the byte at which the file first breaks the rule, in its content after unzipping; -1 when no single byte does.
    public long offset() {
        return offset;
    }
}
