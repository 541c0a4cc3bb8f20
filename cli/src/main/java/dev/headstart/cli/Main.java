package dev.headstart.cli;

import dev.headstart.cli.Main.Version;
import dev.headstart.cli.help.HelpPages;
import dev.headstart.cli.help.OptionGroups;
import dev.headstart.cli.help.Suggestions;
import dev.headstart.cli.recipe.RecipeExpansion;
import dev.headstart.cli.terminal.Notes;
import dev.headstart.task.report.TextWidth;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `headstart`: options that hold for every subcommand, and the subcommands.
///
/// A subcommand is a class of this package with `@Command` that implements `Callable<Integer>`. It is named in `subcommands` below and asks
/// a field `@ParentCommand Main main` for [#threads] and [#seed]. What it throws is reported in one sentence, see [Failure].
@Command(
        name = "headstart",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            PretrainCommand.class,
            FinetuneCommand.class,
            PlanCommand.class,
            PredictCommand.class,
            EvaluateCommand.class,
            ProbeCommand.class,
            RankCommand.class,
            CompareCommand.class,
            ReportCommand.class,
            FeaturesCommand.class,
            GenerateCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            InspectCommand.class,
            ManualCommand.Help.class,
            ManualCommand.Man.class,
            ManualCommand.Completion.class,
        },
        header = {
            "Pre-train a network, carry its weights to a new task, freeze, fine-tune,",
            "and see what the head start was worth. A neural engine in pure Java.",
            "",
            "Options may stand before or after the command;",
            "headstart COMMAND --help tells more about one.",
            ""},
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed; one sentence on the error stream says why",
            "2:the command line or its recipe was not understood",
            "130:stopped by Ctrl-C, and saved (143: by SIGTERM)"},
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Main {
    /// System property read by the engine when it is first used.
    private static final String KERNELS_PROPERTY = "headstart.kernels";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private CommandSpec spec;

    private final StopRequest stop;
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--kernels", order = 2, scope = ScopeType.INHERIT, paramLabel = "KIND", description = {
        "auto (default): SIMD where the vector module is there;",
        "simd: SIMD, or an error; scalar: plain loops. Same bits."})
    private Kind kernels = Kind.AUTO;

    @Option(names = "--seed", order = 3, scope = ScopeType.INHERIT, paramLabel = "N", description = {
        "Where all randomness comes from (default: 1). The same",
        "seed gives the same bits, whatever threads and kernels."})
    private long seed = 1;

    @Option(names = "--debug", order = 4, scope = ScopeType.INHERIT, description = {
        "Show the stack trace of a failure. The environment",
        "variable HEADSTART_DEBUG does the same."})
    private boolean debug = System.getenv("HEADSTART_DEBUG") != null;

    @Option(names = "--recipe", order = 5, scope = ScopeType.INHERIT, paramLabel = "FILE", description = {
        "Options from a TOML or JSON file, by their long names.",
        "What the command line gives too, the command line wins."})
    void setRecipe(Path file) {} // done before, by RecipeExpansion

    @Option(names = "--resume", order = 6, scope = ScopeType.INHERIT, paramLabel = "DIR", description = {
        "Go on with a run of pretrain or finetune that stopped:",
        "from the recipe and the checkpoints in its folder."})
    void setResume(Path folder) {} // likewise

    /// The command line in a process that nobody asks to stop.
    public Main() {
        this(StopRequest.when(() -> false));
    }

    private Main(StopRequest stop) {
        this.stop = stop;
    }

    /// The values of `--kernels`.
    enum Kind {
        AUTO, SIMD, SCALAR
    }

    @Option(names = "--threads", order = 1, scope = ScopeType.INHERIT, paramLabel = "N", description = {
        "Threads that compute (default: one per processor). Any",
        "number gives the same bits."})
    void setThreads(int threads) {
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads is " + threads + ": at least 1 is needed");
        }
        this.threads = threads;
    }

    /// How many threads may compute.
    int threads() {
        return threads;
    }

    /// That many threads, for `main.workers().call(…)`.
    Workers workers() {
        return Workers.of(threads);
    }

    /// What a command does.
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /// Does a command's work on its threads.
    ///
    /// @return the exit code of success
    int compute(Work work) {
        return workers().call(() -> {
            try {
                work.run();
                return 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// What a training looks at after each step; from now on Ctrl-C is a request.
    BooleanSupplier stopRequest() {
        return stop.listen();
    }

    /// The seed of everything random.
    long seed() {
        return seed;
    }

    /// The options that hold for every subcommand, for another process that is to compute as this one does.
    List<String> engineOptions() {
        return List.of("--threads", String.valueOf(threads), "--seed", String.valueOf(seed), "--kernels", kernels.name());
    }

    /// Runs the command line and ends the process with its exit code.
    public static void main(String... args) {
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        StopRequest stop = StopRequest.bySignals();
        int code = run(out, err, stop, args);
        out.flush();
        err.flush();
        stop.over();
        System.exit(code);
    }

    /// Runs the command line and returns its exit code.
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(out, err, StopRequest.when(() -> false), args);
    }

    static int run(PrintWriter out, PrintWriter err, StopRequest stop, String... args) {
        Main main = new Main(stop);
        CommandLine line = new CommandLine(main).setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(main::execute)
                .setParameterExceptionHandler(Main::misunderstood)
                .setExecutionExceptionHandler((e, command, parsed) -> main.failed(e, err));
        HelpPages.of(line);
        try {
            return line.execute(RecipeExpansion.expand(line.getCommandSpec(), args));
        } catch (ParameterException e) {
            return misunderstood(e, args);
        } catch (IOException e) {
            return main.failed(e, err);
        } catch (Error e) { // picocli handles exceptions only; a broken class or a full heap is reported in a sentence too
            return main.failed(e, err);
        }
    }

    /// The engine reads its properties when it is first touched, so they are set before a command runs.
    private int execute(ParseResult parsed) {
        if (kernels != Kind.AUTO) {
            System.setProperty(KERNELS_PROPERTY, kernels.name().toLowerCase(Locale.ROOT));
        }
        if (parsed.subcommands().isEmpty() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            throw new ParameterException(spec.commandLine(), "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
        }
        return Notes.to(spec.commandLine().getErr(), () -> new RunLast().execute(parsed));
    }

    private int failed(Throwable e, PrintWriter err) {
        err.println("headstart: " + TextWidth.printable(Failure.sentence(e))); // names of strangers may be in it
        if (Failure.cause(e) instanceof StopRequest.Stopped) {
            return StopRequest.EXIT_CODE;
        }
        if (debug) {
            e.printStackTrace(err);
        } else if (Failure.unexpected(e)) {
            err.println("headstart: this is a mistake in Headstart; --debug shows where");
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static int misunderstood(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        boolean incomplete = e instanceof MissingParameterException || e instanceof UnmatchedArgumentException;
        Optional<String> unknown = incomplete ? Suggestions.unknown(command.getCommandSpec(), List.of(args)) : Optional.empty();
        err.println("headstart: "
                + TextWidth.printable(unknown.map(name -> "unknown option '" + name + "'").orElseGet(() -> sentence(e, List.of(args)))));
        Optional<String> meant = unknown.isPresent()
                ? unknown.flatMap(name -> Suggestions.of(command.getCommandSpec(), name))
                : e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions().stream().findFirst() : Optional.empty();
        meant.ifPresent(name -> err.println("headstart: did you mean " + name + "?"));
        err.println("headstart: " + command.getCommandSpec().qualifiedName() + " --help tells more");
        return CommandLine.ExitCode.USAGE;
    }

    /// What is missing is named as help names it.
    private static String sentence(ParameterException e, List<String> args) {
        if (e instanceof MissingParameterException missing && missing.getMissing().stream().allMatch(ArgSpec::isOption)) {
            Optional<OptionSpec> empty = missing.getMissing().stream().map(OptionSpec.class::cast)
                    .filter(option -> Arrays.stream(option.names()).anyMatch(args::contains)).findFirst();
            return empty.isPresent()
                    ? OptionGroups.name(empty.get()) + " needs a value: " + empty.get().paramLabel()
                    : missing.getMissing().stream().map(option -> OptionGroups.name((OptionSpec) option) + " " + option.paramLabel())
                            .collect(Collectors.joining(", ")) + (missing.getMissing().size() == 1 ? " is missing" : " are missing");
        }
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            boolean command = !e.getCommandLine().getSubcommands().isEmpty();
            return "unknown " + (command ? "command" : "argument") + " '" + unmatched.getUnmatched().getFirst() + "'";
        }
        return String.valueOf(e.getMessage());
    }

    /// What `--version` prints.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headstart " + dev.headstart.task.report.Version.current(),
                "Java " + Runtime.version() + ", " + System.getProperty("java.vendor")};
        }
    }
}
