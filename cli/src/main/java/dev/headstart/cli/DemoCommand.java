package dev.headstart.cli;

import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.demo.DemoReport;
import dev.headstart.task.demo.DemoRun;
import dev.headstart.task.report.Numbers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart demo`: the main job on the JDK's own locale data.
@Command(name = "demo", header = {"Pre-train, transfer, freeze, fine-tune and compare, on data every JDK has."}, description = {
    "Pre-trains a character transformer on names of things in some 140 languages,",
    "carries it to languages whose labels it has never seen, fine-tunes it on 2 to 50",
    "labels each, and compares with random and with shuffled weights over 5 seeds.",
    "Writes report.html, report.json, metrics.jsonl and the weights.", ""})
final class DemoCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--quick", description = "Smaller sizes, under a minute: the same way through.")
    private boolean quick;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the results (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("headstart-demo");

    @Override
    public Integer call() throws Exception {
        SavedRecipe.of(spec).write(out);
        PrintWriter print = spec.commandLine().getOut();
        Progress progress = Terminal.progress();
        progress.note("collecting the JDK's locale data …");
        DemoRun run = DemoRun.prepare(quick, main.seed(), main.workers());
        run.facts().forEach((name, value) -> print.println(name + ": " + value));
        print.println();
        print.flush();
        print(run.run(out, progress), print);
        return 0;
    }

    private void print(DemoReport report, PrintWriter print) {
        print.println("Transfer: " + report.transfer().lines().findFirst().orElse(""));
        report.transfer().lines().filter(line -> line.contains("missing ") || line.contains("unexpected ")).skip(1).forEach(print::println);
        print.println("Frozen in the half-frozen mode: " + Numbers.count(report.summary().frozenCount()) + " of "
                + Numbers.count(report.summary().count())
                + " numbers");
        print.println();
        print.println(TextTable.render(report.accuracies()));
        print.println(TextTable.render(report.targets()));
        print.println(TextTable.render(report.steps()));
        print.println(report.headline());
        print.println();
        print.println("Report: " + out.resolve("report.html") + " (" + Numbers.duration(report.seconds()) + ")");
        print.flush();
    }
}
