package dev.headstart.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.bench.measure.Bench;
import dev.headstart.bench.measure.Measurement;
import dev.headstart.bench.workload.Workload.Bound;
import dev.headstart.bench.workload.Workload.Work;
import dev.headstart.nn.Scope;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Workers;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
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
        assertEquals(41, ALL.size());
        assertEquals(ALL.size(), ALL.stream().map(Workload::name).distinct().count());
    }

    @Test
    void answers_are_finite() {
        List<Workload> quick = ALL.stream().filter(w -> w.amount() < 3e9).toList();
        assertTrue(quick.size() >= 15, quick.size() + " workloads are quick");
        for (Workload workload : quick) {
            assertTrue(Workers.of(2).call(() -> workload.setUp().get().run()).isFinite(), workload.name());
        }
    }

    @Test
    void operations_are_those_of_the_products() {
        assertEquals(2.0 * 64 * 64 * 64, named("matmul 64x64x64").amount());
        assertEquals(2.0 * 32 * (2 * 64 * 32 + 3 * 32 * 10), named("train mlp 64-32-10 b32").amount()); // no gradient of the data
        assertEquals(2.0 * 16 * 64 * 64 * 9 * 56 * 56, named("conv fwd N16 C64 H56 K64 R3 s1").amount());
        assertEquals(3.0 * 2 * 16 * 64 * 3 * 49 * 112 * 112, named("conv fwd+bwd N16 C3 H224 K64 R7 s2").amount());
        assertEquals(8.18e9, named("infer resnet50 b1").amount(), 0.01e9); // 4.09 · 10⁹ multiplications, as published
        assertEquals(3 * 2 * 30.9e9, named("train vgg16 224px b2").amount(), 0.02 * 3 * 2 * 30.9e9);
        assertEquals(8.0 * 4096 * 3072, named("gelu 4096x3072").amount()); // each float read and written
    }

    @Test
    void a_step_learns() {
        for (Workload workload : List.of(named("train mlp 64-32-10 b32"), small(), named("train lenet b128"), smallResidual())) {
            Work step = workload.setUp().get();
            float first = step.run().item();
            float last = first;
            for (int i = 0; i < 12; i++) {
                last = step.run().item();
            }
            assertTrue(last < first, workload.name() + ": loss " + first + ", then " + last);
        }
    }

    private static Workload small() {
        return Transformers.gpt2("small", Gpt2Config.of(11, 5, 8, 2, 2), 3, 5, RandomStream.of(2));
    }

    @Test
    void models_of_either_form_learn_and_answer() {
        BertConfig sizes = BertConfig.of(11, 8, 2, 2, 32);
        Work step = Transformers.finetuning("small", sizes, 3, 5, RandomStream.of(2)).setUp().get();
        float first = step.run().item();
        for (int i = 0; i < 30; i++) {
            step.run();
        }
        assertTrue(step.run().item() < first);
        assertEquals(Shape.of(3, 2), Transformers.inference("small", sizes, 3, 5, RandomStream.of(2)).setUp().get().run().shape());
    }

    private static Workload smallResidual() {
        ResNet.Config net = new ResNet.Config(ResNet.Block.BOTTLENECK, 4, List.of(1, 2, 1), 5);
        return TrainingSteps.images("resnet", ImageModels.residualTrainingFlop(net, 32), Shape.of(6, 32, 32, 3), 5,
                stream -> new ResNet(net, stream), RandomStream.of(3));
    }

    @Test
    void image_models_have_as_many_parameters_as_published() {
        assertEquals(25_557_032, new ResNet(ImageModels.RESNET50, Scope.ofShapes()).parameters().count());
        assertEquals(138_357_544, new Vgg(ImageModels.VGG16, Scope.ofShapes()).parameters().count());
        assertEquals(61_706, ImageModels.lenet(RandomStream.of(1)).parameters().count());
    }

    @Test
    void rounds_are_measured_for_both_ceilings() {
        Bench bench = new Bench(Workers.of(2), 0.001, null);
        for (Workload workload : List.of(named("matmul 64x64x64"), named("layernorm 4096x768"))) {
            Measurement m = bench.measure(workload);

            assertTrue(m.rounds().size() >= 5, workload.name());
            assertTrue(m.fraction() > 0 && m.seconds() > 0 && m.rate() > 0, workload.name());
            assertEquals(workload.bound() == Bound.COMPUTE ? "GFLOP/s" : "GB/s", workload.bound().unit());
        }
    }
}
