package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/// What refusals say.
public final class Refusals {
    private Refusals() {}

    /// The message of the exception of this type that is thrown.
    public static String message(Class<? extends Throwable> type, Executable refused) {
        return message(assertThrows(type, refused));
    }

    /// The message of an exception, which has one.
    public static String message(Throwable e) {
        return Objects.requireNonNull(e.getMessage());
    }
}
