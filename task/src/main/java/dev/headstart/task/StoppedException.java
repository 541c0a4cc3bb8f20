package dev.headstart.task;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A run was asked to stop and did, after saving what it had learnt: run again with the same settings and folder, it is resumed.
public final class StoppedException extends CancellationException {
    private static final long serialVersionUID = 1;

    private final long step;
    private final long steps;
    private final transient @Nullable Path folder;

    /// A run that stopped.
    ///
    /// @param step its last step
    /// @param steps how many there would be
    /// @param folder where it was saved; null for nowhere
    public StoppedException(long step, long steps, @Nullable Path folder) {
        super("stopped after step " + step + " of " + steps);
        this.step = step;
        this.steps = steps;
        this.folder = folder;
    }

    /// The last step that was taken.
    public long step() {
        return step;
    }

    /// How many there would be.
    public long steps() {
        return steps;
    }

    /// The run's folder; null when nothing was saved.
    public @Nullable Path folder() {
        return folder;
    }
}
