package dev.headstart.task.folder;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.io.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Tokenizers as people have them: a `tokenizer.json`, a folder, or a bare WordPiece vocabulary.
public final class Tokenizers {
    private static final List<String> FILES = List.of("tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt",
            "special_tokens_map.json");

    private static final String SETTINGS = "tokenizer_config.json";
    private static final String CLASS = "tokenizer_class";
    private static final Map<String, String> CLASSES = Map.of("roberta", "RobertaTokenizer", "gpt2", "GPT2Tokenizer");
    private static final String LOWER_CASE = "do_lower_case";
    private static final String MAX_LENGTH = "model_max_length";

    private Tokenizers() {}

    /// Opens a tokenizer, as [Tokenizer#open].
    ///
    /// @throws IOException when there is none, or it cannot be read
    public static Tokenizer open(Path path) throws IOException {
        if (Files.isDirectory(path) && files(path).isEmpty()) {
            throw new MissingFileException(MissingFileException.Kind.TOKENIZER,
                    path + ": there is no tokenizer in this folder: none of " + String.join(", ", FILES));
        }
        return Tokenizer.open(path);
    }

    /// Refuses a tokenizer with tokens for which a network has no vector.
    ///
    /// @param path of the tokenizer
    /// @param rows of the network's table of tokens
    /// @throws IOException when there are any: they are named
    public static Tokenizer demandRows(Tokenizer tokenizer, Path path, int rows) throws IOException {
        List<String> beyond = tokenizer.beyond(rows);
        if (!beyond.isEmpty()) {
            throw new IOException(path + ": the tokenizer has " + tokenizer.vocabularySize() + " tokens, the network " + rows + ": "
                    + String.join(", ", beyond.subList(0, Math.min(10, beyond.size()))) + (beyond.size() > 10 ? ", …" : "")
                    + (beyond.size() == 1 ? " has" : " have") + " no vector. Give the tokenizer that the network was "
                    + "trained with, or resize the network's table of tokens (in transformers: resize_token_embeddings)");
        }
        return tokenizer;
    }

    /// What [#open] guesses of a tokenizer: sentences, none in most cases, or where there is no tokenizer.
    ///
    /// @throws IOException when a file cannot be read
    public static List<String> guesses(Path path) throws IOException {
        return Files.isDirectory(path) && files(path).isEmpty() ? List.of() : Tokenizer.guesses(path);
    }

    /// Writes a tokenizer's files into a model's folder, so that [#open] of the folder gives the same tokenizer.
    public static void save(Path from, Path folder) throws IOException {
        if (Files.isDirectory(from)) {
            for (Path file : files(from)) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            saveClass(from, folder);
        } else if (from.toString().endsWith(".txt")) {
            Files.copy(from, folder.resolve("vocab.txt"), StandardCopyOption.REPLACE_EXISTING);
            saveCase(from, folder);
        } else {
            Files.copy(from, folder.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
            for (Path settings : settings(from)) {
                Files.copy(settings, folder.resolve(SETTINGS), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /// Writes the settings beside a plain WordPiece vocabulary, with the guessed case of texts where they name none, so that a vocabulary of
    /// fewer tokens is read alike.
    ///
    /// @param vocabulary a `vocab.txt` with all its tokens
    public static void saveCase(Path vocabulary, Path folder) throws IOException {
        Json.Builder all = Json.object();
        boolean told = false;
        for (Path file : settings(vocabulary)) {
            if (json(file) instanceof Json.Obj known) {
                told = known.find(LOWER_CASE) instanceof Json.Bool;
                known.members().forEach((name, value) -> {
                    if (!name.equals(LOWER_CASE) || value instanceof Json.Bool) {
                        all.put(name, value);
                    }
                });
            }
        }
        (told ? all : all.put(LOWER_CASE, !WordPiece.hasUpperCase(vocabulary))).build().write(folder.resolve(SETTINGS));
    }

    /// The settings that a file follows: those beside it, if it has the name it has in a model's folder.
    private static List<Path> settings(Path file) {
        Path settings = file.resolveSibling(SETTINGS);
        boolean follows = file.endsWith("vocab.txt") || file.endsWith("tokenizer.json");
        return follows && Files.exists(settings) ? List.of(settings) : List.of();
    }

    /// Writes down whose byte-level pairs they are, where only the configuration of the model they came with says it.
    private static void saveClass(Path from, Path folder) throws IOException {
        Path config = from.resolve("config.json");
        Path settings = folder.resolve(SETTINGS);
        boolean told = Files.exists(settings) && json(settings) instanceof Json.Obj known && known.find(CLASS) != null;
        if (Files.exists(folder.resolve("merges.txt")) && !told && Files.exists(config) && json(config) instanceof Json.Obj model
                && model.find("model_type") instanceof Json.Str(String type) && CLASSES.containsKey(type)) {
            Json.Builder all = Json.object();
            if (Files.exists(settings) && json(settings) instanceof Json.Obj known) {
                known.members().forEach(all::put);
            }
            all.put(CLASS, CLASSES.getOrDefault(type, "")).build().write(settings);
        }
    }

    /// Writes a tokenizer's files, and the length to which the model beside it cuts texts.
    public static void save(Path from, Path folder, int maxLength) throws IOException {
        save(from, folder);
        Path file = folder.resolve(SETTINGS);
        Json.Builder settings = Json.object();
        if (Files.exists(file) && json(file) instanceof Json.Obj known) {
            known.members().forEach((name, value) -> {
                if (!name.equals(MAX_LENGTH)) {
                    settings.put(name, value);
                }
            });
        }
        settings.put(MAX_LENGTH, maxLength).build().write(file);
    }

    /// How many tokens of a text the model in a folder looks at, if `model_max_length` in its `tokenizer_config.json` says so. Other programs write
    /// 10³⁰ there when they do not know.
    public static OptionalInt maxLength(Path folder) throws IOException {
        Path file = folder.resolve(SETTINGS);
        return Files.exists(file) && json(file) instanceof Json.Obj known && known.find(MAX_LENGTH) instanceof Json.Int(long most)
                && most >= 2
                && most < Integer.MAX_VALUE ? OptionalInt.of((int) most) : OptionalInt.empty();
    }

    private static Json json(Path file) throws IOException {
        try {
            return Json.read(file);
        } catch (JsonException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// The files a tokenizer is made of.
    public static List<Path> files(Path path) {
        return Files.isDirectory(path)
                ? FILES.stream().map(path::resolve).filter(Files::exists).toList()
                : Stream.concat(Stream.of(path), settings(path).stream()).toList();
    }
}
