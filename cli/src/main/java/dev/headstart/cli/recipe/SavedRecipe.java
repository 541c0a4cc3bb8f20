package dev.headstart.cli.recipe;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// The options a command was given, on the command line or by a recipe, as the recipe that does the same again.
///
/// Paths inside the run's folder are written as seen from it, so that the folder can be moved; all others are absolute. What was not given
/// is not written: it is the command's default, or found from the data. Nor is what changes no bit, such as `--threads`.
public final class SavedRecipe {
    private static final Set<String> HOW_TO_START = Set.of("--restart", "--debug", "--threads", "--kernels");

    private final String command;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private SavedRecipe(String command) {
        this.command = command;
    }

    /// What a command that is running was given.
    public static SavedRecipe of(CommandSpec command) {
        SavedRecipe saved = new SavedRecipe(command.name());
        ParseResult own = command.commandLine().getParseResult();
        Set<String> given = new HashSet<>();
        own.matchedOptions().forEach(option -> given.add(option.longestName()));
        @Nullable
        CommandSpec parent = command.parent();
        if (parent != null) {
            parent.commandLine().getParseResult().matchedOptions().forEach(option -> given.add(option.longestName()));
        }
        for (PositionalParamSpec positional : own.matchedPositionals()) {
            saved.values.put(RecipeArguments.name(positional), positional.getValue());
        }
        for (OptionSpec option : command.options()) {
            String name = option.longestName();
            if (given.contains(name) && !HOW_TO_START.contains(name)
                    && !RecipeArguments.NOT_IN_RECIPES.contains(name)) {
                saved.values.put(RecipeArguments.name(option), option.getValue());
            }
        }
        return saved;
    }

    /// Writes `recipe.json` into a run's folder, which is made when it is not there.
    public void write(Path folder) throws IOException {
        Json.Builder json = Json.object().put("command", command);
        values.forEach((name, value) -> json.put(name, json(value, folder.toAbsolutePath().normalize())));
        json.build().write(Files.createDirectories(folder).resolve(RecipeExpansion.SAVED));
    }

    private static Json json(Object value, Path folder) {
        return switch (value) {
            case Path path -> Json.of(path(path.toAbsolutePath().normalize(), folder));
            case Collection<?> items -> new Json.Arr(items.stream().map(item -> json(item, folder)).toList());
            case Boolean flag -> Json.of(flag);
            case Integer number -> Json.of(number);
            case Long number -> Json.of(number);
            case Number number -> Json.numberOrNull(Double.parseDouble(number.toString()));
            case Enum<?> constant -> Json.of(RecipeArguments.word(constant));
            default -> Json.of(value.toString());
        };
    }

    private static String path(Path path, Path folder) {
        if (!path.startsWith(folder)) {
            return path.toString();
        }
        return path.equals(folder) ? "." : folder.relativize(path).toString();
    }
}
