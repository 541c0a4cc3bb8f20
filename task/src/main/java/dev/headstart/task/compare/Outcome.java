package dev.headstart.task.compare;

import dev.headstart.train.TrainingResult;

/// What came of a run.
///
/// @param run which
/// @param training its curve; the metric is accuracy on the test images
public record Outcome(Run run, TrainingResult training) {
    /// A run.
    ///
    /// @param variant its initialization and mode
    /// @param labels examples per class it is trained on
    /// @param seed which of its kind
    public record Run(Plan.Variant variant, int labels, int seed) {}

    /// Accuracy at the end.
    public double accuracy() {
        return training.curve().getLast().metric();
    }
}
