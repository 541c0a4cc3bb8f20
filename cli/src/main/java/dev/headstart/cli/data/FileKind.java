package dev.headstart.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a file or folder is by its first bytes, for those who gave one for another: a picture as a table, a table as a network.
///
/// @param name what it is
/// @param remedy how it is given
public record FileKind(String name, String remedy) {
    private static final int LOOKED_AT = 512;
    private static final String CONVERT = "write it as CSV, in UTF-8";
    private static final FileKind PICTURE = new FileKind("a picture",
            "images are given by --data: a folder with a folder of pictures for each class");
    private static final FileKind PICTURES = new FileKind("a folder of pictures", "images are given by --data");
    private static final FileKind WEIGHTS = new FileKind("a weight file", "networks are given by --from");
    private static final FileKind NETWORK = new FileKind("the folder of a network", "networks are given by --from");

    /// Refuses what is plainly no table, and no text either.
    ///
    /// @throws IOException when it is something else: it is named
    static void demandTable(Path file) throws IOException {
        refuse(file, Files.isDirectory(file) ? ofFolder(file) : ofFile(file), "a table of texts");
    }

    /// Refuses what is plainly no file of images. Folders and tables may be.
    ///
    /// @throws IOException when it is something else: it is named
    static void demandImages(Path data) throws IOException {
        FileKind found = Files.isDirectory(data) ? ofFolder(data) : ofFile(data);
        refuse(data, found == PICTURES ? null : found, "a file or folder of images");
    }

    /// Refuses what is plainly no network.
    ///
    /// @throws IOException when it is something else: it is named
    public static void demandNetwork(Path from) throws IOException {
        FileKind found = Files.isDirectory(from) ? ofFolder(from) : ofFile(from);
        if (found == null && from.toString().matches("(?i).*\\.(csv|tsv|jsonl|txt)(\\.gz)?") && Files.isRegularFile(from)) {
            found = new FileKind("a table or a text", "tables are given by --csv or --data");
        }
        refuse(from, found == WEIGHTS || found == NETWORK || (found != null && found.remedy.equals(CONVERT)) ? null : found, "a network");
    }

    private static void refuse(Path file, @Nullable FileKind found, String wanted) throws IOException {
        if (found != null) {
            throw new IOException(file + ": this is " + found.name + ", and " + wanted + " is needed: " + found.remedy);
        }
    }

    private static @Nullable FileKind ofFolder(Path folder) throws IOException {
        for (String name : new String[] {"model.safetensors", "pytorch_model.bin", "encoder.safetensors", "classifier.safetensors"}) {
            if (Files.exists(folder.resolve(name))) {
                return NETWORK;
            }
        }
        try (Stream<Path> inside = Files.walk(folder, 3)) {
            return inside.limit(1000).anyMatch(file -> file.toString().matches("(?i).*\\.(png|jpe?g)")) ? PICTURES : null;
        }
    }

    private static @Nullable FileKind ofFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null; // said where it is opened
        }
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(LOOKED_AT);
        }
        if (begins(head, "89504e47") || begins(head, "ffd8ff") || begins(head, "47494638") || begins(head, "52494646")) {
            return PICTURE;
        }
        if (isSafeTensors(head, Files.size(file)) || begins(head, "89484446") || begins(head, "80025d71") || begins(head, "80028a0a")) {
            return WEIGHTS;
        }
        if (begins(head, "504b0304")) {
            return text(head).contains("[Content_Types].xml") ? new FileKind("an Excel or Word document", CONVERT) : WEIGHTS;
        }
        return document(head);
    }

    private static @Nullable FileKind document(byte[] head) {
        if (begins(head, "25504446")) {
            return new FileKind("a PDF", CONVERT);
        }
        if (begins(head, "d0cf11e0")) {
            return new FileKind("an Excel or Word document", CONVERT);
        }
        if (begins(head, "50415231") || begins(head, "4152524f5731")) {
            return new FileKind("Parquet or Arrow", CONVERT + " (pandas: read_parquet, to_csv)");
        }
        return begins(head, "53514c6974652066") ? new FileKind("an SQLite database", CONVERT) : null;
    }

    /// Eight bytes of a header's length, and the brace it begins with.
    private static boolean isSafeTensors(byte[] head, long size) {
        return head.length > 8 && head[8] == '{' && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(0) > 0
                && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(0) <= size - 8;
    }

    private static boolean begins(byte[] head, String signature) {
        byte[] wanted = HexFormat.of().parseHex(signature);
        return head.length >= wanted.length && Arrays.equals(head, 0, wanted.length, wanted, 0, wanted.length);
    }

    private static String text(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1);
    }
}
