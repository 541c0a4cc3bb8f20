package dev.headstart.task.demo;

import dev.headstart.task.folder.FolderLock;
import dev.headstart.tensor.Workers;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/// One run of the demo, from the corpus to the report.
public final class DemoRun {
    private final DemoSettings settings;
    private final DemoData data;
    private final long seed;
    private final Workers workers;
    private final long start;

    private DemoRun(DemoSettings settings, DemoData data, long seed, Workers workers, long start) {
        this.settings = settings;
        this.data = data;
        this.seed = seed;
        this.workers = workers;
        this.start = start;
    }

    /// Collects the data.
    ///
    /// @param quick smaller sizes
    public static DemoRun prepare(boolean quick, long seed, Workers workers) {
        long start = System.nanoTime();
        DemoSettings settings = quick ? DemoSettings.quick() : DemoSettings.full();
        return new DemoRun(settings, DemoData.of(LocaleCorpus.collect(workers), settings, seed), seed, workers, start);
    }

    /// What the data are, by name.
    public Map<String, String> facts() {
        return data.facts();
    }

    /// Pre-trains, transfers, fine-tunes and compares; writes weights and reports.
    ///
    /// @param out folder of the files
    /// @throws IOException also when another run writes to the folder
    public DemoReport run(Path out, TrainingListener listener) throws IOException {
        try (FolderLock _ = FolderLock.of(out)) {
            return locked(out, listener);
        }
    }

    private DemoReport locked(Path out, TrainingListener listener) throws IOException {
        Demo demo = new Demo(settings, data, seed, out, listener);
        DemoResult result;
        try {
            result = workers.call(() -> {
                try {
                    return demo.run(start);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        DemoReport report = new DemoReport(result);
        report.json().write(out.resolve("report.json"));
        report.html().write(out.resolve("report.html"));
        return report;
    }
}
