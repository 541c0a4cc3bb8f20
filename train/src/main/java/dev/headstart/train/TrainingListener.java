package dev.headstart.train;

/// The events of a training, reported on its thread as they happen: [#began]; then [#stepped], [#validated], [#noted] and [#warned] in any
/// number; at last [#ended] or [#failed], never both. Warnings about what a run is resumed from come before [#began]. A run that is refused
/// before it began reports nothing else. Other work that takes steps reports itself likewise.
public interface TrainingListener {
    /// Listens to nothing.
    TrainingListener NONE = new TrainingListener() {};

    /// A phase begins.
    ///
    /// @param phase its name
    /// @param done steps that were taken earlier, by a run that is resumed
    /// @param steps its last step
    default void began(String phase, long done, long steps) {}

    /// A step was taken.
    ///
    /// @param examples number of examples in its batch
    /// @param loss their mean loss; NaN where a step has none
    default void stepped(int examples, double loss) {}

    /// The model was validated.
    ///
    /// @param metric name of the metric
    /// @param value its value, any number of which a larger one is better; NaN when the measure gave NaN
    default void validated(String metric, double value) {}

    /// A figure to show until the phase ends: `noted("runs", "3/20")`.
    default void noted(String figure, String value) {}

    /// Something is not as it should be; training continues.
    default void warned(String message) {}

    /// The phase ended, at its last step or before, and the parameters are what the run leaves: with early stopping the best ones.
    default void ended() {}

    /// The phase broke off by an exception, which [Trainer#run] throws.
    default void failed() {}
}
