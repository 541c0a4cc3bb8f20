package dev.headstart.io.text;

import java.io.IOException;
import java.nio.file.Path;

/// A vocabulary, a list of merges or a `tokenizer.json` that breaks its format's rules, or asks for what this package does not do. The
/// message names the file and the line or JSON path.
public final class TokenizerFormatException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    TokenizerFormatException(Path file, String problem) {
        super(file + ": " + problem);
        this.file = file;
    }

    /// The file.
    public Path file() {
        return file;
    }
}
