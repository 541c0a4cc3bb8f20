package dev.headstart.task;

import java.io.IOException;
import java.nio.file.Path;

/// Is called when the folder of a run was opened, before the first step: writes there what belongs to the run.
@FunctionalInterface
public interface FolderHook {
    /// Writes to the folder.
    ///
    /// @throws IOException when it cannot; the run then ends with it
    void opened(Path folder) throws IOException;
}
