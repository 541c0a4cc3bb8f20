package dev.headstart.cli.help;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/// The manual page of a command, in roff with the macros of man(7).
public final class ManPage {
    private final StringBuilder page = new StringBuilder();
    private final CommandSpec command;

    private ManPage(CommandSpec command) {
        this.command = command;
    }

    /// The page of a command, or of the whole program.
    ///
    /// @param version of the program
    public static String of(CommandSpec command, String version) {
        return new ManPage(command).written(version);
    }

    private String written(String version) {
        String name = command.qualifiedName("-");
        page.append(".TH ").append(quoted(name.toUpperCase(Locale.ROOT))).append(" 1 \"\" ").append(quoted("headstart " + version))
                .append('\n');
        section("NAME").text(name + " - " + String.join(" ", command.usageMessage().header()).strip());
        section("SYNOPSIS").text(HelpPages.synopsis(command));
        List<String> paragraphs = HelpPages.paragraphs(command).toList();
        if (!paragraphs.isEmpty()) {
            section("DESCRIPTION");
            paragraphs.forEach(text -> macro("PP").text(text));
        }
        if (!command.subcommands().isEmpty()) {
            section("COMMANDS");
            command.subcommands().forEach((sub, line) -> item(sub, String.join(" ", line.getCommandSpec().usageMessage().header())));
        }
        section("OPTIONS");
        command.positionalParameters().forEach(operand -> item(operand.paramLabel(), String.join(" ", operand.description())));
        OptionGroups.of(command).forEach((title, options) -> {
            macro("SS " + quoted(title));
            options.forEach(option -> item(HelpPages.label(option).strip(), HelpPages.description(option)));
        });
        section("EXIT STATUS");
        command.usageMessage().exitCodeList().forEach(this::item);
        List<String> examples = HelpPages.exampleLines(command);
        if (!examples.isEmpty()) {
            section("EXAMPLES").macro("PP").macro("EX");
            examples.forEach(this::text);
            macro("EE");
        }
        return page.toString();
    }

    private ManPage macro(String line) {
        page.append('.').append(line).append('\n');
        return this;
    }

    private ManPage section(String title) {
        return macro("SH " + quoted(title));
    }

    private void item(String label, String text) {
        macro("TP").text("\\fB" + label + "\\fR").text(text);
    }

    /// A line that begins with no macro: backslashes, dashes and a first dot or quote are written so that they are seen.
    private ManPage text(String text) {
        String bold = text.startsWith("\\fB") ? "\\fB" : "";
        String end = bold.isEmpty() ? "" : "\\fR";
        String inner = text.substring(bold.length(), text.length() - end.length());
        String safe = inner.replace("\\", "\\e").replace("-", "\\-");
        page.append(bold).append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "").append(safe).append(end).append('\n');
        return this;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\(dq").replace("-", "\\-") + "\"";
    }
}
