package dev.headstart.zoo.model;

import java.io.IOException;

/// A configuration that says something no model here can be built from.
public final class ConfigException extends IOException {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }
}
