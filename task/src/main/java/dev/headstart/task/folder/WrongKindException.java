package dev.headstart.task.folder;

import java.io.IOException;

/// A network for texts was given images, or the other way round.
public final class WrongKindException extends IOException {
    private static final long serialVersionUID = 1L;

    /// What a network reads.
    public enum Reads {
        TEXTS, IMAGES
    }

    private final Reads reads;

    /// A network that reads what was not given.
    ///
    /// @param from its file or folder
    /// @param architecture what it is, in words
    /// @param reads what it reads
    public WrongKindException(String from, String architecture, Reads reads) {
        super(from + ": this is a network for " + (reads == Reads.TEXTS ? "texts" : "images") + " (" + architecture + "), and "
                + (reads == Reads.TEXTS ? "images" : "texts") + " were given");
        this.reads = reads;
    }

    /// What the network reads.
    public Reads reads() {
        return reads;
    }
}
