package dev.headstart.io.hdf5;

import dev.headstart.io.format.Contents;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ArchiveFormat;
import dev.headstart.io.zip.ZipArchive;
import dev.headstart.io.zip.ZipArchive.Member;
import java.io.IOException;
import java.util.Objects;

/// A model of Keras 3 (`.keras`): a zip file whose member `model.weights.h5` is HDF5, read where it is. So it must be there as it is: Keras
/// stores it, other programs that pack the file anew may deflate it.
public final class KerasArchive implements ArchiveFormat {
    private static final String WEIGHTS = "model.weights.h5";

    @Override
    public String name() {
        return Hdf5Format.NAME;
    }

    @Override
    public boolean recognises(ZipArchive archive) {
        return archive.members().containsKey(WEIGHTS);
    }

    @Override
    public Contents read(ZipArchive archive) throws IOException {
        Member weights = Objects.requireNonNull(archive.members().get(WEIGHTS), "an archive that matches");
        if (weights.deflated()) {
            String problem = "Keras: " + WEIGHTS + " is deflated: unzip the file and open that";
            throw new WeightFormatException(archive.source().file(), weights.begin(), problem, null);
        }
        return Hdf5Tree.read("keras", archive.source(), weights.begin(), weights.end());
    }
}
