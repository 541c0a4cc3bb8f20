package dev.headstart.tensor;

/// Operands whose shapes do not fit an operator. The message is one sentence: operator, operands with shapes, the rule broken, the facts.
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /// @param message the whole sentence
    public ShapeException(String message) {
        super(message);
    }
}
