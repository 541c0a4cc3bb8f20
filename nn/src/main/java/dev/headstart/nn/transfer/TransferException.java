package dev.headstart.nn.transfer;

/// Weights that do not fit where they should go. Nothing was changed.
public final class TransferException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // reports are not serialised
    private final transient TransferReport report;

    TransferException(String message, TransferReport report) {
        super(message);
        this.report = report;
    }

    /// What fitted and what did not.
    public TransferReport report() {
        return report;
    }
}
