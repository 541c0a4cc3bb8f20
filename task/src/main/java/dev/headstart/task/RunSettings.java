package dev.headstart.task;

import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where and how a verb runs that trains.
///
/// @param checkpointEvery steps between two checkpoints; null for what is usual
/// @param restart whether checkpoints in the folder are deleted instead of resumed
record RunSettings(long seed, TrainingListener listener, BooleanSupplier stop, @Nullable Path folder, @Nullable Integer checkpointEvery,
        boolean restart, FolderHook opened) {
    /// Seed 1; nothing is heard, stopped or saved.
    static final RunSettings PLAIN = new RunSettings(1, TrainingListener.NONE, () -> false, null, null, false, folder -> {});

    RunSettings seed(long other) {
        return new RunSettings(other, listener, stop, folder, checkpointEvery, restart, opened);
    }

    RunSettings listener(TrainingListener other) {
        return new RunSettings(seed, other, stop, folder, checkpointEvery, restart, opened);
    }

    RunSettings stopWhen(BooleanSupplier other) {
        return new RunSettings(seed, listener, other, folder, checkpointEvery, restart, opened);
    }

    RunSettings saveIn(Path other) {
        return new RunSettings(seed, listener, stop, other, checkpointEvery, restart, opened);
    }

    /// @throws IllegalArgumentException below 1
    RunSettings checkpointEvery(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("a checkpoint every " + steps + " steps: at least 1 is needed");
        }
        return new RunSettings(seed, listener, stop, folder, steps, restart, opened);
    }

    RunSettings restart(boolean other) {
        return new RunSettings(seed, listener, stop, folder, checkpointEvery, other, opened);
    }

    RunSettings whenOpened(FolderHook hook) {
        return new RunSettings(seed, listener, stop, folder, checkpointEvery, restart, hook);
    }

    /// Refuses a folder that is a file, or that of the network which the run starts from.
    ///
    /// @param source folder of that network; null for none
    void checkFolder(@Nullable Path source) throws IOException {
        if (folder == null || !Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": this is a file, a folder is needed");
        }
        if (source != null && Files.exists(source) && Files.isSameFile(folder, source)) {
            throw new IOException(
                    folder + ": this is the folder of the pre-trained network: choose another, so that the pre-trained model stays");
        }
    }
}
