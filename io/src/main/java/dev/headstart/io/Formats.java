package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.WeightFormat;
import dev.headstart.io.hdf5.Hdf5Format;
import dev.headstart.io.hdf5.KerasArchive;
import dev.headstart.io.numpy.NpyFormat;
import dev.headstart.io.numpy.NpzFormat;
import dev.headstart.io.pytorch.PyTorchLegacy;
import dev.headstart.io.pytorch.PyTorchZip;
import dev.headstart.io.safetensors.SafeTensorsFormat;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ArchiveFormat;
import dev.headstart.io.zip.ZipArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds a weight file's format by its content. A file that is something else is called by its name, with the formats that are read.
final class Formats {
    /// The formats recognised by a file's head, in the order in which messages name them. No head is recognised by two of them, so that the
    /// order decides nothing else. An explicit list: service lookup differs between class path, modules and OSGi.
    static final List<WeightFormat> FORMATS = List.of(new SafeTensorsFormat(), new PyTorchLegacy(), new Hdf5Format(), new NpyFormat());
    /// The formats recognised by the members of a zip file, the one that demands most first: the first that recognises a file reads it, and
    /// the last takes every archive that has an array, or no member.
    static final List<ArchiveFormat> IN_ZIP = List.of(new PyTorchZip(), new KerasArchive(), new NpzFormat());
    /// The formats read, for messages.
    static final String READ = Stream.concat(FORMATS.stream().map(WeightFormat::name), IN_ZIP.stream().map(ArchiveFormat::name))
            .distinct().collect(Collectors.joining(", "));

    private static final int TAR_MARK = 257;
    private static final int TFLITE_MARK = 4;
    private static final int MOST_VERSIONS = 32;

    /// Tags of the fields 2 to 8 of ONNX's messages, and of field 2 of a SavedModel.
    private static final String FIELDS = "\u0012\u001a\"(2:B";
    private static final String ONNX = "an ONNX model, a graph: take the weights it was made of, or in Python: "
            + "safetensors.numpy.save_file({t.name: onnx.numpy_helper.to_array(t).copy() for t in onnx.load('FILE').graph.initializer}, "
            + "'weights.safetensors')";

    /// What files begin with that are no weights we read, or are something else by mistake.
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    static {
        for (char protocol = 2; protocol <= 5; protocol++) {
            OTHERS.put("\u0080" + protocol, "a Python pickle, but none that torch.save writes by default: save it again with torch.save");
        }
        OTHERS.put("GGUF", "a GGUF file, whose weights are packed for llama.cpp: take the original's safetensors, or in Python: "
                + "transformers.AutoModel.from_pretrained('.', gguf_file='FILE').save_pretrained('folder')");
        OTHERS.put("tjgg", "a GGML file: take the original's safetensors");
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
    static Weights open(Disk disk, Path path) throws IOException {
        Path file = disk.is(Disk.Kind.FOLDER, path) ? Shards.in(disk, path) : path;
        try (Source source = Source.open(disk, file, WeightFile.state(disk, file))) {
            byte[] head = source.head(WeightFormat.HEAD);
            return Shards.matches(head) ? Shards.open(source) : new WeightFile(source, read(source, head));
        }
    }

    /// The contents of an open file that begins so.
    static Contents read(Source source, byte[] head) throws IOException {
        for (WeightFormat format : FORMATS) {
            if (format.recognises(head)) {
                return format.read(source);
            }
        }
        if (ZipArchive.matches(head)) {
            return zip(ZipArchive.read(source));
        }
        String other = Shards.matches(head) ? "JSON, not a weight file" : other(head);
        String known = other == null ? SavedModels.checkpoint(source) : other;
        if (known != null) {
            String named = known.replace("FILE", String.valueOf(source.file().getFileName()));
            throw new WeightFormatException(source.file(), 0, "this is " + named + " (the formats read are " + READ + ")", null);
        }
        return unmarked(source);
    }

    private static Contents zip(ZipArchive archive) throws IOException {
        for (ArchiveFormat format : IN_ZIP) {
            if (format.recognises(archive)) {
                return format.read(archive);
            }
        }
        String first = archive.members().keySet().iterator().next();
        throw new WeightFormatException(archive.source().file(), 0, "this is a zip file that holds no weights (the first member is "
                + Source.abridged(first) + "; the formats read are " + READ + ")", null);
    }

    /// A file that begins with no format's mark is taken for a damaged one of the format that has none.
    private static Contents unmarked(Source source) throws IOException {
        for (WeightFormat format : FORMATS) {
            Contents contents = format.lastResort(source, " (the formats read are " + READ + ")");
            if (contents != null) {
                return contents;
            }
        }
        throw new AssertionError("one format has no mark");
    }

    /// Whether a file begins as ONNX's and TensorFlow's messages: field 1 is a version, and one of those that may follow comes next.
    private static boolean isProtobuf(byte[] head) {
        return head.length > 2 && head[0] == 8 && head[1] > 0 && head[1] < MOST_VERSIONS && FIELDS.indexOf(head[2]) >= 0;
    }

    private static @Nullable String other(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("ustar", TAR_MARK)) {
            return "a tar file (PyTorch's first form, or another): save it again with torch.save";
        }
        if (text.startsWith("TFL3", TFLITE_MARK)) {
            return "a TensorFlow Lite model: take the Keras model that it was made of";
        }
        if (isProtobuf(head)) {
            return head[1] == 1 ? SavedModels.GRAPH : ONNX;
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
