package dev.headstart.task.compare;

/// What of a network may change, and when: the modes of fine-tuning, under the names `--modes` has for them.
public enum Learning {
    /// All of it.
    FULL("everything"),
    /// What the patterns of `--freeze` leave; without any, the upper half of the levels.
    PARTIAL("upper part"),
    /// The new head alone: feature extraction.
    HEAD("head only"),
    /// The new head alone for some steps, then everything.
    PROBE("head, then everything"),
    /// The new head, then one level more every so many steps.
    GRADUAL("level by level");

    private final String described;

    Learning(String described) {
        this.described = described;
    }

    @Override
    public String toString() {
        return described;
    }
}
