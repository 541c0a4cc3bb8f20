package dev.headstart.train;

/// A loss that is NaN or infinite. Training stopped before the parameters were changed by it.
public final class NonFiniteLossException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final long step;

    NonFiniteLossException(String message, long step) {
        super(message);
        this.step = step;
    }

    /// The step, counted from 1, at which it happened.
    public long step() {
        return step;
    }
}
