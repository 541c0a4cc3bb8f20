package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.compare.TuningMode;
import dev.headstart.task.folder.FolderLock;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.TrainingListener;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compare, Rank and Probe from Java. Images of class 0 are dark, of class 1 bright.
class ComparingVerbsTest {
    @TempDir
    private Path folder;

    private static ImageClassification task() {
        int count = 48;
        int side = 8;
        byte[] pixels = new byte[count * side * side * 3];
        int[] labels = new int[count];
        RandomStream random = RandomStream.of(5);
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < side * side * 3; j++) {
                pixels[i * side * side * 3 + j] = (byte) (120 * labels[i] + random.below(60, i * 1000L + j));
            }
        }
        return ImageClassification.of(new Images(pixels, count, side, side, 3, labels, List.of("dark", "bright"))).holdingOut(0.25);
    }

    private Pretrained network(String name, boolean blind) throws IOException {
        CifarResNet network = CifarResNet.of(8, 4, RandomStream.of(1));
        if (blind) {
            Tensor first = network.parameters().get("conv1.weight").value();
            first.copyInPlace(Tensor.zeros(first.shape()));
        }
        Path file = folder.resolve(name + ".safetensors");
        SafeTensors.write(file, network.export());
        return Pretrained.open(file);
    }

    private static Compare small(Pretrained from) {
        return Compare.of(from, task()).labels(4, 2).seeds(2).steps(6).batch(4).points(2).modes(TuningMode.FULL, TuningMode.HEAD);
    }

    /// Those lines of a report that no clock writes.
    private static List<String> figures(Compare.Result result) {
        return result.report().json().pretty().lines().filter(line -> !line.contains("econds")).toList();
    }

    @Test
    void a_comparison_has_all_runs_and_two_at_once_have_the_bits_each_has_alone() throws Exception {
        Pretrained from = network("seeing", false);
        Compare.Result alone = small(from).run();
        assertEquals(4 * 2 * 2, alone.report().outcomes().all().size()); // 2 modes, shuffled, random; 2 sizes; 2 seeds
        assertEquals(List.of(2, 4), alone.report().outcomes().plan().labels());
        List<Double> accuracies = alone.report().outcomes().all().stream().map(outcome -> outcome.accuracy()).toList();
        Callable<Compare.Result> again = () -> Workers.of(2).call(() -> small(from).run());
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Compare.Result> other : threads.invokeAll(List.of(again, again))) {
                assertEquals(accuracies, other.get().report().outcomes().all().stream().map(outcome -> outcome.accuracy()).toList());
            }
        }
    }

    /// The case of a column "100 per class" with the figures of 5.
    @Test
    void more_labels_than_a_class_has_are_refused_and_without_a_number_there_are_as_many_as_there_can_be() throws IOException {
        Pretrained from = network("seeing", false);
        Compare usual = Compare.of(from, task()).seeds(1).steps(1).batch(4).points(1).modes(TuningMode.HEAD);
        SettingException e = assertThrows(SettingException.class, () -> usual.labels(2, 19).prepare());
        assertEquals("labels 19: class dark has 18 images to train on", e.getMessage());
        assertEquals(List.of(10, 18), usual.run().report().outcomes().plan().labels());
        assertEquals(List.of(2, 18), usual.labels(2, 18).run().report().outcomes().plan().labels());
    }

    @Test
    void a_comparison_is_heard_and_saved_in_a_folder_of_its_own() throws IOException {
        List<String> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void noted(String figure, String value) {
                heard.add(figure + " " + value);
            }
        };
        Path out = folder.resolve("out");
        Compare run = small(network("seeing", false)).listener(listener).saveIn(out)
                .whenOpened(opened -> Files.writeString(opened.resolve("mine"), "x"));
        try (FolderLock _ = FolderLock.of(out)) {
            assertThrows(IOException.class, run::run);
        }
        Compare.Result result = run.run();
        assertEquals("runs 16/16", heard.getLast());
        assertTrue(Files.readString(out.resolve("report.html")).contains(result.headline().substring(0, 20)));
        assertEquals(result.report().json().pretty().strip(), Files.readString(out.resolve("report.json")).strip());
        assertTrue(Files.exists(out.resolve("mine")));
        assertEquals(-1, Files.mismatch(network("seeing", false).from(), folder.resolve("seeing.safetensors")));
        assertTrue(figures(result).size() > 20);
    }

    @Test
    void a_network_whose_features_say_nothing_comes_last() throws IOException {
        Pretrained blind = network("blind", true);
        Pretrained seeing = network("seeing", false);
        List<Rank.Candidate> ranked = Rank.on(task()).perClass(16).best(List.of(blind, seeing));
        assertEquals(List.of(seeing, blind), ranked.stream().map(Rank.Candidate::from).toList());
        assertEquals(Rank.on(task()).perClass(16).score(seeing).logMe(), ranked.getFirst().logMe());
    }

    @Test
    void a_probe_tells_what_features_tell() throws IOException {
        Probe.Result found = Probe.of(network("seeing", false), task()).perClass(16).neighbours(3).run();
        assertEquals(1, found.scores().probe().accuracy());
        assertEquals(64, found.features().rows().dim(1));
        assertEquals(2 * 12, found.features().training().length);
        assertTrue(found.gap().isEmpty());
    }

    @Test
    void features_are_what_the_head_sees_or_a_stage_gives() throws IOException {
        Images images = (Images) task().images();
        CifarResNet same = CifarResNet.of(8, 4, RandomStream.of(1));
        Tensor x = images.batch(IntStream.range(0, images.count()).toArray(), same.preprocessing());
        Tensor expected = Mode.inference(() -> same.features(Variable.of(x)).value());
        Pretrained from = network("seeing", false);
        ExtractFeatures.Result found = ExtractFeatures.with(from).of(images);
        assertEquals("ResNet-8 for CIFAR, 4 classes", found.architecture());
        assertArrayEquals(expected.toArray(), found.rows().toArray());
        assertEquals(Shape.of(48, 32), ExtractFeatures.with(from).layer("layer2").of(images).rows().shape());
        IOException e = assertThrows(IOException.class, () -> ExtractFeatures.with(from).layer("layer9").of(images));
        assertTrue(String.valueOf(e.getMessage()).startsWith("layer layer9: the stages of this network are "), e.getMessage());
        assertThrows(IOException.class, () -> ExtractFeatures.with(from).of(List.of("a text")));
    }

    @Test
    void settings_that_make_no_sense_are_refused() throws IOException {
        Pretrained from = network("seeing", false);
        assertThrows(IllegalArgumentException.class, () -> small(from).seeds(0));
        assertThrows(IllegalArgumentException.class, () -> small(from).rate(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> small(from).labels());
        assertThrows(IllegalArgumentException.class, () -> Probe.of(from, task()).perClass(3));
        assertThrows(IllegalArgumentException.class, () -> Rank.on(task()).perClass(3).score(from));
    }
}
