package dev.headstart.cli.recipe;

import dev.headstart.cli.help.OptionGroups;
import dev.headstart.io.json.Json;
import dev.headstart.task.data.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// A recipe as arguments of its command, checked against the command's options: every key is one of them, and of its kind.
///
/// Paths are taken from the recipe's folder.
public final class RecipeArguments {
    /// Options that say how to start, not what to do.
    static final Set<String> NOT_IN_RECIPES = Set.of("--recipe", "--resume", "--help", "--version");

    private final Recipe recipe;
    private final CommandSpec command;
    private final List<String> positionals = new ArrayList<>();
    private final List<String> options = new ArrayList<>();

    private RecipeArguments(Recipe recipe, CommandSpec command) {
        this.recipe = recipe;
        this.command = command;
    }

    /// The arguments that are not given already, positional parameters first.
    ///
    /// @param arguments the command line after the command: what it gives is left out
    /// @throws ParameterException when a key or a value is none of the command's
    public static List<String> of(Recipe recipe, CommandSpec command, List<String> arguments) {
        RecipeArguments made = new RecipeArguments(recipe, command);
        Given given = Given.in(arguments, command);
        Map<String, String> seen = new HashMap<>();
        for (Recipe.Entry entry : recipe.entries()) {
            ArgSpec spec = made.spec(entry);
            @Nullable
            String before = seen.putIfAbsent(entry.key(), entry.path());
            if (before != null) {
                throw made.refusal(entry, "the same is given as " + before);
            }
            List<String> values = made.values(entry, spec);
            if (spec instanceof OptionSpec option) {
                if (!given.options().contains(option.longestName())) {
                    values.forEach(value -> made.options.add(option.longestName() + "=" + value));
                }
            } else if (!given.positional()) {
                made.positionals.addAll(values);
            }
        }
        return Stream.concat(made.positionals.stream(), made.options.stream()).toList();
    }

    /// The command a recipe names.
    ///
    /// @param chosen the command of the command line, if there is one
    public static String command(Recipe recipe, CommandSpec root, @Nullable String chosen) {
        Recipe.Entry entry = recipe.command();
        RecipeArguments names = new RecipeArguments(recipe, root);
        if (entry == null) {
            if (chosen == null) {
                throw new ParameterException(root.commandLine(), recipe.file() + ": which command is it for? Write command = \"finetune\" "
                        + "into it, or name the command before --recipe");
            }
            return chosen;
        }
        List<String> known = List.copyOf(root.subcommands().keySet());
        if (!(entry.value() instanceof Json.Str(String name))) {
            throw names.refusal(entry, "a command is a text, this is " + kind(entry.value()));
        }
        if (!known.contains(name)) {
            throw names.refusal(entry, "there is no command '" + name + "'" + hint(name, known));
        }
        if (chosen != null && !chosen.equals(name)) {
            throw names.refusal(entry, "the recipe is for " + name + ", the command line says " + chosen);
        }
        return name;
    }

    // ---- keys ----

    private ArgSpec spec(Recipe.Entry entry) {
        Map<String, ArgSpec> known = known(command);
        @Nullable
        ArgSpec spec = known.get(entry.key());
        if (spec == null) {
            String hint = hint(entry.key().replace('_', '-'), List.copyOf(known.keySet()));
            throw refusal(entry, command.name() + " has no such option" + hint);
        }
        return spec;
    }

    /// What a recipe of this command may say: long names of options without their dashes, names of positional parameters.
    static Map<String, ArgSpec> known(CommandSpec command) {
        Map<String, ArgSpec> known = new HashMap<>();
        for (OptionSpec option : command.options()) {
            if (!NOT_IN_RECIPES.contains(option.longestName())) {
                Arrays.stream(option.names()).filter(name -> name.startsWith("--"))
                        .forEach(name -> known.put(name.substring(2), option)); // older names too
            }
        }
        for (PositionalParamSpec positional : command.positionalParameters()) {
            known.put(name(positional), positional);
        }
        return known;
    }

    /// `--steps` is `steps` in a recipe.
    static String name(OptionSpec option) {
        return OptionGroups.name(option).replaceFirst("^-+", "");
    }

    /// `WEIGHTS` is `weights` in a recipe.
    static String name(PositionalParamSpec positional) {
        return positional.paramLabel().toLowerCase(Locale.ROOT).replaceAll("[^a-z-]", "");
    }

    private static String hint(String name, List<String> known) {
        Optional<String> near = Names.nearest(name, known);
        return near.map(n -> ": did you mean '" + n + "'?").orElse("");
    }

    private ParameterException refusal(Recipe.Entry entry, String sentence) {
        return new ParameterException(command.commandLine(), recipe.complaint(entry, sentence));
    }

    // ---- values ----

    private List<String> values(Recipe.Entry entry, ArgSpec spec) {
        if (!(entry.value() instanceof Json.Arr(List<Json> items))) {
            return List.of(value(entry, spec, entry.value()));
        }
        if (!spec.isMultiValue()) {
            throw refusal(entry, "one value is needed, this is an array");
        }
        return items.stream().map(item -> value(entry, spec, item)).toList();
    }

    private String value(Recipe.Entry entry, ArgSpec spec, Json value) {
        Class<?> type = spec.isMultiValue() ? spec.auxiliaryTypes()[0] : spec.type();
        Optional<String> text = switch (value) {
            case Json.Bool(boolean flag) when isOneOf(type, boolean.class, Boolean.class) -> Optional.of(String.valueOf(flag));
            case Json.Int(long number) when isOneOf(type, int.class, Integer.class) && number == (int) number ->
                    Optional.of(String.valueOf(number));
            case Json.Int(long number) when isOneOf(type, int.class, Integer.class) ->
                    throw refusal(entry, "the number " + number + " is too large: at most " + Integer.MAX_VALUE + " is possible");
            case Json.Int(long number) when isOneOf(type, long.class, Long.class, String.class) || isReal(type) ->
                    Optional.of(String.valueOf(number));
            case Json.Real(double number) when isReal(type) -> Optional.of(String.valueOf(number));
            case Json.Str(String name) when type == Path.class -> Optional.of(path(entry, name));
            case Json.Str(String name) when type == String.class -> Optional.of(name);
            case Json.Str(String name) when type.isEnum() -> Optional.of(constant(entry, type, name));
            default -> Optional.empty();
        };
        return text.orElseThrow(() -> refusal(entry, wanted(type) + " is needed, this is " + kind(value)));
    }

    private static boolean isOneOf(Class<?> type, Class<?>... types) {
        return Arrays.asList(types).contains(type);
    }

    private static boolean isReal(Class<?> type) {
        return isOneOf(type, double.class, Double.class, float.class, Float.class);
    }

    private String path(Recipe.Entry entry, String name) {
        try {
            String path = recipe.file().resolveSibling(name).normalize().toString();
            return path.isEmpty() ? "." : path;
        } catch (IllegalArgumentException e) {
            throw refusal(entry, "this is no path: " + e.getMessage());
        }
    }

    /// The constant's own name, which the command line takes too. Its words may be joined by `-` or `_`.
    private String constant(Recipe.Entry entry, Class<?> type, String name) {
        Map<String, String> known = new LinkedHashMap<>();
        for (Object each : type.getEnumConstants()) {
            known.put(word((Enum<?>) each), ((Enum<?>) each).name());
        }
        @Nullable
        String constant = known.get(name.toLowerCase(Locale.ROOT).replace('_', '-'));
        if (constant == null) {
            throw refusal(entry, "'" + name + "' is none of " + String.join(", ", known.keySet())
                    + hint(name, List.copyOf(known.keySet())));
        }
        return constant;
    }

    /// `ONE_CYCLE` is `one-cycle` in a recipe.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String wanted(Class<?> type) {
        if (isReal(type)) {
            return "a number";
        }
        return isOneOf(type, boolean.class, Boolean.class)
                ? "true or false"
                : isOneOf(type, int.class, Integer.class)
                        ? "a whole number"
                        : isOneOf(type, long.class, Long.class) ? "a whole number" : type == Path.class ? "a path in quotes" : "a text";
    }

    private static String kind(Json value) {
        return switch (value) {
            case Json.Obj _ -> "a table";
            case Json.Arr _ -> "an array";
            case Json.Str(String text) -> "the text '" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
            case Json.Int(long number) -> "the number " + number;
            case Json.Real(double number) -> "the number " + number;
            case Json.Bool(boolean flag) -> String.valueOf(flag);
            case Json.Null _ -> "null";
        };
    }

    /// What a command line gives.
    ///
    /// @param options long names
    /// @param positional whether there are positional parameters
    private record Given(Set<String> options, boolean positional) {
        static Given in(List<String> arguments, CommandSpec command) {
            Map<String, OptionSpec> byName = command.optionsMap();
            Set<String> options = arguments.stream().filter(a -> a.startsWith("-")).map(a -> byName.get(a.replaceFirst("=.*", "")))
                    .filter(option -> option != null).map(OptionSpec::longestName).collect(Collectors.toSet());
            boolean positional = false;
            int at = 0;
            while (at < arguments.size() && !positional) {
                @Nullable
                OptionSpec option = byName.get(arguments.get(at));
                positional = option == null && !arguments.get(at).startsWith("-");
                int values = option == null ? 0 : Math.min(option.arity().max(), arguments.size() - at);
                at++;
                for (int i = 0; i < values && at < arguments.size() && !arguments.get(at).startsWith("-"); i++) {
                    at++;
                }
            }
            return new Given(options, positional);
        }
    }
}
