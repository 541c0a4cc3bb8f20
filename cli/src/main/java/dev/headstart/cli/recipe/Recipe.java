package dev.headstart.cli.recipe;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The options of a command, in a file: TOML, or JSON when it begins with `{`.
///
/// ```
/// command = "finetune"
/// from = "bert"
/// [texts]
/// csv = "news.csv"
/// text-column = ["title", "body"]
/// ```
///
/// A key is an option's long name, or a positional parameter's name. A table groups keys for the reader: its name means nothing.
///
/// @param file the recipe
/// @param command what it is for, if it says so
/// @param entries its keys, in the order written
public record Recipe(Path file, @Nullable Entry command, List<Entry> entries) {
    private static final String COMMAND = "command";
    private static final long MOST_BYTES = 1 << 20;

    public Recipe {
        entries = List.copyOf(entries);
    }

    /// A key and its value.
    ///
    /// @param path the key and the tables around it, with dots: `texts.csv`
    /// @param key its last part
    /// @param line in the file, from 1; 0 where that is not known (JSON)
    public record Entry(String path, String key, Json value, int line) {}

    /// Reads a recipe, without knowing options.
    ///
    /// @throws IOException when it is not there, longer than a megabyte, or neither TOML nor JSON
    public static Recipe read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": this is a folder, a recipe is a TOML or JSON file");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + ": it has " + Files.size(file) + " bytes: a recipe has at most " + MOST_BYTES);
        }
        String text = text(file);
        Json.Obj root;
        Function<List<String>, Integer> lines;
        if (text.stripLeading().startsWith("{") || file.toString().endsWith(".json")) {
            root = json(file, text);
            lines = path -> 0;
        } else {
            Toml toml = Toml.parse(file, text);
            root = toml.root();
            lines = toml::line;
        }
        List<Entry> entries = new ArrayList<>();
        collect(root, List.of(), lines, entries);
        Optional<Entry> command = entries.stream().filter(entry -> entry.path.equals(COMMAND)).findFirst();
        command.ifPresent(entries::remove);
        return new Recipe(file, command.orElse(null), entries);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new RecipeSyntaxException(file + ": it is no UTF-8 text: a recipe is a TOML or JSON file", e);
        }
    }

    private static Json.Obj json(Path file, String text) throws IOException {
        try {
            if (Json.parse(text) instanceof Json.Obj object) {
                return object;
            }
        } catch (IOException e) {
            throw new RecipeSyntaxException(file + ": " + e.getMessage(), e);
        }
        throw new RecipeSyntaxException(file + ": a recipe in JSON is an object");
    }

    private static void collect(Json.Obj table, List<String> outer, Function<List<String>, Integer> lines, List<Entry> entries) {
        for (Map.Entry<String, Json> member : table.members().entrySet()) {
            List<String> path = new ArrayList<>(outer);
            path.add(member.getKey());
            if (member.getValue() instanceof Json.Obj inner) {
                collect(inner, path, lines, entries);
            } else {
                entries.add(new Entry(String.join(".", path), member.getKey(), member.getValue(), lines.apply(path)));
            }
        }
    }

    /// Where an entry stands, and what is wrong with it.
    String complaint(Entry entry, String sentence) {
        return file + (entry.line > 0 ? ", line " + entry.line : "") + ": " + shown(entry.path) + ": "
                + shown(sentence);
    }

    /// A text whose control characters, line ends among them, stand as Java writes them.
    private static String shown(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", c) : Character.toString(c))
                .collect(Collectors.joining());
    }
}
