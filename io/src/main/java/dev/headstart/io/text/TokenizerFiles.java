package dev.headstart.io.text;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files tokenizers come in.
final class TokenizerFiles {
    /// Beyond any published one; a greater file is refused before it is read.
    static final int MAX_BYTES = 256 << 20;

    private TokenizerFiles() {}

    /// Opens a `tokenizer.json` or a model's folder.
    static Tokenizer open(Path path) throws IOException {
        if (!Disk.real().is(Disk.Kind.FOLDER, path)) {
            return TokenizerJson.read(path);
        }
        if (exists(path.resolve("tokenizer.json"))) {
            return TokenizerJson.read(path.resolve("tokenizer.json"));
        }
        if (exists(path.resolve("added_tokens.json"))) {
            throw new TokenizerFormatException(path.resolve("added_tokens.json"),
                    "is not read beside a plain vocabulary: save the tokenizer as tokenizer.json");
        }
        Path config = path.resolve("tokenizer_config.json");
        JsonNode settings = new JsonNode(config, "$", exists(config) ? json(config) : Json.object().build());
        if (exists(path.resolve("vocab.txt"))) {
            boolean lowercase = settings.get("do_lower_case").bool(true);
            return WordPiece.open(path.resolve("vocab.txt"), new BertNormalizer(true,
                    settings.get("tokenize_chinese_chars").bool(true), settings.get("strip_accents").bool(lowercase), lowercase));
        }
        if (exists(path.resolve("vocab.json")) && exists(path.resolve("merges.txt"))) {
            return BytePairEncoding.open(path.resolve("vocab.json"), path.resolve("merges.txt"),
                    settings.get("add_prefix_space").bool(false));
        }
        throw new TokenizerFormatException(path,
                "holds no tokenizer: neither tokenizer.json, nor vocab.txt, nor vocab.json and merges.txt");
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
            TokenizerFormatException refused = new TokenizerFormatException(file, "is not UTF-8 text");
            refused.initCause(e);
            throw refused;
        }
    }

    private static boolean exists(Path path) throws IOException {
        return Disk.real().exists(path);
    }

    private static void check(Path file, long size) throws TokenizerFormatException {
        if (size > MAX_BYTES) {
            throw new TokenizerFormatException(file, "has more than the " + MAX_BYTES + " bytes a tokenizer may have");
        }
    }
}
