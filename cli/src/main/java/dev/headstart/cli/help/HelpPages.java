package dev.headstart.cli.help;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The help of commands: text that is wrapped once, at the width of the terminal; options in groups; examples that are never wrapped, so that
/// they can be copied.
///
/// A command's description is an array of lines. Those that begin with two spaces are examples; the others are one text, empty lines part
/// it in paragraphs.
public final class HelpPages {
    private static final int COLUMN = 29; // where descriptions begin

    private HelpPages() {}

    /// Gives a command line and its commands such pages.
    public static void of(CommandLine line) {
        Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>(line.getHelpSectionMap());
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, help -> synopsis(help.commandSpec()) + "\n");
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> paragraphs(help.commandSpec())
                .map(text -> "\n" + wrapped(text, help.commandSpec().usageMessage().width())).collect(Collectors.joining()));
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, _ -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpPages::options);
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> examples(help.commandSpec()));
        line.setHelpSectionMap(sections);
    }

    /// What a command line of this command looks like: what it needs, and that there is more.
    static String synopsis(CommandSpec command) {
        String needed = command.options().stream().filter(OptionSpec::required)
                .map(option -> " " + OptionGroups.name(option) + " " + option.paramLabel()).collect(Collectors.joining());
        String operands = command.positionalParameters().stream().filter(operand -> !operand.hidden())
                .map(operand -> " " + (operand.arity().min() == 0 ? "[" : "") + operand.paramLabel()
                        + (operand.arity().max() > 1 ? "..." : "")
                        + (operand.arity().min() == 0 ? "]" : ""))
                .collect(Collectors.joining());
        return command.qualifiedName() + needed + " [OPTIONS]" + operands + (command.subcommands().isEmpty() ? "" : " COMMAND");
    }

    private static boolean isExample(String line) {
        return line.startsWith("  ");
    }

    /// The paragraphs of a command's description.
    static Stream<String> paragraphs(CommandSpec command) {
        List<String> texts = new ArrayList<>(List.of(""));
        for (String line : command.usageMessage().description()) {
            if (line.isEmpty() || isExample(line)) {
                texts.add("");
            } else {
                texts.add(texts.removeLast() + line.strip() + " ");
            }
        }
        return texts.stream().map(String::strip).filter(text -> !text.isEmpty());
    }

    /// The examples of a command's description, as they are typed.
    static List<String> exampleLines(CommandSpec command) {
        return Arrays.stream(command.usageMessage().description()).filter(HelpPages::isExample).toList();
    }

    private static String examples(CommandSpec command) {
        List<String> lines = exampleLines(command);
        return lines.isEmpty() ? "" : "\nExamples:\n\n" + String.join("\n", lines) + "\n";
    }

    private static String options(Help help) {
        int width = help.commandSpec().usageMessage().width();
        StringBuilder text = new StringBuilder();
        OptionGroups.of(help.commandSpec()).forEach((title, options) -> {
            text.append('\n').append(title).append(":\n\n");
            options.forEach(option -> text.append(beside(label(option), description(option), width)));
        });
        return text.toString();
    }

    /// An option as it is typed: `-h, --help`, `    --from PATH`.
    static String label(OptionSpec option) {
        String name = OptionGroups.name(option);
        String brief = Arrays.stream(option.names()).filter(other -> !other.startsWith("--")).findFirst().map(other -> other + ", ")
                .orElse("    ");
        return brief + name + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
    }

    /// A label, and beside it, or below a long one, a text that is wrapped.
    private static String beside(String label, String text, int width) {
        String indent = " ".repeat(COLUMN);
        String lines = wrapped(text, Math.max(20, width - COLUMN)).stripTrailing().replace("\n", "\n" + indent);
        String start = "  " + label;
        return start + (start.length() < COLUMN - 1 ? " ".repeat(COLUMN - start.length()) : "\n" + indent) + lines + "\n";
    }

    /// The description of an option, as one text.
    static String description(OptionSpec option) {
        return String.join(" ", option.description()).replaceAll("\\s+", " ").strip();
    }

    /// A text in lines of at most some width; words that are longer stand alone.
    static String wrapped(String text, int width) {
        StringBuilder lines = new StringBuilder();
        int used = 0;
        for (String word : text.split("\\s+", -1)) {
            if (used > 0 && used + 1 + word.length() >= width) {
                lines.append('\n');
                used = 0;
            }
            lines.append(used == 0 ? "" : " ").append(word);
            used += word.length() + (used == 0 ? 0 : 1);
        }
        return lines.append('\n').toString();
    }
}
