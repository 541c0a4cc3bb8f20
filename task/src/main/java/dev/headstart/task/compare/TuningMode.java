package dev.headstart.task.compare;

/// A mode of fine-tuning: which parameters are trained, and when.
public enum TuningMode {
    /// All of it.
    FULL("everything"),
    /// All but patterns of frozen parameters; without any, the upper half of the levels.
    PARTIAL("upper part"),
    /// The new head alone: feature extraction.
    HEAD("head only"),
    /// The new head alone for some steps, then everything.
    PROBE("head, then everything"),
    /// The new head, then one level more each time after a number of steps.
    GRADUAL("level by level");

    private final String described;

    TuningMode(String described) {
        this.described = described;
    }

    @Override
    public String toString() {
        return described;
    }
}
