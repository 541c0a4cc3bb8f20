package dev.headstart.task.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Images;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Part;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.tuning.EncodedImages;
import dev.headstart.task.tuning.HeadedNetwork;
import dev.headstart.task.tuning.HeadedNetworks;
import dev.headstart.task.tuning.ImageNetworks;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.TrainingResult;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What holds of every comparison, on a small residual network and images of 8 by 8.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComparisonTest {
    private static final int SIDE = 8;
    private static final int STEPS = 4;
    private static final int LEARNT = 30;
    private static final int MEASURED = 15;
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final List<String> LOWER = List.of("conv1.**", "bn1.**", "layer1.**");

    private Path file = Path.of("");

    private static Architecture network() {
        return new Architecture("small", scope -> CifarResNet.of(8, 4, scope.random()));
    }

    /// Images of three classes, each of its own brightness.
    private static ChosenImages images(int count) {
        byte[] pixels = new byte[count * SIDE * SIDE * 3];
        int[] labels = IntStream.range(0, count).map(i -> i % 3).toArray();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (80 * labels[i / (SIDE * SIDE * 3)] + RandomStream.of(count).below(60, i));
        }
        return ChosenImages.all(new Images(pixels, count, SIDE, SIDE, 3, labels, List.of("a", "b", "c")));
    }

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        file = folder.resolve("small.safetensors");
        SafeTensors.write(file, CifarResNet.of(8, 4, RandomStream.of(1)).export());
    }

    private LabelledTask<Tensor> task() throws IOException {
        Preprocessing preprocessing = CifarResNet.of(8, 2, RANDOM).preprocessing();
        ChosenImages training = images(LEARNT);
        return new LabelledTask<>(ImageNetworks.of(network(), Weights.open(file), preprocessing), training.classNames(),
                EncodedImages.of(training, preprocessing), EncodedImages.of(images(MEASURED), preprocessing), RANDOM);
    }

    private static Plan plan(TuningMode... modes) {
        return new Plan(List.of(modes), List.of(2, 4), 2, STEPS, 5, 2, 0.01, 0.01, 0.01, LOWER, 2, 1);
    }

    /// The networks of a task, with all that were built; without a cache they say that bodies are trained.
    private record Watched(HeadedNetworks<Tensor> networks, boolean cached, List<HeadedNetwork<Tensor>> built, AtomicInteger computed)
            implements
                HeadedNetworks<Tensor> {
        static Watched of(LabelledTask<Tensor> task, boolean cached) {
            return new Watched(task.networks(), cached, Collections.synchronizedList(new ArrayList<>()), new AtomicInteger());
        }

        LabelledTask<Tensor> in(LabelledTask<Tensor> task) {
            return new LabelledTask<>(this, task.labels(), task.training(), task.test(), task.random());
        }

        @Override
        public Loaded<Tensor> build(List<String> labels, Initialization initialization, HeadChoice head, Streams random)
                throws IOException {
            Loaded<Tensor> loaded = networks.build(labels, initialization, head, random);
            HeadedNetwork<Tensor> network = new Counted(loaded.network(), this);
            built.add(network);
            return new Loaded<>(network, loaded.headToo(), loaded.transfer());
        }

        @Override
        public String name() {
            return networks.name();
        }

        @Override
        public String noun() {
            return networks.noun();
        }

        @Override
        public Rates usualRates() {
            return networks.usualRates();
        }
    }

    private record Counted(HeadedNetwork<Tensor> network, Watched by) implements HeadedNetwork<Tensor> {
        @Override
        public Part part() {
            return network.part();
        }

        @Override
        public String architecture() {
            return network.architecture();
        }

        @Override
        public String head() {
            return network.head();
        }

        @Override
        public Parameters body() {
            return by.cached ? network.body() : network.parameters();
        }

        @Override
        public Variable features(Tensor batch) {
            by.computed.addAndGet(batch.dim(0));
            return network.features(batch);
        }

        @Override
        public Variable classify(Variable features) {
            return network.classify(features);
        }

        @Override
        public String noun() {
            return network.noun();
        }

        @Override
        public double usualRate() {
            return network.usualRate();
        }

        @Override
        public double usualHeadRate(double rate) {
            return network.usualHeadRate(rate);
        }

        @Override
        public String reading() {
            return network.reading();
        }

        @Override
        public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
            network.save(folder, labels, card);
        }
    }

    private static List<Outcome> run(LabelledTask<?> task, Plan plan, int threads) {
        return Workers.of(threads).call(() -> {
            try {
                return new Comparison(task, plan, RANDOM).run(Progress.silent());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static List<List<TrainingResult.Point>> curves(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> outcome.training().curve()).toList();
    }

    @Test
    void features_computed_once_give_the_bits_of_computing_them_in_every_step() throws IOException {
        Plan plan = plan(TuningMode.HEAD, TuningMode.PROBE, TuningMode.GRADUAL);
        Watched once = Watched.of(task(), true);
        Watched always = Watched.of(task(), false);
        assertEquals(curves(run(always.in(task()), plan, 1)), curves(run(once.in(task()), plan, 1)));
        assertTrue(once.computed.get() < always.computed.get(), once.computed + " < " + always.computed);
    }

    @Test
    void head_only_computes_no_example_twice() throws IOException {
        Watched watched = Watched.of(task(), true);
        Plan plan = plan(TuningMode.HEAD);
        run(watched.in(task()), plan, 1);
        int others = 2 * plan.labels().size() * plan.seeds() * plan.points() * MEASURED; // measuring what starts without knowledge
        int learnt = 2 * plan.seeds() * plan.labels().size() * STEPS * 5;
        int checks = 10 * 4; // a frozen prefix tries out whether it draws
        assertTrue(watched.computed.get() <= others + learnt + checks + LEARNT + MEASURED,
                "computed " + watched.computed);
    }

    @Test
    void what_is_frozen_keeps_its_bytes_and_what_learns_does_not() throws IOException {
        for (TuningMode mode : TuningMode.values()) {
            Watched watched = Watched.of(task(), true);
            run(watched.in(task()), new Plan(List.of(mode), List.of(3), 1, STEPS, 5, 1, 0.01, 0.01, 0.01, LOWER, 2, 1), 1);
            Parameters before = task().network(Initialization.PRETRAINED, 0).parameters();
            watched.built.get(1).parameters().byName().forEach((name, parameter) -> { // number 0 has the known features
                boolean kept = Arrays.equals(parameter.value().toArray(), before.get(name).value().toArray());
                assertEquals(stays(mode, name), kept, mode + ": " + name);
            });
        }
    }

    /// Whether a parameter is the file's after 4 steps. Gradual gets to the third level from above, which is the second stage's block.
    private static boolean stays(TuningMode mode, String name) {
        boolean lower = name.matches("(conv1|bn1|layer1)\\..*");
        return !name.startsWith("linear.") && switch (mode) {
            case FULL, PROBE -> false;
            case PARTIAL -> lower;
            case HEAD -> true;
            case GRADUAL -> name.matches("(conv1|bn1)\\..*");
        };
    }

    @Test
    void runs_have_the_same_bits_on_any_number_of_threads() throws IOException {
        Plan plan = plan(TuningMode.PARTIAL, TuningMode.PROBE);
        assertEquals(curves(run(task(), plan, 1)), curves(run(task(), plan, 3)));
    }

    @Test
    void accuracy_is_measured_so_often_and_at_the_end() throws IOException {
        List<Long> steps = run(task(), plan(TuningMode.HEAD), 1).getFirst().training().curve().stream().map(TrainingResult.Point::step)
                .toList();
        assertEquals(List.of(2L, 4L), steps);
        assertEquals(4, new Plan(List.of(), List.of(), 1, 10, 1, 3, 1, 1, 1, List.of(), 1, 1).measureEvery());
    }

    @Test
    void shuffled_weights_are_the_files_numbers_in_another_order() throws IOException {
        float[] own = task().network(Initialization.PRETRAINED, 0).parameters().get("layer2.0.conv1.weight").value().toArray();
        float[] mixed = task().network(Initialization.SHUFFLED, 0).parameters().get("layer2.0.conv1.weight").value().toArray();
        assertFalse(Arrays.equals(own, mixed));
        Arrays.sort(own);
        Arrays.sort(mixed);
        assertArrayEquals(own, mixed);
        assertArrayEquals(task().network(Initialization.RANDOM, 1).parameters().get("linear.weight").value().toArray(),
                task().network(Initialization.PRETRAINED, 1).parameters().get("linear.weight").value().toArray(),
                "the same new head for every start");
        assertNotEquals(task().network(Initialization.RANDOM, 0).parameters().get("linear.weight").value().toArray()[0],
                task().network(Initialization.RANDOM, 1).parameters().get("linear.weight").value().toArray()[0]);
    }
}
