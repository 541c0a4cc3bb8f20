package dev.headstart.io;

import java.io.IOException;

/// A text that is not JSON, or JSON that does not say what its reader needs.
public final class JsonException extends IOException {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final long offset;

    JsonException(String problem, long offset, long line, long column) {
        super("json: byte " + offset + " (line " + line + ", column " + column + "): " + problem);
        this.problem = problem;
        this.offset = offset;
    }

    JsonException(String problem) {
        super("json: " + problem);
        this.problem = problem;
        this.offset = -1;
    }

    /// Where in the text reading stopped, in bytes of UTF-8; -1 when the text was JSON and only its meaning is wrong.
    public long offset() {
        return offset;
    }

    /// What is wrong, without the place.
    String problem() {
        return problem;
    }
}
