package dev.headstart.cli.demo;

import dev.headstart.cli.terminal.Progress;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// One run of the demo, from the corpus to the report.
public final class DemoRun {
    private DemoRun() {}

    /// Runs the demo, prints its table and writes its files to `out`.
    public static void run(boolean quick, long seed, Path out, Workers workers, Progress progress, PrintWriter print) throws IOException {
        run(quick ? DemoSettings.quick() : DemoSettings.full(), seed, out, workers, progress, print);
    }

    static void run(DemoSettings settings, long seed, Path out, Workers workers, Progress progress, PrintWriter print) throws IOException {
        long start = System.nanoTime();
        progress.note("collecting the JDK's locale data …");
        LocaleCorpus corpus = LocaleCorpus.collect(workers);
        DemoData data = DemoData.of(corpus, settings, seed);
        data.facts().forEach((name, value) -> print.println(name + ": " + value));
        print.println();
        print.flush();
        Demo demo = new Demo(settings, data, seed, out, progress);
        DemoResult result = workers.call(() -> {
            try {
                return demo.run(start);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        DemoReport report = new DemoReport(result);
        report.json().write(out.resolve("report.json"));
        report.html().write(out.resolve("report.html"));
        print.println("Transfer: " + result.transfer().lines().findFirst().orElse(""));
        result.transfer().lines().filter(line -> line.contains("missing ") || line.contains("unexpected ")).skip(1).forEach(print::println);
        print.println("Frozen in the half-frozen mode: " + Numbers.count(result.summary().frozenCount()) + " of "
                + Numbers.count(result.summary().count())
                + " numbers");
        print.println();
        print.println(TextTable.render(report.accuracies()));
        print.println(TextTable.render(report.targets()));
        print.println(TextTable.render(report.steps()));
        print.println(report.headline());
        print.println();
        print.println("Report: " + out.resolve("report.html") + " (" + Numbers.duration(result.seconds()) + ")");
        print.flush();
    }
}
