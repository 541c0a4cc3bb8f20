package dev.headstart.io.text;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The files tokenizers come in.
final class TokenizerFiles {
    /// Beyond any published one; a greater file is refused before it is read.
    static final int MAX_BYTES = 256 << 20;

    private static final List<String> NAMES = List.of("tokenizer.json", "vocab.txt");

    private TokenizerFiles() {}

    /// Opens a `tokenizer.json` or a model's folder.
    static Tokenizer open(Path path) throws IOException {
        if (!Disk.real().is(Disk.Kind.FOLDER, path)) {
            return file(path);
        }
        if (exists(path.resolve("tokenizer.json"))) {
            return TokenizerJson.read(path.resolve("tokenizer.json"), TokenizerSettings.of(path).lowerCase());
        }
        if (exists(path.resolve("added_tokens.json"))) {
            throw new TokenizerFormatException(path.resolve("added_tokens.json"),
                    "is not read beside a plain vocabulary: save the tokenizer as tokenizer.json");
        }
        TokenizerSettings settings = TokenizerSettings.of(path);
        if (exists(path.resolve("vocab.txt"))) {
            return settings.wordPiece(path.resolve("vocab.txt"));
        }
        if (exists(path.resolve("vocab.json")) && exists(path.resolve("merges.txt"))) {
            return settings.bytePairs(path.resolve("vocab.json"), path.resolve("merges.txt"));
        }
        throw new TokenizerFormatException(path,
                "holds no tokenizer: neither tokenizer.json, nor vocab.txt, nor vocab.json and merges.txt");
    }

    /// A file follows the settings beside it, as its folder does.
    private static Tokenizer file(Path path) throws IOException {
        Path home = home(path);
        if (path.toString().endsWith(".txt")) {
            return home == null ? WordPiece.guessed(path) : TokenizerSettings.of(home).wordPiece(path);
        }
        return TokenizerJson.read(path, home == null ? null : TokenizerSettings.of(home).lowerCase());
    }

    /// The folder whose settings hold for a tokenizer: itself, or the one of a file that has the name it has in a model's folder; null for
    /// other files.
    static @Nullable Path home(Path path) throws IOException {
        if (Disk.real().is(Disk.Kind.FOLDER, path)) {
            return path;
        }
        Path name = path.getFileName();
        return name != null && NAMES.contains(name.toString()) ? path.toAbsolutePath().getParent() : null;
    }

    /// The lines of a UTF-8 file, without their ends.
    static List<String> lines(Path file) throws IOException {
        String text = text(file);
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length();) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            lines.add(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end));
            from = end + 1;
        }
        return lines;
    }

    /// The value in a JSON file.
    static Json json(Path file) throws IOException {
        check(file, Disk.real().demand(file).size());
        return Json.read(file);
    }

    private static String text(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Source.stream(Disk.real(), file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        check(file, bytes.length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            TokenizerFormatException refused = new TokenizerFormatException(file, notUtf8(bytes));
            refused.initCause(e);
            throw refused;
        }
    }

    /// Where the first bytes are that are no UTF-8.
    private static String notUtf8(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true);
        long line = 1 + IntStream.range(0, in.position()).filter(i -> bytes[i] == '\n').count();
        return "line " + line + " is not UTF-8 text (byte 0x" + HexFormat.of().withUpperCase().toHexDigits(bytes[in.position()])
                + "): save the file as UTF-8";
    }

    static boolean exists(Path path) throws IOException {
        return Disk.real().exists(path);
    }

    private static void check(Path file, long size) throws TokenizerFormatException {
        if (size > MAX_BYTES) {
            throw new TokenizerFormatException(file, "has more than the " + MAX_BYTES + " bytes a tokenizer may have");
        }
    }
}
