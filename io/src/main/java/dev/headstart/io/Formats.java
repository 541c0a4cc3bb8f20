package dev.headstart.io;

import dev.headstart.io.file.Region;
import dev.headstart.io.json.stream.JsonReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells a weight file's format by its content. A file that is something else is called by its name, with the formats that are read.
final class Formats {
    /// The formats read, for messages.
    static final String READ = "safetensors, PyTorch, HDF5 (Keras), NumPy";

    private static final int HEAD = 512;
    private static final int TAR_MARK = 257;

    /// What files begin with that are no weights we read, or are something else by mistake.
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    static {
        for (char protocol = 2; protocol <= 5; protocol++) {
            OTHERS.put("\u0080" + protocol, "a Python pickle, but none that torch.save writes by default: save it again with torch.save");
        }
        OTHERS.put("GGUF", "a GGUF file");
        OTHERS.put("version https://git-lfs", "a Git LFS pointer, not the file it stands for: fetch that with git lfs pull");
        OTHERS.put("\u001f\u008b", "a gzip file: unpack it first");
        OTHERS.put("BZh", "a bzip2 file: unpack it first");
        OTHERS.put("\u00fd7zXZ\0", "an xz file: unpack it first");
        OTHERS.put("(\u00b5/\u00fd", "a Zstandard file: unpack it first");
        OTHERS.put("7z\u00bc\u00af", "a 7-Zip file: unpack it first");
        OTHERS.put("%PDF", "a PDF document");
        OTHERS.put("<!doctype html", "an HTML page, perhaps the message of a failed download");
        OTHERS.put("<html", "an HTML page, perhaps the message of a failed download");
        OTHERS.put("<?xml", "an XML document, perhaps the message of a failed download");
    }

    private Formats() {}

    /// Opens what a path leads to: a file, an index of several, or a folder with one of them.
    static Weights open(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? Shards.in(path) : path;
        if (Files.isRegularFile(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                if (Shards.matches(head(channel))) {
                    return Shards.open(file);
                }
            }
        }
        return WeightFile.open(file);
    }

    /// The contents of one file of `size` bytes.
    static Contents read(Path file, FileChannel channel, long size) throws IOException {
        byte[] head = head(channel);
        if (Hdf5.matches(head)) {
            return Hdf5.read(file, channel, size);
        }
        if (NpyHeader.matches(head)) {
            return Npy.read(file, channel, size);
        }
        if (PyTorchLegacy.matches(head)) {
            return PyTorchLegacy.read(file, channel, size);
        }
        if (ZipArchive.matches(head)) {
            return zip(file, channel, ZipArchive.read(file, channel, size));
        }
        String other = SafeTensorsHeader.matches(head) ? null : other(head);
        if (other == null && Shards.matches(head)) {
            other = "JSON, not a weight file";
        }
        if (other != null) {
            throw new WeightFormatException(file, 0, "this is " + other + " (the formats read are " + READ + ")", null);
        }
        return SafeTensorsHeader.read(file, channel, size);
    }

    private static Contents zip(Path file, FileChannel channel, ZipArchive archive) throws IOException {
        if (PyTorchZip.matches(archive)) {
            return PyTorchZip.read(file, archive);
        }
        if (KerasArchive.matches(archive)) {
            return KerasArchive.read(file, channel, archive);
        }
        if (Npz.matches(archive)) {
            return Npz.read(file, channel, archive);
        }
        String first = archive.members().keySet().iterator().next();
        throw new WeightFormatException(file, 0,
                "this is a zip file that holds no weights (the first member is " + JsonReader.abridged(first)
                        + "; the formats read are " + READ + ")",
                null);
    }

    private static byte[] head(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        return Arrays.copyOf(head.array(), Region.fill(channel, head, 0));
    }

    private static @Nullable String other(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("ustar", TAR_MARK)) {
            return "a tar file (PyTorch's first form, or another): save it again with torch.save";
        }
        String page = text.strip().toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> other : OTHERS.entrySet()) {
            if (text.startsWith(other.getKey()) || (other.getKey().startsWith("<") && page.startsWith(other.getKey()))) {
                return other.getValue();
            }
        }
        return null;
    }
}
