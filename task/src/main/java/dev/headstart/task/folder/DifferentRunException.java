package dev.headstart.task.folder;

import java.io.IOException;

/// A folder has checkpoints of a run with other settings: they are named.
public final class DifferentRunException extends IOException {
    private static final long serialVersionUID = 1;

    DifferentRunException(String message) {
        super(message);
    }
}
