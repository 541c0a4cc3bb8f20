package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.architecture.Project;
import dev.headstart.cli.recipe.RecipeExpansion;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.io.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// A recipe says what flags say, and what it cannot say is refused with the path of the key.
class RecipeTest {
    private static CommandLine headstart() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private record Outcome(int code, String err) {}

    private static Outcome run(String... args) {
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
        return new Outcome(code, err.toString());
    }

    private static void refused(Path folder, String name, String recipe, String sentence, String... args) throws IOException {
        Path file = Files.writeString(folder.resolve(name), recipe);
        Outcome outcome = run(Stream.concat(Arrays.stream(args), Stream.of("--recipe", file.toString())).toArray(String[]::new));
        assertEquals(2, outcome.code, outcome.err);
        assertEquals("headstart: " + file + sentence, outcome.err.lines().findFirst().orElse(""));
        assertEquals(2, outcome.err.lines().count(), outcome.err);
    }

    // ---- the same as flags ----

    /// Random values for random options of a command, as flags and as a recipe.
    private record Choice(String command, List<String> flags, Map<String, Json> values) {
        static Choice of(CommandLine headstart, Random random) {
            List<String> names = List.copyOf(headstart.getSubcommands().keySet());
            String command = names.get(random.nextInt(names.size()));
            CommandSpec spec = Objects.requireNonNull(headstart.getSubcommands().get(command)).getCommandSpec();
            List<String> flags = new ArrayList<>();
            Map<String, Json> values = new TreeMap<>();
            for (OptionSpec option : spec.options()) {
                String name = option.longestName();
                boolean ours = !option.hidden() && !List.of("--recipe", "--resume", "--help", "--version").contains(name);
                if (ours && (option.required() || random.nextInt(3) == 0)) {
                    List<Json> some = Stream.generate(() -> value(option, random)).limit(option.isMultiValue() ? 1 + random.nextInt(3) : 1)
                            .toList();
                    some.forEach(each -> flags.add(name + "=" + (each instanceof Json.Str(String text) ? text : each.compact())));
                    values.put(name.substring(2), option.isMultiValue() ? new Json.Arr(some) : some.getFirst());
                }
            }
            if (!spec.positionalParameters().isEmpty()) {
                String label = spec.positionalParameters().getFirst().paramLabel().toLowerCase(Locale.ROOT).replaceAll("[^a-z-]", "");
                flags.add("/some file");
                values.put(label, Json.of("/some file"));
            }
            return new Choice(command, flags, values);
        }

        private static Json value(OptionSpec option, Random random) {
            Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
            if (type == Path.class) {
                return Json.of("/a folder/ü" + random.nextInt(100));
            }
            if (type.isEnum()) {
                return Json.of(((Enum<?>) type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)]).name());
            }
            if (type == boolean.class || type == Boolean.class) {
                return Json.of(random.nextBoolean());
            }
            if (type == String.class) {
                return Json.of("--x \"=" + random.nextInt(100) + "\\");
            }
            boolean whole = type == int.class || type == Integer.class || type == long.class || type == Long.class;
            assertTrue(whole || type == double.class || type == Double.class || type == float.class, option + ": " + type);
            return whole || random.nextBoolean() ? Json.of(1 + random.nextInt(1000)) : Json.of(random.nextDouble());
        }

        /// As JSON, as TOML, or as TOML with its keys in two tables.
        String recipe(int kind) {
            if (kind == 0) {
                Json.Builder json = Json.object().put("command", command);
                values.forEach(json::put);
                return json.build().pretty();
            }
            List<String> lines = new ArrayList<>(List.of("command = '" + command + "'"));
            values.forEach((key, value) -> {
                if (kind == 2 && (lines.size() == 1 || lines.size() == 3)) {
                    lines.add("[table-" + lines.size() + "]");
                }
                lines.add(key + " = " + value.compact());
            });
            return String.join("\n", lines);
        }
    }

    private static Map<String, String> meaning(String... arguments) {
        return meaning(headstart(), arguments);
    }

    private static Map<String, String> meaning(CommandLine headstart, String... arguments) {
        ParseResult parsed = headstart.parseArgs(arguments).subcommand();
        Map<String, String> meaning = new TreeMap<>(Map.of("command", parsed.commandSpec().name()));
        parsed.matchedOptions().forEach(option -> meaning.put(option.longestName(), Objects.toString(option.getValue())));
        parsed.matchedPositionals().forEach(file -> meaning.put(file.paramLabel(), Objects.toString(file.getValue())));
        meaning.remove("--recipe");
        return meaning;
    }

    @Property(tries = 10)
    void a_recipe_means_what_its_flags_mean(@ForAll Random random) throws IOException {
        Path file = Files.createTempFile("recipe", random.nextBoolean() ? ".toml" : "");
        CommandLine headstart = headstart();
        for (int i = 0; i < 30; i++) {
            Choice choice = Choice.of(headstart, random);
            Files.writeString(file, choice.recipe(random.nextInt(3)));
            String[] named = random.nextBoolean()
                    ? new String[] {"--recipe", file.toString()}
                    : new String[] {choice.command, "--recipe=" + file};
            String[] flags = Stream.concat(Stream.of(choice.command), choice.flags.stream()).toArray(String[]::new);
            Map<String, String> meaning = meaning(headstart, flags);
            assertEquals(meaning, meaning(headstart, RecipeExpansion.expand(headstart.getCommandSpec(), named)));
            assertSavedMeans(meaning, headstart, flags);
        }
        Files.delete(file);
    }

    /// What a run would leave means the same, but for how it was started.
    private static void assertSavedMeans(Map<String, String> meaning, CommandLine headstart, String... flags) throws IOException {
        Path folder = Files.createTempDirectory("run");
        SavedRecipe.of(headstart.parseArgs(flags).subcommand().commandSpec()).write(folder);
        Path saved = folder.resolve("recipe.json");
        Map<String, String> expected = new TreeMap<>(meaning);
        expected.keySet().removeAll(Set.of("--restart", "--debug", "--threads", "--kernels"));
        assertEquals(expected,
                meaning(headstart, RecipeExpansion.expand(headstart.getCommandSpec(), "--recipe", saved.toString())));
        Files.delete(saved);
        Files.delete(folder);
    }

    @Test
    void the_command_line_wins(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("r.toml"),
                "command = 'finetune'\nfrom = 'net'\nout = 'o'\nfreeze = ['a', 'b']\nsteps = 3\nseed = 4\nno-header = true\n");
        Map<String,
                String> meaning = meaning(RecipeExpansion.expand(headstart().getCommandSpec(), "--seed", "5", "finetune", "--freeze", "c",
                        "--recipe", file.toString(), "--no-header=false"));
        assertEquals(Map.of("command", "finetune", "--from", folder.resolve("net").toString(), "--out",
                folder.resolve("o").toString(), "--freeze", "[c]", "--steps", "3", "--no-header", "false"), meaning);
        Path rank = Files.writeString(folder.resolve("rank.toml"), "weights = ['a', 'b']\ndata = 'd'\n");
        assertEquals("[" + folder.resolve("a") + ", " + folder.resolve("b") + "]",
                meaning(RecipeExpansion.expand(headstart().getCommandSpec(), "rank", "--recipe", rank.toString())).get("WEIGHTS"));
        assertEquals("[c]", meaning(RecipeExpansion.expand(headstart().getCommandSpec(), "rank", "--recipe", rank.toString(), "c"))
                .get("WEIGHTS"));
    }

    @Test
    void paths_are_taken_from_the_folder_of_the_recipe(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(Files.createDirectory(folder.resolve("recipes")).resolve("r.json"),
                "{\"from\": \"../net\", \"out\": \".\", \"data\": \"/absolute\"}");
        Map<String, String> meaning = meaning(
                RecipeExpansion.expand(headstart().getCommandSpec(), "finetune", "--recipe", file.toString()));
        assertEquals(folder.resolve("net").toString(), meaning.get("--from"));
        assertEquals(folder.resolve("recipes").toString(), meaning.get("--out"));
        assertEquals("/absolute", meaning.get("--data"));
    }

    @Test
    void the_recipes_of_the_documentation_are_understood(@TempDir Path folder) throws IOException {
        String page = Files.readString(Project.root().resolve("docs/recipes.md"));
        Set<String> commands = new TreeSet<>();
        for (MatchResult block : Pattern.compile("```(toml|json)\n(.*?)```", Pattern.DOTALL).matcher(page).results().toList()) {
            Path file = Files.writeString(folder.resolve("r." + block.group(1)), block.group(2));
            commands.add(meaning(RecipeExpansion.expand(headstart().getCommandSpec(), "--recipe", file.toString())).get("command"));
        }
        assertTrue(commands.containsAll(
                Set.of("pretrain", "finetune", "compare", "rank", "features", "evaluate", "generate", "demo", "report")),
                commands.toString());
    }

    // ---- refusals ----

    @Test
    void what_is_wrong_is_told_with_file_line_and_path(@TempDir Path folder) throws IOException {
        String start = "command = 'pretrain'\n[a]\n";
        refused(folder, "r.toml", start + "stepz = 3", ", line 3: a.stepz: pretrain has no such option: did you mean 'steps'?");
        refused(folder, "r.toml", start + "b.checkpoint_every = 3",
                ", line 3: a.b.checkpoint_every: pretrain has no such option: did you mean 'checkpoint-every'?");
        refused(folder, "r.toml", start + "recipe = 'x'", ", line 3: a.recipe: pretrain has no such option");
        refused(folder, "r.toml", start + "steps = 'many'", ", line 3: a.steps: a whole number is needed, this is the text 'many'");
        refused(folder, "r.toml", start + "steps = 3.5", ", line 3: a.steps: a whole number is needed, this is the number 3.5");
        refused(folder, "r.toml", start + "steps = 3000000000",
                ", line 3: a.steps: the number 3000000000 is too large: at most 2147483647 is possible");
        refused(folder, "r.toml", start + "steps = [3]", ", line 3: a.steps: one value is needed, this is an array");
        refused(folder, "r.toml", start + "text = [['x']]", ", line 3: a.text: a path in quotes is needed, this is an array");
        refused(folder, "r.toml", start + "restart = 'yes'", ", line 3: a.restart: true or false is needed, this is the text 'yes'");
        refused(folder, "r.toml", start + "rate = nan", ", line 3: a.rate: a number is needed, this is the text 'NaN'");
        refused(folder, "r.toml", start + "out = 3", ", line 3: a.out: a path in quotes is needed, this is the number 3");
        refused(folder, "r.toml", start + "objective = 'rbn'",
                ", line 3: a.objective: 'rbn' is none of masked, rbm, dbn, autoencoder, denoising, vae, kmeans: did you mean 'rbm'?");
        refused(folder, "r.toml", start + "steps = 3\n[b]\nsteps = 4", ", line 5: b.steps: the same is given as a.steps");
        refused(folder, "r.json", "{\"command\": \"pretrain\", \"a\": {\"steps\": null}}",
                ": a.steps: a whole number is needed, this is null");
        refused(folder, "r.toml", "command = 'pretrane'", ", line 1: command: there is no command 'pretrane': did you mean 'pretrain'?");
        refused(folder, "r.toml", "command = 'pretrain'", ", line 1: command: the recipe is for pretrain, the command line says finetune",
                "finetune");
        refused(folder, "r.toml", "steps = 3",
                ": which command is it for? Write command = \"finetune\" into it, or name the command before "
                        + "--recipe");
    }

    @Test
    void a_file_that_is_no_recipe_is_told_in_one_sentence(@TempDir Path folder) throws IOException {
        assertEquals("headstart: " + folder.resolve("none.toml") + ": there is no such file",
                run("--recipe", folder.resolve("none.toml").toString()).err.strip());
        Path file = folder.resolve("r.toml");
        for (byte[] bytes : List.of("steps = ".getBytes(StandardCharsets.UTF_8), "{\"steps\": }".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xFF}, new byte[(1 << 20) + 1],
                "[".repeat(100_000).getBytes(StandardCharsets.UTF_8), ("a = " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, bytes);
            Outcome outcome = run("--recipe", file.toString());
            assertEquals(bytes.length > 1 << 20 ? 1 : 2, outcome.code, outcome.err);
            assertTrue(outcome.err.startsWith("headstart: " + file), outcome.err);
            assertEquals(outcome.code, outcome.err.lines().count(), outcome.err);
        }
    }

    @Test
    void a_required_option_that_neither_gives_is_still_missed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("r.toml"), "command = 'compare'\nfrom = 'x'\n");
        Outcome outcome = run("--recipe", file.toString());
        assertEquals(2, outcome.code);
        assertTrue(outcome.err.startsWith("headstart: --out DIR is missing"), outcome.err);
    }

    /// Mangled recipes are read, or refused in the two ways there are; nothing else comes out.
    @Property(tries = 10)
    void nonsense_is_refused_and_never_breaks(@ForAll Random random) throws IOException {
        Path file = Files.createTempFile("recipe", random.nextBoolean() ? ".toml" : ".json");
        CommandLine headstart = headstart();
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            Files.writeString(file, mangled(Choice.of(headstart, random).recipe(random.nextInt(3)), random));
            try {
                RecipeExpansion.expand(headstart.getCommandSpec(), "--recipe", file.toString());
            } catch (IOException | ParameterException e) {
                refused++;
                String message = String.valueOf(e.getMessage());
                assertTrue(message.startsWith(file.toString()), message);
                assertEquals(1, message.lines().count(), message);
            }
        }
        assertTrue(refused > 5, "refused " + refused);
        Files.delete(file);
    }

    private static String mangled(String recipe, Random random) {
        StringBuilder text = new StringBuilder(recipe);
        String pieces = "[]{}=\"'\\\n.,#-0e:\u0000é x";
        for (int i = 0; i <= random.nextInt(4); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
                case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(10)));
            }
        }
        return text.toString();
    }

    @Test
    void a_recipe_and_a_folder_to_resume_exclude_each_other() {
        assertThrows(ParameterException.class,
                () -> RecipeExpansion.expand(headstart().getCommandSpec(), "finetune", "--recipe", "a", "--resume", "b"));
        assertTrue(run("--resume", "no such folder").err.contains("no such folder: there is no recipe.json"));
    }
}
