package dev.headstart.zoo;

import java.io.IOException;

/// Which part of a weight file is meant is not known: several make a network, or none has the name that was given.
public final class PartException extends IOException {
    private static final long serialVersionUID = 1;

    PartException(String message) {
        super(message);
    }
}
