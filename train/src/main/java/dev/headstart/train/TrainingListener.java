package dev.headstart.train;

/// Is told what happens in a training, on its thread, in order: a phase begins, steps are taken, something is measured, it ends.
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
    /// @param value a share, from 0 to 1
    default void validated(String metric, double value) {}

    /// A figure to show until the phase ends: `noted("runs", "3/20")`.
    default void noted(String figure, String value) {}

    /// Something is not as it should be, and training goes on.
    default void warned(String message) {}

    /// The phase ended, at its last step or before.
    default void ended() {}

    /// The phase broke off; an exception says why.
    default void failed() {}
}
