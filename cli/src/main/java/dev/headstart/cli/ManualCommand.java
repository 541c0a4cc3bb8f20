package dev.headstart.cli;

import dev.headstart.cli.help.ManPage;
import dev.headstart.task.report.Version;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands that tell about commands: `headstart help`, `headstart man`, `headstart completion`.
abstract class ManualCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The command; without it, headstart as a whole.")
    private @Nullable String command;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        CommandLine asked = command == null ? root : root.getSubcommands().get(command);
        if (asked == null) {
            throw new ParameterException(spec.commandLine(), "'" + command + "' is no command: known are "
                    + String.join(", ", root.getSubcommands().keySet()));
        }
        spec.commandLine().getOut().print(text(asked));
        spec.commandLine().getOut().flush();
        return 0;
    }

    abstract String text(CommandLine asked);

    /// `headstart help finetune`.
    @Command(name = "help", header = "Tell about a command, as COMMAND --help does.")
    static final class Help extends ManualCommand {
        @Override
        String text(CommandLine asked) {
            return asked.getUsageMessage();
        }
    }

    /// `headstart man finetune`.
    @Command(name = "man", header = "Print the manual page of a command.", description = {
        "Prints a page in roff, for man(1).", "",
        "  headstart man finetune | man -l -",
        "  headstart man > /usr/local/share/man/man1/headstart.1", ""})
    static final class Man extends ManualCommand {
        @Override
        String text(CommandLine asked) {
            return ManPage.of(asked.getCommandSpec(), Version.current());
        }
    }

    /// `headstart completion`.
    @Command(name = "completion", header = "Print a script that completes commands and options, for bash and zsh.", description = {
        "The script is for the shell's own startup file.", "",
        "  source <(headstart completion)", ""})
    static final class Completion implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash or zsh: the script is the same.")
        private String shell = "bash";

        @Override
        public Integer call() {
            if (!shell.equals("bash") && !shell.equals("zsh")) {
                throw new ParameterException(spec.commandLine(), "'" + shell + "': there are scripts for bash and zsh");
            }
            spec.commandLine().getOut().print(AutoComplete.bash("headstart", spec.root().commandLine()));
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
