package dev.headstart.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.bench.Workload.Bound;
import dev.headstart.cli.bench.Workload.Work;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Workers;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The workloads do what their names say; nothing here is about time.
class WorkloadsTest {
    private static final List<Workload> ALL = Workloads.all(1);

    private static Workload named(String name) {
        return ALL.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void names_differ() {
        assertEquals(23, ALL.size());
        assertEquals(ALL.size(), ALL.stream().map(Workload::name).distinct().count());
    }

    @Test
    void answers_are_finite() {
        List<Workload> quick = ALL.stream().filter(w -> w.amount() < 3e9).toList();
        assertTrue(quick.size() >= 11, quick.size() + " workloads are quick");
        for (Workload workload : quick) {
            assertTrue(Workers.of(2).call(() -> workload.setUp().get().run()).isFinite(), workload.name());
        }
    }

    @Test
    void operations_are_those_of_the_products() {
        assertEquals(2.0 * 64 * 64 * 64, named("matmul 64x64x64").amount());
        assertEquals(2.0 * 32 * (2 * 64 * 32 + 3 * 32 * 10), named("train mlp 64-32-10 b32").amount()); // no gradient of the data
        assertEquals(8.0 * 4096 * 3072, named("gelu 4096x3072").amount()); // each float read and written
    }

    @Test
    void a_step_learns() {
        for (Workload workload : List.of(named("train mlp 64-32-10 b32"), small())) {
            Work step = workload.setUp().get();
            float first = step.run().item();
            float last = first;
            for (int i = 0; i < 30; i++) {
                last = step.run().item();
            }
            assertTrue(last < first, workload.name() + ": loss " + first + ", then " + last);
        }
    }

    private static Workload small() {
        Transformers.Sizes sizes = new Transformers.Sizes(Transformers.Form.GPT2, 11, 5, 8, 2, 2);
        return Transformers.languageModel("small", sizes, 3, 5, RandomStream.of(2));
    }

    @Test
    void models_of_either_form_learn_and_answer() {
        Transformers.Sizes sizes = new Transformers.Sizes(Transformers.Form.BERT, 11, 7, 8, 2, 2);
        Work step = Transformers.finetuning("small", sizes, 3, 5, RandomStream.of(2)).setUp().get();
        float first = step.run().item();
        for (int i = 0; i < 30; i++) {
            step.run();
        }
        assertTrue(step.run().item() < first);
        assertEquals(Shape.of(3, 2), Transformers.inference("small", sizes, 3, 5, RandomStream.of(2)).setUp().get().run().shape());
    }

    @Test
    void rounds_are_measured_for_both_ceilings() {
        Bench bench = new Bench(Workers.of(2), 0.001);
        for (Workload workload : List.of(named("matmul 64x64x64"), named("layernorm 4096x768"))) {
            Measurement m = bench.measure(workload);

            assertTrue(m.rounds().size() >= 5, workload.name());
            assertTrue(m.fraction() > 0 && m.seconds() > 0 && m.rate() > 0, workload.name());
            assertEquals(workload.bound() == Bound.COMPUTE ? "GFLOP/s" : "GB/s", workload.bound().unit());
        }
    }
}
