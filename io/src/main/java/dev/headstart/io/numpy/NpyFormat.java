package dev.headstart.io.numpy;

import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.format.WeightFormat;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// NumPy's files of one array ([NpyHeader] describes them); the tensor has the file's name without its ending.
public final class NpyFormat implements WeightFormat {
    static final String NAME = "NumPy";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean recognises(byte[] head) {
        return NpyHeader.matches(head);
    }

    @Override
    public Contents read(Source source) throws IOException {
        Path file = source.file();
        long size = source.size();
        NpyHeader header;
        try (Region bytes = new Region(source, 0, size)) {
            header = NpyHeader.read(source, bytes, 0, true);
        } catch (Refusal.Found e) {
            throw new WeightFormatException(file, e.refusal().offset(), "NumPy: " + e.refusal().problem(), e);
        }
        if (header.end() != size) {
            String problem = header.end() > size
                    ? "the file ends here, its elements end at byte " + header.end() + ": it is truncated"
                    : "its elements end here, the file goes on to byte " + size;
            throw new WeightFormatException(file, Math.min(size, header.end()), "NumPy: " + problem, null);
        }
        return new Contents("npy", List.of(header.entry(name(file), header.begin(), header.end(), null)), Map.of());
    }

    /// The name of the tensor in a file of one: the file's without `.npy`.
    private static String name(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString();
        return name.endsWith(NpyHeader.ENDING) ? name.substring(0, name.length() - NpyHeader.ENDING.length()) : name;
    }
}
