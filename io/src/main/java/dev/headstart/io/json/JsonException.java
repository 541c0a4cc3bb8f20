package dev.headstart.io.json;

import java.io.IOException;

/// A text that is not JSON, or JSON that does not say what its reader needs.
public final class JsonException extends IOException {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final long offset;

    public JsonException(String problem, long offset, long line, long column) {
        super("json: byte " + offset + " (line " + line + ", column " + column + "): " + problem);
        this.problem = problem;
        this.offset = offset;
    }

    public JsonException(String problem) {
        super("json: " + problem);
        this.problem = problem;
        this.offset = -1;
    }

    /// Where in the text reading stopped, in bytes of UTF-8; -1 when the text was JSON and only its meaning is wrong.
    public long offset() {
        return offset;
    }

    /// What is wrong, without the place.
    public String problem() {
        return problem;
    }
}
