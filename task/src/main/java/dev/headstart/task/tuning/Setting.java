package dev.headstart.task.tuning;

/// A setting of fine-tuning that a message may have to name. A user interface has names of its own for them.
public enum Setting {
    /// The head of the file is trained further.
    KEEP_HEAD("kept head"),
    /// The number of channels of images.
    CHANNELS("channels"),
    /// Examples of the task that the network was trained for before.
    OLD_EXAMPLES("old examples"),
    /// Examples of each class that are trained on.
    LABELS("labels"),
    /// Examples of a step.
    BATCH("batch"),
    /// Patterns of parameters that keep their values.
    FREEZE("frozen parameters"),
    /// The head is trained first.
    HEAD_FIRST("head first"),
    /// Levels begin to be trained one after the other.
    GRADUAL("gradual unfreezing"),
    /// Only the head is trained.
    HEAD_ONLY("head only"),
    /// Features are stored in a folder.
    CACHE("stored features"),
    /// Random changes of images.
    AUGMENTATION("augmentation"),
    /// Pairs of images are mixed.
    MIXUP("mixup"),
    /// Weights between those of the source and the trained ones are saved.
    INTERPOLATION("interpolation of weights"),
    /// The source is a teacher.
    DISTILLATION("distillation"),
    /// Elastic weight consolidation.
    EWC("elastic weight consolidation"),
    /// Old examples are trained on too.
    REHEARSAL("rehearsal");

    private final String described;

    Setting(String described) {
        this.described = described;
    }

    @Override
    public String toString() {
        return described;
    }
}
