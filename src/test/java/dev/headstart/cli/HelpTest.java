package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.architecture.Project;
import dev.headstart.cli.help.HelpPages;
import dev.headstart.cli.help.OptionGroups;
import dev.headstart.cli.help.Suggestions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What the command line says of itself.
class HelpTest {
    private record Run(int code, String out, String err) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(code, out.toString(), err.toString());
    }

    private static CommandLine headstart() {
        CommandLine line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        HelpPages.of(line);
        return line;
    }

    private static Stream<CommandSpec> commands() {
        CommandSpec root = headstart().getCommandSpec();
        return Stream.concat(Stream.of(root), root.subcommands().values().stream().map(CommandLine::getCommandSpec));
    }

    /// One line for each option and operand: all its names, what it takes, whether it is needed.
    private static List<String> lines() {
        List<String> lines = new ArrayList<>();
        commands().forEach(command -> {
            Set<String> sorted = new TreeSet<>();
            for (OptionSpec option : command.options()) {
                boolean global = command.parent() != null && command.root().findOption(option.longestName()) != null;
                if (!global) {
                    sorted.add(String.join(" ", new TreeSet<>(List.of(option.names()))) + " " + option.arity()
                            + (option.arity().max() == 0 ? "" : " " + option.paramLabel()) + (option.isMultiValue() ? " several times" : "")
                            + (option.required() ? " required" : "") + (option.hidden() ? " hidden" : ""));
                }
            }
            command.positionalParameters().forEach(operand -> sorted.add("operand " + operand.paramLabel() + " " + operand.arity()));
            sorted.forEach(line -> lines.add(command.qualifiedName() + " " + line));
        });
        return lines;
    }

    /// An option that goes, or takes another thing, breaks somebody's script: this file may be changed knowingly only.
    @Test
    void the_options_are_those_that_were_published() throws IOException {
        Path published = Project.root().resolve("src/test/resources/cli/options.txt");
        assertEquals(String.join("\n", Files.readAllLines(published)), String.join("\n", lines()));
    }

    @Test
    void every_option_has_a_group_and_names_are_shown_once() {
        commands().forEach(command -> {
            List<String> grouped = OptionGroups.of(command).values().stream().flatMap(List::stream).map(OptionSpec::longestName).toList();
            Set<String> visible = command.options().stream().filter(option -> !option.hidden()).map(OptionSpec::longestName)
                    .collect(Collectors.toSet());
            assertEquals(visible, Set.copyOf(grouped), command.name());
            assertEquals(visible.size(), grouped.size(), command.name());
        });
    }

    @Test
    void help_is_wrapped_once_and_its_examples_can_be_copied() {
        int examples = 0;
        for (CommandSpec command : commands().toList()) {
            String help = command.commandLine().getUsageMessage();
            for (String line : help.split("\n")) {
                assertTrue(line.length() <= 80, command.name() + ": " + line);
            }
            assertFalse(help.contains("--model") && command.name().equals("predict"), "older names are not shown");
            String text = help.contains("Examples:") ? help.substring(help.indexOf("Examples:")).replace("\\\n", "") : "";
            for (String line : text.lines().filter(l -> l.startsWith("  headstart ")).toList()) {
                examples++;
                List<String> words = Pattern.compile("'([^']*)'|\\S+").matcher(line.strip().replaceAll("[<|>].*", "")).results()
                        .map(word -> word.group().replace("'", "")).toList();
                CommandLine known = headstart();
                List<String> arguments = words.subList(1, words.size());
                assertTrue(known.getCommandSpec().subcommands().containsKey(arguments.getFirst()), line);
                assertEquals(arguments.getFirst(), known.parseArgs(arguments.toArray(String[]::new)).subcommand().commandSpec().name(),
                        line);
            }
        }
        assertTrue(examples >= 20, "only " + examples + " examples were seen");
    }

    @Test
    void help_and_man_tell_of_every_command() {
        for (String name : headstart().getSubcommands().keySet()) {
            Run help = run("help", name);
            assertEquals(0, help.code, name);
            assertEquals(run(name, "--help").out.strip(), help.out.strip());
            String page = run("man", name).out;
            assertTrue(page.startsWith(".TH \"HEADSTART\\-" + name.toUpperCase(Locale.ROOT) + "\" 1"), page);
            for (OptionSpec option : Objects.requireNonNull(headstart().getSubcommands().get(name)).getCommandSpec().options()) {
                assertEquals(!option.hidden(), page.contains("\n\\fB" + written(option)), option.longestName());
            }
        }
        assertTrue(run("man").out.contains(".SH \"COMMANDS\"\n.TP\n\\fBdemo\\fR\n"));
        Run unknown = run("help", "fintune");
        assertEquals(2, unknown.code);
        assertTrue(unknown.err.startsWith("headstart: 'fintune' is no command: known are demo, pretrain, finetune"), unknown.err);
    }

    private static String written(OptionSpec option) {
        String brief = option.names().length > 1 && !option.names()[0].startsWith("--") ? option.names()[0] + ", " : "";
        return (brief + OptionGroups.name(option)).replace("-", "\\-");
    }

    @Test
    void the_completion_is_a_script_that_knows_commands_and_options() {
        String script = run("completion").out;
        assertTrue(script.startsWith("#!/usr/bin/env bash"), script.substring(0, 40));
        commands().forEach(command -> {
            assertTrue(script.contains(command.name()), command.name());
            command.options().stream().filter(option -> !option.hidden()).forEach(
                    option -> assertTrue(script.contains("'" + option.longestName() + "'"), option.longestName()));
        });
        assertEquals(script, run("completion", "zsh").out);
        assertEquals(2, run("completion", "fish").code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            finetune --form model --csv x.csv --out o    | unknown option '--form'             | --from
            finetune --learning-rate 0.1                 | unknown option '--learning-rate'    | --rate
            finetune --from x --batch_size=3             | unknown option '--batch_size'       | --batch
            finetune --lr 3                              | unknown option '--lr'               | --rate
            predict --dta x                              | unknown option '--dta'              | --data
            compare --output o                           | unknown option '--output'           | --out
            pretrain --num-epochs 3                      | unknown option '--num-epochs'       | --epochs
            probe --neighbors 3 --from x                 | unknown option '--neighbors'        | --neighbours
            doctr                                        | unknown command 'doctr'              | doctor
            """)
    void a_misspelt_option_comes_before_what_is_missing(String line, String sentence, String meant) {
        Run run = run(line.split(" "));
        assertEquals(2, run.code);
        List<String> said = run.err.lines().toList();
        assertEquals(List.of("headstart: " + sentence, "headstart: did you mean " + meant + "?"), said.subList(0, 2));
    }

    @Test
    void what_is_like_nothing_gets_no_suggestion() {
        CommandSpec finetune = Objects.requireNonNull(headstart().getSubcommands().get("finetune")).getCommandSpec();
        assertEquals(Optional.empty(), Suggestions.of(finetune, "--quantum"));
        assertEquals(Optional.empty(), Suggestions.unknown(finetune, List.of("--from", "x", "-3", "--", "--no-option")));
    }

    @Test
    void what_is_missing_is_named_as_help_names_it() {
        assertTrue(run("predict").err.startsWith("headstart: --from PATH is missing"), run("predict").err);
        assertTrue(run("compare").err.startsWith("headstart: --from FILE, --out DIR are missing"), run("compare").err);
        assertTrue(run("finetune", "--from", "x", "--out").err.startsWith("headstart: --out needs a value: DIR"));
        assertTrue(run("demo", "surplus").err.startsWith("headstart: unknown argument 'surplus'"), run("demo", "surplus").err);
    }

    /// The case of recipes that are no TOML: they ended as if something had failed.
    @Test
    void a_recipe_that_is_no_toml_is_a_mistake_of_the_command_line(@TempDir Path folder) throws IOException {
        for (String text : List.of("command = 'demo'\nquick = true\nquick = true\n", "command = 'demo\n", "[a\n", "\u0000")) {
            Path recipe = Files.writeString(folder.resolve("r.toml"), text);
            Run run = run("--recipe", recipe.toString());
            assertEquals(2, run.code, run.err);
            assertTrue(run.err.startsWith("headstart: " + recipe), run.err);
        }
        Path json = Files.writeString(folder.resolve("r.json"), "[]");
        assertEquals(2, run("--recipe", json.toString()).code);
        assertEquals(1, run("--recipe", folder.resolve("none.toml").toString()).code, "what is not there is a failure");
    }
}
