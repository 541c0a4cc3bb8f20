package dev.headstart.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.bench.measure.Measurement.Round;
import dev.headstart.bench.workload.Workload;
import dev.headstart.bench.workload.Workload.Bound;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The arithmetic of ratios, and what is reported of it.
class MeasurementTest {
    private static final Workload WORK = new Workload("work", Bound.COMPUTE, 100, () -> () -> Tensor.scalar(1));

    /// Fractions 0.5, 0.8, 0.1: a slow round with its own low ceiling, a fast one with a high ceiling, a disturbed one.
    private static final Measurement THREE = new Measurement(WORK,
            List.of(new Round(100, 2, Double.NaN), new Round(250, 0.5, Double.NaN), new Round(250, 4, Double.NaN)), 12_345_678);

    @Test
    void the_fraction_is_the_median_of_the_rounds_ratios_not_the_ratio_of_medians() {
        assertEquals(0.5, THREE.fraction(), 1e-12);
        assertEquals(2, THREE.seconds(), 1e-12);
        assertEquals(50, THREE.rate(), 1e-12);
        assertEquals(250, THREE.ceiling(), 1e-12); // 50 / 250 would be 0.2
    }

    /// A peer that is twice as fast, half as fast, and not disturbed.
    private static final Measurement PAIR = new Measurement(WORK,
            List.of(new Round(100, 2, 1), new Round(250, 0.5, 1), new Round(250, 4, 6)), 1e6);

    @Test
    void the_ratio_to_a_peer_is_the_median_of_the_rounds_too() throws IOException {
        assertFalse(THREE.hasPeer());
        assertTrue(PAIR.hasPeer());
        assertEquals(1, PAIR.peerSeconds(), 1e-12);
        assertEquals(1.5, PAIR.ratio(0.5), 1e-12); // 1 / 2 would be 0.5
        assertTrue(
                TextTable.render(BenchReport.table(List.of(THREE, PAIR))).lines().toList().getLast().matches(".* 1\\.50 +1\\.00-1\\.75"));
        assertFalse(TextTable.render(BenchReport.table(List.of(THREE))).contains("ratio"));
        Json.Obj json = BenchReport.json(List.of(THREE, PAIR), 2, 0.25, "PyTorch");
        assertEquals("PyTorch", json.string("peer"));
        assertEquals(1.5, ((Json.Obj) json.array("workloads").getLast()).number("ratio"), 1e-12);
    }

    @Test
    void ratios_of_a_kind_meet_in_a_geometric_mean() {
        assertEquals("", BenchReport.means(List.of(THREE)));
        assertEquals("work: 1.50 times the peer's speed, geometric mean of 2\n", BenchReport.means(List.of(PAIR, THREE, PAIR)));
        assertEquals("conv fwd", new Workload("conv fwd N16 C64", Bound.COMPUTE, 1, WORK.setUp()).kind());
    }

    @Test
    void quantiles_lie_between_rounds() {
        assertEquals(0.1, THREE.fraction(0), 1e-12);
        assertEquals(0.3, THREE.fraction(0.25), 1e-12);
        assertEquals(0.65, THREE.fraction(0.75), 1e-12);
        assertEquals(0.8, THREE.fraction(1), 1e-12);
        assertEquals(0.65, new Measurement(WORK, THREE.rounds().subList(0, 2), 0).fraction(), 1e-12);
    }

    @Test
    void no_rounds_are_no_measurement() {
        assertThrows(IllegalArgumentException.class, () -> new Measurement(WORK, List.of(), 0));
    }

    @Test
    void the_table_has_a_line_for_each_measurement() {
        List<String> lines = TextTable.render(BenchReport.table(List.of(THREE, THREE))).lines().toList();

        assertEquals(4, lines.size());
        assertTrue(lines.get(2).startsWith("work  "), lines.get(2));
        assertTrue(lines.get(2).contains("0.500  0.300-0.650"), lines.get(2));
        assertTrue(lines.get(0).endsWith("peak MB") && lines.get(2).endsWith(" 12.3"), lines.get(2)); // millions of bytes
    }

    @Test
    void json_has_every_figure_and_every_round() throws IOException {
        Json.Obj all = (Json.Obj) Json.parse(BenchReport.json(List.of(THREE), 2, 0.25, null).pretty());
        Json.Obj one = (Json.Obj) all.array("workloads").getFirst();

        assertEquals(2, all.integer("threads"));
        assertEquals(0.25, all.number("secondsEach"));
        assertEquals(System.getProperty("headstart.expectedKernels"), all.string("kernels"));
        assertEquals("work", one.string("name"));
        assertEquals("compute", one.string("bound"));
        assertEquals(100, one.number("amount"));
        assertEquals(2, one.number("medianSeconds"), 1e-12);
        assertEquals(50, one.number("perSecond"), 1e-12);
        assertEquals(250, one.number("ceilingPerSecond"), 1e-12);
        assertEquals(0.5, one.number("fraction"), 1e-12);
        assertEquals(2, one.array("fractionQuartiles").size());
        assertEquals(3, one.array("rounds").size());
        assertEquals(12_345_678, one.number("peakBytes"));
    }
}
