package dev.headstart.cli.recipe;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// A TOML file (version 1.0) as the JSON it means; dates and numbers that JSON does not have become their text.
record Toml(Json.Obj root, TomlParseResult parsed) {
    static Toml parse(Path file, String text) throws IOException {
        try {
            TomlParseResult parsed = org.tomlj.Toml.parse(text, org.tomlj.TomlVersion.V1_0_0);
            if (parsed.hasErrors()) {
                TomlParseError first = parsed.errors().getFirst();
                String what = String.valueOf(first.getMessage()).lines().findFirst().orElse("it is no TOML");
                throw new RecipeSyntaxException(file + ", line " + first.position().line() + ": " + what);
            }
            return new Toml(object(parsed), parsed);
        } catch (StackOverflowError e) {
            throw new RecipeSyntaxException(file + ": arrays or tables are nested too deeply", e);
        }
    }

    /// The line of a key; 0 where the parser does not tell it.
    int line(List<String> path) {
        @Nullable
        TomlPosition position = parsed.inputPositionOf(path);
        return position == null ? 0 : position.line();
    }

    private static Json.Obj object(TomlTable table) {
        Map<String, Json> members = new LinkedHashMap<>();
        table.entrySet().forEach(entry -> members.put(entry.getKey(), value(entry.getValue())));
        return new Json.Obj(members);
    }

    private static Json value(Object value) {
        return switch (value) {
            case TomlTable table -> object(table);
            case TomlArray array -> {
                List<Json> items = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    items.add(value(array.get(i)));
                }
                yield new Json.Arr(items);
            }
            case Boolean flag -> Json.of(flag);
            case Long number -> Json.of(number);
            case Double number when Double.isFinite(number) -> Json.of(number);
            default -> Json.of(value.toString());
        };
    }
}
