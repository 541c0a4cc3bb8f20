package dev.headstart.task.model;

import java.io.IOException;
import java.nio.file.Path;

/// A pre-trained network has no head for labels: it has to be fine-tuned first.
public final class UntrainedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path from;

    /// @param from where the network is
    /// @param architecture what it is
    public UntrainedException(Path from, String architecture) {
        super(from + ": " + architecture + " has no head for labels: fine-tune it first");
        this.from = from;
    }

    /// Where the network is.
    public Path from() {
        return from;
    }
}
