package dev.headstart.io.hdf5;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.WeightFormat;
import java.io.IOException;
import java.util.Arrays;

/// HDF5 files ([Hdf5Tree] says what is read of them).
public final class Hdf5Format implements WeightFormat {
    static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    static final String NAME = "HDF5 (Keras)";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean recognises(byte[] head) {
        return Arrays.equals(Arrays.copyOf(head, SIGNATURE.length), SIGNATURE);
    }

    @Override
    public Contents read(Source source) throws IOException {
        return Hdf5Tree.read("hdf5", source, 0, source.size());
    }
}
