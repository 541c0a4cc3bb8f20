package dev.headstart.cli.bench;

import dev.headstart.io.Json;
import dev.headstart.tensor.Backend;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.Table;
import dev.headstart.train.report.TextTable;
import java.util.List;

/// Measurements as a table for people and as JSON for programs.
public final class BenchReport {
    private BenchReport() {}

    /// A line for each measurement.
    public static String table(List<Measurement> measurements) {
        Table table = new Table("").left("work").right("median ms").right("speed").right("ceiling").left("unit").right("fraction")
                .right("middle half").right("rounds");
        for (Measurement m : measurements) {
            table.row(m.workload().name(), Numbers.significant(1e3 * m.seconds(), 4), billions(m.rate()), billions(m.ceiling()),
                    m.workload().bound().unit(), Numbers.fixed(m.fraction(), 3),
                    Numbers.fixed(m.fraction(0.25), 3) + "-" + Numbers.fixed(m.fraction(0.75), 3), m.rounds().size());
        }
        return TextTable.render(table);
    }

    private static String billions(double rate) {
        return Numbers.fixed(rate / 1e9, 1);
    }

    /// Everything, in seconds and single operations or bytes.
    public static Json.Obj json(List<Measurement> measurements, int threads, double seconds) {
        Backend backend = Backend.active();
        return Json.object().put("java", Runtime.version().toString())
                .put("kernels", backend.name())
                .put("vectorBits", backend.vectorBits())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("threads", threads)
                .put("secondsEach", seconds)
                .put("workloads", Json.array(measurements.stream().map(BenchReport::json).toArray(Json[]::new)))
                .build();
    }

    private static Json json(Measurement m) {
        return Json.object().put("name", m.workload().name())
                .put("bound", m.workload().bound() == Workload.Bound.COMPUTE ? "compute" : "memory")
                .put("amount", m.workload().amount())
                .put("medianSeconds", m.seconds())
                .put("perSecond", m.rate())
                .put("ceilingPerSecond", m.ceiling())
                .put("fraction", m.fraction())
                .put("fractionQuartiles", Json.numbers(m.fraction(0.25), m.fraction(0.75)))
                .put("rounds", Json.array(m.rounds().stream().map(r -> (Json) Json.numbers(r.ceiling(), r.seconds())).toArray(Json[]::new)))
                .build();
    }
}
