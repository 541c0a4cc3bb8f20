package dev.headstart.bench;

/// The check before a kernel is timed.
final class SameBits {
    private SameBits() {}

    /// @throws IllegalStateException when the answers differ in a bit
    static void check(String what, float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new IllegalStateException(what + ": element " + i + " is " + actual[i] + ", the scalar twin has " + expected[i]);
            }
        }
    }
}
