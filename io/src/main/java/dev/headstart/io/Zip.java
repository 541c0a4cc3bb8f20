package dev.headstart.io;

import dev.headstart.io.ZipArchive.Member;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Zip files that hold weights: which format it is, the names of the members tell.
final class Zip {
    private static final String KERAS_WEIGHTS = "model.weights.h5";

    private Zip() {}

    static boolean matches(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("PK\3\4") || text.startsWith("PK\5\6");
    }

    static Contents read(Path file, FileChannel channel, long size) throws IOException {
        ZipArchive archive = ZipArchive.read(file, channel, size);
        @Nullable
        Member keras = archive.members().get(KERAS_WEIGHTS);
        if (keras != null) {
            return keras(file, channel, keras);
        }
        if (Npz.matches(archive)) {
            return Npz.read(file, channel, archive);
        }
        throw new WeightFormatException(file, 0, "this is a zip file without weights (the formats read are " + Formats.READ + ")", null);
    }

    /// A model of Keras 3 (`.keras`): HDF5 within the zip file, read where it is, so it must be there as it is.
    private static Contents keras(Path file, FileChannel channel, Member weights) throws IOException {
        if (weights.deflated()) {
            throw new WeightFormatException(file, weights.begin(), "Keras: " + KERAS_WEIGHTS
                    + " is deflated: unzip the file and open that", null);
        }
        return Hdf5.read("Keras", file, channel, weights.begin(), weights.end());
    }
}
