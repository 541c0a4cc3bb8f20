package dev.headstart.cli;

import dev.headstart.bench.measure.Bench;
import dev.headstart.bench.measure.BenchReport;
import dev.headstart.bench.measure.Footprint;
import dev.headstart.bench.measure.Measurement;
import dev.headstart.bench.measure.Memory;
import dev.headstart.bench.measure.MemoryBench;
import dev.headstart.bench.measure.Peer;
import dev.headstart.bench.workload.Workload;
import dev.headstart.bench.workload.Workloads;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.cli.terminal.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart bench`: kernels and training steps beside what this machine can do.
@Command(name = "bench", header = "Time kernels and training steps beside what this machine can do.", description = {
    "",
    "Every run is divided by a ceiling measured right before it: chains of fused",
    "multiply-adds in registers, or a copy of a large array, on the same threads.",
    "The table shows the median of these fractions, and where the middle half lies.",
    "Bytes are those that must be read and written; operations of a training step",
    "are those of its matrix products. `peak MB` is what a run holds of the heap, in",
    "millions of bytes: data, parameters, optimiser state, and all it computes."})
final class BenchCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures, round by round, to this file too.")
    private @Nullable Path json;

    @Option(names = "--peers", description = {
        "Take turns with native PyTorch, on as many threads, and print the ratio of its",
        "time to ours: more than 1 is faster than PyTorch.",
        "(The launcher builds what this needs; Linux on x86-64.)"})
    private boolean peers;

    @Option(names = "--memory", description = {
        "Measure memory instead of time, each workload in a process of its own: what is",
        "live on the heap, and by how much the process grows; with --peers, the peer's",
        "process too. (Linux; elsewhere a process's memory is not known.)"})
    private boolean memory;

    @Option(names = "--memory-of", hidden = true, paramLabel = "NAME") // what --memory starts a process for
    private @Nullable String memoryOf;

    @Option(names = "--seconds", paramLabel = "S", description = {
        "How long each workload is measured, after its warm-up", "(default: ${DEFAULT-VALUE})."})
    private double seconds = 1;

    @Option(names = "--only", paramLabel = "NAME[,NAME]", split = ",", description = {
        "Only the workloads whose names contain one of these, separated by commas."})
    private List<String> only = List.of("");

    @Override
    public Integer call() throws IOException {
        if (!(seconds > 0)) {
            throw new ParameterException(spec.commandLine(), "--seconds is " + seconds + ": it must be above 0");
        }
        List<Workload> all = Workloads.all(main.seed());
        for (String name : only) {
            if (all.stream().noneMatch(w -> w.name().contains(name))) {
                throw new ParameterException(spec.commandLine(), "--only " + name + ": no workload's name contains it: there are "
                        + all.stream().map(Workload::name).collect(Collectors.joining(", ")));
            }
        }
        Peer peer = peers
                ? Peer.find().orElseThrow(() -> new ParameterException(spec.commandLine(),
                        "--peers: there is no peer on the class path: start with ./headstart, which builds it (Maven profile peers)"))
                : null;
        if (memoryOf != null) {
            return tellMemory(all, memoryOf, peer);
        }
        List<Workload> wanted = all.stream().filter(w -> only.stream().anyMatch(w.name()::contains)).toList();
        Path file = json == null ? null : json.toAbsolutePath();
        if (file != null && !Files.isDirectory(file.resolveSibling(""))) { // known before minutes have gone by
            throw new NotDirectoryException(file.resolveSibling("").toString());
        }
        if (memory) {
            return measureMemory(wanted, file);
        }
        List<Measurement> measurements = measure(wanted, peer);
        PrintWriter out = spec.commandLine().getOut();
        out.print(TextTable.render(BenchReport.table(measurements)));
        out.print(BenchReport.means(measurements));
        out.printf(Locale.ROOT, "%d threads, Java %s%s%n", main.threads(), Runtime.version(), peer == null ? "" : ", peer: " + peer.name());
        out.flush();
        if (file != null) {
            BenchReport.json(measurements, main.threads(), seconds, peer == null ? null : peer.name()).write(file);
        }
        return 0;
    }

    private List<Measurement> measure(List<Workload> workloads, @Nullable Peer peer) {
        Progress progress = Terminal.progress();
        Bench bench = new Bench(main.workers(), seconds, peer);
        List<Measurement> measurements = new ArrayList<>();
        progress.began("bench", 0, workloads.size());
        for (Workload workload : workloads) {
            measurements.add(bench.measure(workload));
            progress.stepped(0, Double.NaN);
        }
        progress.ended();
        return measurements;
    }

    private int measureMemory(List<Workload> workloads, @Nullable Path file) throws IOException {
        SameProgram program = SameProgram.find();
        PrintWriter err = spec.commandLine().getErr();
        MemoryBench bench = new MemoryBench((workload, peer) -> program.with(memoryArguments(workload, peer)),
                failure -> err.println("headstart: " + failure));
        Progress progress = Terminal.progress();
        List<Footprint> footprints = new ArrayList<>();
        progress.began("memory", 0, workloads.size());
        for (Workload workload : workloads) {
            footprints.add(bench.measure(workload.name(), peers));
            progress.stepped(0, Double.NaN);
        }
        progress.ended();
        String options = program.javaOptions();
        PrintWriter out = spec.commandLine().getOut();
        out.print(TextTable.render(BenchReport.memoryTable(footprints)));
        out.printf(Locale.ROOT, "%d threads, Java %s %s%n", main.threads(), Runtime.version(), options);
        out.flush();
        if (file != null) {
            BenchReport.memoryJson(footprints, main.threads(), options).write(file);
        }
        return footprints.stream().allMatch(f -> f.ours() != null && (!peers || f.peers() != null)) ? 0 : 1;
    }

    /// For a process that measures one side of one workload.
    private List<String> memoryArguments(String workload, boolean peer) {
        List<String> arguments = new ArrayList<>(List.of("bench", "--memory-of", workload));
        arguments.addAll(main.engineOptions());
        if (peer) {
            arguments.add("--peers");
        }
        return arguments;
    }

    /// Measures in this process, which was started for it.
    private int tellMemory(List<Workload> all, String name, @Nullable Peer peer) throws IOException {
        Workload workload = all.stream().filter(w -> w.name().equals(name)).findFirst()
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "--memory-of " + name + ": there is no such workload"));
        Optional<Memory> found = peer == null
                ? Optional.of(Memory.of(workload, main.workers()))
                : Memory.of(peer, name, main.threads());
        PrintWriter out = spec.commandLine().getOut();
        out.println(found.orElseThrow(() -> new IOException("--memory-of " + name + ": the peer does not know it")).line());
        out.flush();
        return 0;
    }
}
