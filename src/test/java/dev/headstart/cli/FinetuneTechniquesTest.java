package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.TuningExample.Outcome;
import dev.headstart.cli.data.Table;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Images;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.task.tuning.BertNetworks;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.task.tuning.LossTerms;
import dev.headstart.task.tuning.ScheduleKind;
import dev.headstart.task.tuning.Strategy;
import dev.headstart.task.tuning.Tuning;
import dev.headstart.task.tuning.TuningSettings;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.tuning.Snapshot;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What each flag of `headstart finetune` is defined by.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinetuneTechniquesTest {
    private static final Pattern FORGOTTEN = Pattern.compile("old task: ([\\d.]+) % before, ([\\d.]+) % after; new task: ([\\d.]+) %");

    private TuningExample example = TuningExample.NONE;

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        example = TuningExample.in(folder);
    }

    private Path out(String name) {
        return example.folder().resolve(name);
    }

    /// All images in one batch under the network's own ten classes, measured on themselves.
    private List<Object> whole(Path data) {
        return List.of("--from", out("resnet8.safetensors"), "--data", data, "--validation-data", data, "--keep-head", "--batch", 40);
    }

    private double firstLoss(String name, Object... args) throws IOException, JsonException {
        example.succeeding("finetune", whole(out("images.bin")), "--steps", 1, "--out", out(name), List.of(args));
        return metrics(name).getFirst().number("loss");
    }

    private List<Json.Obj> metrics(String name) throws IOException, JsonException {
        List<Json.Obj> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out(name).resolve("metrics.jsonl"))) {
            lines.add((Json.Obj) Json.parse(line));
        }
        return lines;
    }

    /// The source's loss of all images, with its own head.
    private double sourceLoss(double smoothing) throws IOException {
        CifarResNet network = CifarResNet.of(8, 10, RandomStream.of(3));
        Images images = Images.open(out("images.bin"));
        int[] all = IntStream.range(0, images.size()).toArray();
        Variable x = Variable.of(images.batch(all, network.preprocessing()));
        return Mode.inference(() -> new CrossEntropy(-100, (float) smoothing, null).of(network.forward(x), Indices.of(images.labels(all))))
                .value().item();
    }

    @Test
    void the_loss_of_a_kept_head_begins_where_the_source_stands() throws IOException, JsonException {
        double plain = sourceLoss(0);
        assertEquals(plain, firstLoss("plain", "--head-only"), 1e-5);
        assertEquals(sourceLoss(0.2), firstLoss("smooth", "--head-only", "--label-smoothing", 0.2), 1e-5);
        assertEquals(0.75 * plain, firstLoss("taught", "--head-only", "--distill", 0.25), 1e-5, "the teacher says what the network says");
        assertEquals(plain, firstLoss("hardly mixed", "--head-only", "--mixup", 1e-9), 1e-5, "shares of 0 and 1 only order the batch anew");
        assertTrue(Math.abs(plain - firstLoss("mixed", "--head-only", "--mixup", 1)) > 1e-3);
    }

    @Test
    void images_that_are_always_mirrored_teach_what_mirrored_images_teach() throws IOException {
        byte[] records = TuningExample.images(0);
        byte[] mirrored = records.clone();
        for (int i = 0; i < records.length; i++) {
            int at = i % 3073;
            if (at > 0) {
                int column = (at - 1) % 32;
                mirrored[i - column + 31 - column] = records[i];
            }
        }
        Path turned = Files.write(out("mirrored.bin"), mirrored);
        Object[] same = {"--validation-data", out("images.bin"), "--from", out("resnet8.safetensors"), "--steps", 3, "--batch", 16};
        example.succeeding("finetune", List.of(same), "--data", turned, "--out", out("turned"));
        example.succeeding("finetune", List.of(same), "--data", out("images.bin"), "--augment", "--shift", 0, "--mirror", 1, "--cutout", 0,
                "--out", out("augmented"));
        assertSame("turned", "augmented", "layer3.0.conv1.weight", "linear.weight", "bn1.running_mean");
        Outcome frozen = example.succeeding("finetune", List.of(same), "--data", out("images.bin"), "--augment", "--head-only", "--out",
                out("frozen and augmented"));
        assertTrue(frozen.out().contains("anew in each epoch, since --augment changes images"), frozen.out());
        example.refused(1, "--cache: --augment changes images", "finetune", List.of(same), "--data", out("images.bin"), "--augment",
                "--head-only", "--cache", out("cache"), "--out", out("no"));
    }

    private void assertSame(String one, String other, String... names) {
        for (String name : names) {
            assertArrayEquals(TuningExample.tensor(out(one), name), TuningExample.tensor(out(other), name), name);
        }
    }

    @Test
    void the_average_holds_its_share_of_each_step_and_goes_on_after_a_stop() throws IOException {
        Object[] step = {"finetune", example.images(), "--rate", 0.01, "--head-rate", 0.01};
        example.succeeding(Stream.concat(Arrays.stream(step), Stream.of("--steps", 1, "--out", out("step"))).toArray());
        example.succeeding(
                Stream.concat(Arrays.stream(step), Stream.of("--steps", 1, "--ema", 0.75, "--out", out("averaged step"))).toArray());
        between("resnet8.safetensors", "step", "averaged step", 0.25f, "conv1.weight");
        Object[] averaged = Stream.concat(Arrays.stream(step),
                Stream.of("--steps", 6, "--ema", 0.75, "--checkpoint-every", 3, "--out", out("average"))).toArray();
        example.succeeding(averaged);
        byte[] weights = Files.readAllBytes(out("average").resolve("model.safetensors"));
        Files.delete(out("average").resolve("checkpoints/step-000000000006.ckpt"));
        Files.delete(out("average").resolve("model.safetensors"));
        example.succeeding(averaged);
        assertArrayEquals(weights, Files.readAllBytes(out("average").resolve("model.safetensors")));
    }

    private void between(String from, String to, String found, float share, String... names) {
        for (String name : names) {
            float[] before = TuningExample.tensor(out(from), name);
            float[] after = TuningExample.tensor(out(to), name);
            float[] expected = new float[before.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = before[i] + share * (after[i] - before[i]);
            }
            assertFalse(Arrays.equals(before, after), name);
            assertArrayEquals(expected, TuningExample.tensor(out(found), name), 1e-6f, name);
        }
    }

    @Test
    void wise_ft_saves_weights_on_the_line_to_the_source() {
        Object[] run = {"finetune", example.images(), "--rate", 0.01, "--steps", 3};
        example.succeeding(Stream.concat(Arrays.stream(run), Stream.of("--out", out("learnt"))).toArray());
        example.succeeding(Stream.concat(Arrays.stream(run), Stream.of("--wise-ft", 0.3, "--out", out("mixed weights"))).toArray());
        between("resnet8.safetensors", "learnt", "mixed weights", 0.3f, "conv1.weight", "layer3.0.bn2.bias", "layer2.0.bn1.running_mean");
        assertSame("learnt", "mixed weights", "linear.weight", "linear.bias");
    }

    @Test
    void wise_ft_leaves_what_is_frozen_as_it_was_bit_by_bit() throws IOException {
        example.succeeding("finetune", example.images(), "--freeze", "layer[12].**", "--rate", 0.01, "--steps", 3, "--wise-ft", 0.3,
                "--out",
                out("partly mixed"));
        String[] frozen = Weights.open(out("resnet8.safetensors")).names().stream()
                .filter(name -> name.matches("layer[12]\\..*(weight|bias)")).toArray(String[]::new);
        assertTrue(frozen.length > 10, Arrays.toString(frozen));
        assertSame("resnet8.safetensors", "partly mixed", frozen);
        assertFalse(Arrays.equals(TuningExample.tensor(out("resnet8.safetensors"), "layer3.0.conv1.weight"),
                TuningExample.tensor(out("partly mixed"), "layer3.0.conv1.weight")));
        example.refused(1, "--wise-ft: only the new head is trained", "finetune", example.images(), "--head-only", "--wise-ft", 0.3,
                "--out",
                out("no"));
    }

    @Test
    void rates_follow_their_course() throws IOException, JsonException {
        assertArrayEquals(new double[] {1, 5 / 9.0, 0}, factors("linear", 2, 10, 20), 1e-9);
        assertArrayEquals(new double[] {1, (1 + Math.cos(Math.PI * 8 / 18)) / 2, 0}, factors("cosine", 2, 10, 20), 1e-9);
        assertArrayEquals(new double[] {1, (1 + 31 * 10 / 18.0) / 32, 1 / 32.0}, factors("slanted", 2, 10, 20), 1e-9);
        assertArrayEquals(new double[] {4e-6 + (1 - 4e-6) * (1 + Math.cos(Math.PI / 14)) / 2, 4e-6}, factors("one-cycle", 6, 20), 1e-9);
        assertArrayEquals(new double[] {1, 1, 1}, factors("constant", 2, 10, 20), 1e-9);
    }

    /// Factors of the rate, told after these steps out of 20, one measurement every other step.
    private double[] factors(String course, int... steps) throws IOException, JsonException {
        String name = "course " + course;
        example.succeeding("finetune", example.images(), "--head-only", "--schedule", course, "--rate", 0.5, "--head-rate", 0.5, "--steps",
                20,
                "--patience", 100, "--out", out(name));
        List<Json.Obj> lines = metrics(name);
        double[] factors = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            for (Json.Obj line : lines) {
                factors[i] = line.integer("step") == steps[i] ? line.number("rate") / 0.5 : factors[i];
            }
        }
        return factors;
    }

    /// A network that has learnt four classes learns them of inverted images, and forgets them of the others unless it is made to remember.
    @Test
    void what_is_rehearsed_or_held_by_ewc_is_forgotten_less() throws IOException {
        Path source = out("taught source");
        Object[] groups = {"--group", "a=0", "--group", "b=1", "--group", "c=2", "--group", "d=3"};
        example.succeeding("finetune", "--from", out("resnet8.safetensors"), "--data", out("images.bin"), List.of(groups), "--steps", 60,
                "--rate", 0.01, "--out", source);
        byte[] records = TuningExample.images(0);
        for (int i = 0; i < records.length; i++) {
            records[i] = i % 3073 == 0 ? records[i] : (byte) (255 - records[i]);
        }
        Path inverted = Files.write(out("inverted.bin"), records);
        List<Object> again = new ArrayList<>(List.of("--from", source, "--data", inverted, "--old-data", out("images.bin"), "--keep-head",
                "--steps", 30, "--rate", 0.01, "--batch", 18));
        again.addAll(List.of(groups));
        double[] plain = forgotten(example.succeeding("finetune", again, "--out", out("forgetful")));
        double[] rehearsed = forgotten(example.succeeding("finetune", again, "--rehearse", 16, "--out", out("rehearsed")));
        assertEquals(100, plain[0], "it knew the old task");
        assertTrue(plain[1] < 60, Arrays.toString(plain));
        assertTrue(rehearsed[1] > plain[1], Arrays.toString(rehearsed));
        assertTrue(rehearsed[2] > 60, Arrays.toString(rehearsed));
        double[] elastic = forgotten(example.succeeding("finetune", again, "--ewc", 1e9, "--out", out("elastic")));
        assertTrue(elastic[1] > plain[1], Arrays.toString(elastic));
        assertTrue(distance(source, out("elastic")) < 0.7 * distance(source, out("forgetful")));
        example.refused(1, "--rehearse: the head is new", "finetune", again.stream().filter(o -> !o.equals("--keep-head")).toList(),
                "--rehearse", 4, "--out", out("no"));
    }

    private static double distance(Path one, Path other) {
        float[] a = TuningExample.tensor(one, "layer3.0.conv1.weight");
        float[] b = TuningExample.tensor(other, "layer3.0.conv1.weight");
        return Math.sqrt(IntStream.range(0, a.length).mapToDouble(i -> (a[i] - b[i]) * (double) (a[i] - b[i])).sum());
    }

    /// Old task before and after, new task, in percent.
    private static double[] forgotten(Outcome outcome) {
        Matcher matcher = FORGOTTEN.matcher(outcome.out());
        assertTrue(matcher.find(), outcome.out());
        return IntStream.rangeClosed(1, 3).mapToDouble(i -> Double.parseDouble(matcher.group(i))).toArray();
    }

    @Test
    void a_berts_head_of_the_same_labels_is_the_teachers() throws IOException, JsonException {
        Path source = out("bert source");
        example.succeeding("finetune", example.texts(), "--steps", 40, "--rate", 0.01, "--dropout", 0, "--out", source);
        List<Object> again = List.of("--from", source, "--csv", out("rows.csv"), "--text-column", "text", "--label-column", "mood",
                "--steps",
                2, "--rate", 1e-9, "--head-rate", 1e-9, "--distill", 0.5, "--old-data", out("rows.csv"));
        double[] kept = forgotten(example.succeeding("finetune", again, "--out", out("bert again")));
        assertEquals(100, kept[0]);
        assertEquals(100, kept[1]);
        example.succeeding("finetune", again.stream().filter(arg -> !arg.equals("--distill") && !arg.equals(0.5)).toList(), "--out",
                out("bert untaught"));
        double plain = metrics("bert untaught").getFirst().number("loss");
        assertTrue(plain > 0);
        assertEquals(0.5 * plain, metrics("bert again").getFirst().number("loss"), 1e-5, "the teacher says what the network says");
    }

    @Test
    void labels_in_a_configuration_are_no_head() throws IOException {
        Path bert = Files.createDirectories(out("headless"));
        for (String name : List.of("model.safetensors", "vocab.txt")) {
            Files.copy(out("bert").resolve(name), bert.resolve(name));
        }
        BertConfig.read(out("bert/config.json")).withLabels(List.of("glad", "sad")).json().write(bert.resolve("config.json"));
        List<Object> run = List.of("finetune", "--from", bert, "--csv", out("rows.csv"), "--text-column", "text", "--label-column", "mood",
                "--steps", 1, "--out", out("no"));
        example.refused(1, "has no classifier of [glad, sad]", run, "--keep-head");
        example.refused(1, "--distill: the head is new", run, "--distill", 0.5);
        assertTrue(example.succeeding(run).out().contains("a new head for these labels"));
    }

    @Test
    void what_begins_to_learn_late_is_waited_for_and_what_never_would_is_told() throws IOException, JsonException {
        List<Object> run = example.images();
        Object[] probing = {"--steps", 20, "--probe-first", 12, "--patience", 1, "--rate", 1e-9, "--head-rate", 1e-9};
        example.succeeding("finetune", run, List.of(probing), "--out", out("probed"));
        assertEquals(14, metrics("probed").getLast().integer("step"), "nothing gains, and only 14 is after the body began");
        example.refused(1, "--probe-first 20: what is below the head would begin to learn after step 20, but there are 20", "finetune",
                run, "--out", out("no"), "--steps", 20,
                "--probe-first", 20);
        example.refused(1, "--gradual 30", "finetune", run, "--out", out("no"), "--steps", 20, "--gradual", 30);
        Outcome gradual = example.succeeding("finetune", run, "--steps", 20, "--out", out("too gradual"), "--gradual", 6);
        assertTrue(gradual.out().contains("The run ends at step 20: the levels of these are never trained: conv1.weight (from step 24)."),
                gradual.out());
        assertSame("resnet8.safetensors", "too gradual", "conv1.weight");
    }

    @Test
    void folds_hold_each_example_back_once_and_save_nothing() {
        Outcome outcome = example.succeeding("finetune", example.images(), "--folds", 3, "--steps", 6, "--rate", 0.01);
        List<MatchResult> rows = Pattern.compile("(?m)^\\s*(\\d)\\s+(\\d+)\\s+([\\d.]+) %$").matcher(outcome.out()).results().toList();
        assertEquals(3, rows.size(), outcome.out());
        assertEquals(40, rows.stream().mapToInt(row -> Integer.parseInt(row.group(2))).sum());
        double[] accuracies = rows.stream().mapToDouble(row -> Double.parseDouble(row.group(3))).toArray();
        double mean = Arrays.stream(accuracies).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(accuracies).map(a -> (a - mean) * (a - mean)).sum() / 2);
        Matcher told = Pattern.compile("mean ([\\d.]+) %, standard deviation ([\\d.]+) %").matcher(outcome.out());
        assertTrue(told.find(), outcome.out());
        assertEquals(mean, Double.parseDouble(told.group(1)), 0.11);
        assertEquals(deviation, Double.parseDouble(told.group(2)), 0.11);
        assertEquals(outcome.out(), example.succeeding("finetune", example.images(), "--folds", 3, "--steps", 6, "--rate", 0.01).out());
    }

    @Test
    void the_finder_tells_the_rates_of_body_and_head() {
        Outcome outcome = example.succeeding("finetune", example.texts(), "--rate", 3e-5, "--find-rate");
        Matcher told = Pattern.compile("falls fastest at --rate (\\S+) with --head-rate (\\S+)\\. ").matcher(outcome.out());
        assertTrue(told.find(), outcome.out());
        double rate = Double.parseDouble(told.group(1));
        assertTrue(rate > 1e-7 && rate < 10, outcome.out());
        assertEquals(1e-3 / 3e-5, Double.parseDouble(told.group(2)) / rate, 3, "as the usual rates are to each other");
    }

    /// Whatever learns, and whenever: weights, buffers, what is frozen, and the source's file.
    @Test
    void the_finder_and_the_plan_leave_everything_as_it_was() throws IOException {
        Path bert = out("bert");
        byte[] file = Files.readAllBytes(bert.resolve("model.safetensors"));
        LabelledTable texts = new Table(List.of("text"), "mood", true).read(out("rows.csv"), null, null, 0.1);
        for (Strategy strategy : List.of(new Strategy.Everything(), new Strategy.ProbeFirst(5), new Strategy.Gradual(8),
                new Strategy.Top(2))) {
            BertNetworks networks = BertNetworks.open(Weights.open(bert.resolve("model.safetensors")), bert.resolve("config.json"), bert,
                    16,
                    -1);
            FinetuneTask task = FinetuneTask.of(networks, texts, Initialization.PRETRAINED, false, RandomStream.of(1));
            Tuning tuning = Tuning.of(task, new TuningSettings(strategy, LossTerms.NONE, 20, 8, 1,
                    new TuningSettings.Rates(1e-3, 1e-3, null, ScheduleKind.LINEAR), 4, 0, 1, new TuningSettings.Cache(true, null)),
                    RandomStream.of(2));
            Snapshot before = Snapshot.of(task.parameters());
            tuning.rates();
            tuning.plan();
            Snapshot after = Snapshot.of(task.parameters());
            assertEquals(before.trainable(), after.trainable(), strategy.described());
            before.values().forEach((name, value) -> assertTrue(value.bitsEqual(after.value(name)), name + " of " + strategy.described()));
        }
        assertArrayEquals(file, Files.readAllBytes(bert.resolve("model.safetensors")));
    }

    /// The rate of a body that is frozen changes nothing.
    @Test
    void where_the_head_learns_alone_the_rate_found_is_its_own() {
        Object[] run = {"finetune", example.texts(), "--find-rate", "--head-only", "--head-rate"};
        String found = example.succeeding(run[0], run[1], run[2], run[3], run[4], 0.001, "--rate", 0.5).out();
        assertTrue(Pattern.compile("falls fastest at --head-rate \\S+\\. ").matcher(found).find(), found);
        assertEquals(found, example.succeeding(run[0], run[1], run[2], run[3], run[4], 0.25, "--rate", 1e-6).out());
    }

    @Test
    void examples_on_both_sides_are_warned_of() {
        assertTrue(example.succeeding("finetune", example.texts(), "--head-only", "--steps", 1, "--out", out("leaky")).out()
                .contains("held-out texts are also among those to train on"));
        assertFalse(example.succeeding("finetune", example.images(), "--head-only", "--steps", 1, "--out", out("tight")).out()
                .contains("Warning"));
    }

    @Test
    void folds_warn_of_copies_and_refuse_what_they_do_not_use() throws IOException {
        List<String> rows = Files.readAllLines(out("rows.csv")).stream().skip(1).map(row -> row.substring(row.indexOf(',') + 1)).toList();
        Outcome texts = example.succeeding("finetune", example.texts(), "--folds", 2, "--head-only", "--steps", 1);
        assertTrue(texts.out().contains("Warning: " + (30 - rows.stream().distinct().count()) + " of 30 texts are copies of others"),
                texts.out());
        assertFalse(example.succeeding("finetune", example.images(), "--folds", 2, "--head-only", "--steps", 1).out().contains("Warning"));
        for (List<Object> idle : List.<List<Object>>of(List.of("--patience", 4), List.of("--restart"), List.of("--checkpoint-every", 100),
                List.of("--old-data", out("rows.csv")))) {
            example.refused(2, idle.getFirst() + " has no effect", "finetune", example.texts(), "--folds", 2, idle);
        }
    }

    @Test
    void old_examples_on_the_other_side_are_warned_of() {
        List<Object> same = new ArrayList<>(whole(out("images.bin")));
        same.addAll(List.of("--old-data", out("images.bin"), "--steps", 1));
        String measured = example.succeeding("finetune", same, "--out", out("old held")).out();
        assertTrue(measured.contains("Warning: 4 of 4 held-out old images are also among those to train on"), measured);
        assertFalse(measured.contains("to rehearse"), measured);
        String rehearsed = example.succeeding("finetune", same, "--rehearse", 4, "--out", out("old rehearsed")).out();
        assertTrue(rehearsed.contains("Warning: 36 of 40 held-out images are also among the old ones to rehearse"), rehearsed);
    }

    @Test
    void what_does_not_go_together_is_refused_before_anything_is_computed() {
        Object[][] images = {{"--mixup", 0, "--mixup is 0.0"}, {"--shift", 3, "belong to --augment"}, {"--label-smoothing", 1, "below 1"},
            {"--ema", 1, "below 1"}, {"--wise-ft", 2, "from 0 to 1"}, {"--ewc", 1, "need --old-data"}, {"--rehearse", 4, "need --old-data"},
            {"--distill", 2, "at most 1"}, {"--folds", 3, "save nothing: leave --out away"}, {"--folds", 1, "at least 2"},
            {"--schedule", "straight", "--schedule"}, {"--top", 0, "at least 1"},
            {"--accumulate", 19, "--accumulate is 19, --batch is 18: a part is at least one example"}};
        for (Object[] bad : images) {
            example.refused(2, bad[2].toString(), "finetune", example.images(), bad[0], bad[1], "--out", out("refused"));
        }
        example.refused(2, "--augment and --mixup are for images", "finetune", example.texts(), "--augment", "--out", out("refused"));
        example.refused(2, "exclude", "finetune", example.texts(), "--lora", 2, "--wise-ft", 0.5, "--out", out("refused"));
        example.refused(2, "--distill excludes", "finetune", example.images(), "--distill", 0.5, "--augment", "--out", out("refused"));
        example.refused(2, "random head has learnt no labels", "finetune", example.images(), "--keep-head", "--random-weights", "--out",
                out("refused"));
        example.refused(2, "--out is missing", "finetune", example.images());
        example.refused(1, "--distill: the head is new", "finetune", example.images(), "--distill", 0.5, "--out", out("refused"));
        example.refused(1, "head is of 10 classes, the images are of 2", "finetune", example.images(), "--keep-head", "--out",
                out("refused"));
        assertFalse(Files.exists(out("refused")));
    }
}
