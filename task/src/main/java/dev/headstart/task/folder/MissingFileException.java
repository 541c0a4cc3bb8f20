package dev.headstart.task.folder;

import java.io.IOException;

/// Something that belongs to a network was not found where it is looked for, and can be given from elsewhere.
public final class MissingFileException extends IOException {
    private static final long serialVersionUID = 1;

    /// What is missing.
    public enum Kind {
        /// A configuration file.
        CONFIGURATION,
        /// A network that is known here: a configuration may say which it is.
        NETWORK,
        /// A tokenizer.
        TOKENIZER
    }

    private final Kind kind;

    /// @param message what was looked for, and where
    public MissingFileException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /// What is missing.
    public Kind kind() {
        return kind;
    }
}
