package dev.headstart.bench.measure;

import dev.headstart.bench.measure.Measurement.Round;
import dev.headstart.bench.workload.Workload;
import dev.headstart.io.json.Json;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.tensor.machine.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Measurements as tables for people and as JSON for programs.
public final class BenchReport {
    private BenchReport() {}

    /// A line for each measurement.
    public static Table table(List<Measurement> measurements) {
        boolean peers = measurements.stream().anyMatch(Measurement::hasPeer);
        Table table = new Table("").left("work").right("median ms").right("speed").right("ceiling").left("unit").right("fraction")
                .right("middle half").right("rounds").right("peak MB");
        if (peers) {
            table.right("peer ms").right("ratio").right("middle half");
        }
        for (Measurement m : measurements) {
            List<Object> cells = new ArrayList<>(List.of(m.workload().name(), milliseconds(m.seconds()), billions(m.rate()),
                    billions(m.ceiling()), m.workload().bound().unit(), Numbers.fixed(m.fraction(), 3),
                    Numbers.fixed(m.fraction(0.25), 3) + "-" + Numbers.fixed(m.fraction(0.75), 3), m.rounds().size(),
                    megabytes(m.peakBytes())));
            if (m.hasPeer()) {
                cells.addAll(List.of(milliseconds(m.peerSeconds()), Numbers.fixed(m.ratio(0.5), 2),
                        Numbers.fixed(m.ratio(0.25), 2) + "-" + Numbers.fixed(m.ratio(0.75), 2)));
            } else if (peers) {
                cells.addAll(List.of("", "", ""));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    /// Geometric means of the ratios to the peer, for workloads whose names begin with the same words.
    public static String means(List<Measurement> measurements) {
        Map<String, List<Measurement>> kinds = measurements.stream().filter(Measurement::hasPeer)
                .collect(Collectors.groupingBy(m -> m.workload().kind(), LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        kinds.forEach((kind, of) -> {
            double mean = Math.exp(of.stream().mapToDouble(m -> Math.log(m.ratio(0.5))).average().orElseThrow());
            text.append(kind).append(": ").append(Numbers.fixed(mean, 2)).append(" times the peer's speed, geometric mean of ")
                    .append(of.size()).append('\n');
        });
        return text.toString();
    }

    private static String milliseconds(double seconds) {
        return Numbers.significant(1e3 * seconds, 4);
    }

    private static String megabytes(double bytes) {
        return Double.isNaN(bytes) ? "" : Numbers.fixed(bytes / 1e6, 1);
    }

    private static String billions(double rate) {
        return Numbers.fixed(rate / 1e9, 1);
    }

    /// Everything, in seconds and single operations or bytes.
    ///
    /// @param peer name of the peer, or null
    public static Json.Obj json(List<Measurement> measurements, int threads, double seconds, @Nullable String peer) {
        Json.Builder all = machine(threads).put("secondsEach", seconds);
        if (peer != null) {
            all.put("peer", peer);
        }
        return all.put("workloads", Json.array(measurements.stream().map(BenchReport::json).toArray(Json[]::new))).build();
    }

    private static Json.Builder machine(int threads) {
        Backend backend = Backend.active();
        return Json.object().put("java", Runtime.version().toString())
                .put("kernels", backend.name())
                .put("vectorBits", backend.vectorBits())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("threads", threads);
    }

    /// A line for each workload's memory.
    public static Table memoryTable(List<Footprint> footprints) {
        boolean peers = footprints.stream().anyMatch(f -> f.peers() != null);
        Table table = new Table("").left("work").right("live MB").right("process MB");
        if (peers) {
            table.right("peer MB").right("ratio");
        }
        for (Footprint f : footprints) {
            Memory ours = f.ours();
            Memory theirs = f.peers();
            List<Object> cells = new ArrayList<>(List.of(f.workload(), ours == null ? "" : megabytes(ours.live()),
                    ours == null ? "" : megabytes(ours.grown())));
            if (peers) {
                cells.addAll(List.of(theirs == null ? "" : megabytes(theirs.grown()),
                        Double.isNaN(f.ratio()) ? "" : Numbers.fixed(f.ratio(), 2)));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    /// Everything about memory, in bytes.
    ///
    /// @param options what Java was started with
    public static Json.Obj memoryJson(List<Footprint> footprints, int threads, String options) {
        return machine(threads).put("javaOptions", options)
                .put("workloads", Json.array(footprints.stream().map(BenchReport::json).toArray(Json[]::new))).build();
    }

    private static Json json(Footprint f) {
        return Json.object().put("name", f.workload()).put("ours", json(f.ours())).put("peer", json(f.peers())).build();
    }

    private static Json json(@Nullable Memory memory) {
        return memory == null
                ? Json.Null.NULL
                : Json.object().put("liveBytes", Json.numberOrNull(memory.live())).put("startBytes", Json.numberOrNull(memory.start()))
                        .put("peakBytes", Json.numberOrNull(memory.peak())).build();
    }

    private static Json json(Measurement m) {
        Json.Builder one = Json.object().put("name", m.workload().name())
                .put("bound", m.workload().bound() == Workload.Bound.COMPUTE ? "compute" : "memory")
                .put("amount", m.workload().amount())
                .put("medianSeconds", m.seconds())
                .put("perSecond", m.rate())
                .put("ceilingPerSecond", m.ceiling())
                .put("fraction", m.fraction())
                .put("peakBytes", m.peakBytes())
                .put("fractionQuartiles", Json.numbers(m.fraction(0.25), m.fraction(0.75)));
        if (m.hasPeer()) {
            one.put("peerMedianSeconds", m.peerSeconds())
                    .put("ratio", m.ratio(0.5))
                    .put("ratioQuartiles", Json.numbers(m.ratio(0.25), m.ratio(0.75)));
        }
        return one.put("rounds", Json.array(m.rounds().stream().map(r -> round(m, r)).toArray(Json[]::new))).build();
    }

    private static Json round(Measurement m, Round r) {
        return m.hasPeer() ? Json.numbers(r.ceiling(), r.seconds(), r.peerSeconds()) : Json.numbers(r.ceiling(), r.seconds());
    }
}
