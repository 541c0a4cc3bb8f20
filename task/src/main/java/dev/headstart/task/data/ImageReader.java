package dev.headstart.task.data;

import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;

/// Opens images of a file or folder: pictures need a decoder, which this module does not have.
@FunctionalInterface
public interface ImageReader {
    /// The images.
    ///
    /// @throws IOException when they cannot be read
    LabelledImages open(Path path) throws IOException;
}
