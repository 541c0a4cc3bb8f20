package dev.headstart.io;

import dev.headstart.io.ZipArchive.Member;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;

/// A model of Keras 3 (`.keras`): a zip file whose member `model.weights.h5` is HDF5, read where it is. So it must be there as it is: Keras
/// stores it, other programs that pack the file anew may deflate it.
final class KerasArchive {
    private static final String WEIGHTS = "model.weights.h5";

    private KerasArchive() {}

    static boolean matches(ZipArchive archive) {
        return archive.members().containsKey(WEIGHTS);
    }

    static Contents read(Path file, FileChannel channel, ZipArchive archive) throws IOException {
        Member weights = Objects.requireNonNull(archive.members().get(WEIGHTS), "an archive that matches");
        if (weights.deflated()) {
            String problem = "Keras: " + WEIGHTS + " is deflated: unzip the file and open that";
            throw new WeightFormatException(file, weights.begin(), problem, null);
        }
        return Hdf5.read("keras", file, channel, weights.begin(), weights.end());
    }
}
