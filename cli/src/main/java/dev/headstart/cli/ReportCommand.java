package dev.headstart.cli;

import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.runs.RunRecord;
import dev.headstart.task.runs.RunsReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `headstart report`: runs side by side.
@Command(name = "report", header = "Lay runs side by side: results, learning curves, differing settings.", description = {
    "Reads folders that pretrain, finetune, compare or demo wrote, also while they do,",
    "prints results and the settings that differ, and writes one HTML file with all",
    "learning curves over each other.", "",
    "  headstart report tuned tuned-frozen --out tuned.html", ""})
final class ReportCommand implements Callable<Integer> {
    private static final int MOST_CHARACTERS = 40;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of runs.")
    private List<Path> folders = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "The HTML file (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("headstart-report.html");

    @Override
    public Integer call() throws IOException {
        List<RunRecord> runs = new ArrayList<>();
        for (Path folder : folders) {
            runs.add(RunRecord.read(folder));
        }
        RunsReport report = new RunsReport(runs);
        report.html().write(out);
        PrintWriter print = spec.commandLine().getOut();
        print.println(TextTable.render(report.results()));
        print.println(TextTable.render(report.settings(MOST_CHARACTERS)));
        print.println("Report: " + out);
        print.flush();
        return 0;
    }
}
