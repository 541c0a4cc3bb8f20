package dev.headstart.cli.recipe;

import java.io.IOException;

/// A recipe that is no TOML and no JSON: a mistake of the one who wrote it, like one on the command line.
final class RecipeSyntaxException extends IOException {
    private static final long serialVersionUID = 1;

    RecipeSyntaxException(String message, Throwable cause) {
        super(message, cause);
    }

    RecipeSyntaxException(String message) {
        super(message);
    }
}
