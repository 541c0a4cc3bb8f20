package dev.headstart.cli.compare;

/// What of a network may change.
public enum Learning {
    /// All of it.
    EVERYTHING("everything"),
    /// What the patterns of `--freeze` leave.
    UPPER("upper part"),
    /// The new head alone.
    HEAD("head only");

    private final String described;

    Learning(String described) {
        this.described = described;
    }

    @Override
    public String toString() {
        return described;
    }
}
