package dev.headstart.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.architecture.Project;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the examples of docs/transfer.md tell.
class ExamplesTest {
    private interface Example {
        void run(PrintStream out) throws IOException;
    }

    /// What an example prints.
    ///
    /// @param text all of it
    private record Told(String text) {
        static Told by(Example example) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
                example.run(out);
            }
            return new Told(bytes.toString(StandardCharsets.UTF_8));
        }

        void says(String... parts) {
            for (String part : parts) {
                assertTrue(text.contains(part), () -> "'" + part + "' is not in\n" + text);
            }
        }

        /// The first number after some words and whatever else of their line.
        double figure(String words, String just) {
            Matcher matcher = Pattern
                    .compile(Pattern.quote(words) + ".*?" + Pattern.quote(just) + "\\s*([-+]?[0-9][0-9.]*(?:e[-+][0-9]+)?)")
                    .matcher(text);
            assertTrue(matcher.find(), () -> "no number after '" + words + "' … '" + just + "' in\n" + text);
            return Double.parseDouble(matcher.group(1));
        }

        /// Claims that some figure is larger than another.
        void isMore(double larger, double smaller) {
            assertTrue(larger > smaller, () -> larger + " is not more than " + smaller + ":\n" + text);
        }
    }

    @Test
    void every_example_is_named_in_the_guide_and_every_section_of_it_names_one() throws IOException {
        String guide = Files.readString(Project.root().resolve("docs/transfer.md"));
        List<String> names;
        try (Stream<Path> files = Files.list(Project.root().resolve("src/test/java/dev/headstart/examples"))) {
            names = files.map(file -> String.valueOf(file.getFileName())).filter(name -> name.endsWith("Example.java")).toList();
        }
        assertEquals(12, names.size());
        for (String name : names) {
            assertTrue(guide.contains("(../src/test/java/dev/headstart/examples/" + name + ")"), name);
        }
        for (String section : guide.split("\n##+ ", -1)) {
            boolean parent = section.startsWith("What is trained\n");
            assertTrue(parent || section.contains("Example.java)"), section.lines().findFirst().orElse(""));
        }
    }

    @Test
    void words_are_learnt_without_labels_and_a_domain_begins_where_the_source_ended() throws IOException {
        Told told = Told.by(WordsExample::run);
        told.says("the model is its source, bit by bit");
        told.isMore(told.figure("random weights", "general"), told.figure("after general texts", "general") + 0.5);
        told.isMore(told.figure("after general texts", "domain"), told.figure("after the domain's texts", "domain") + 1);
        Matcher hidden = Pattern.compile("places \\[([0-9, ]*)]").matcher(told.text);
        int draws = 0;
        for (; hidden.find(); draws++) {
            List<String> places = List.of(hidden.group(1).split(", "));
            assertEquals(places.contains("2"), places.contains("1") && places.contains("3"), told.text);
            assertEquals(places.contains("4"), places.contains("5"), told.text);
        }
        assertEquals(3, draws);
    }

    @Test
    void what_was_learnt_without_labels_helps_where_labels_are_few() throws IOException {
        Told told = Told.by(WithoutLabelsExample::run);
        told.isMore(told.figure("Boltzmann machine", "explain"), 0.5);
        told.isMore(0, told.figure("Boltzmann machine", "before"));
        told.says("layer 1 has learnt from [400, 12]");
        told.isMore(told.figure("Deep belief net", "labelled rows"), told.figure("Deep belief net", "without pre-training") + 3);
        told.isMore(told.figure("Autoencoder", "mended"), told.figure("Autoencoder", "lamps out,") + 0.2);
        told.isMore(told.figure("k-means", "Rand index"), 0.9);
    }

    @Test
    void what_is_frozen_keeps_its_bits() throws IOException {
        Told told = Told.by(FreezingExample::run);
        told.says("learns: [2.weight, 2.bias, 4.weight, 4.bias]", "0.weight has the bits it had", "0.bias has the bits it had",
                "2.weight has moved",
                "4.bias has moved", "state for 4 of 6", "unfrozen, 0.weight moves", "the pattern 'layer.**' matches none of");
    }

    @Test
    void each_mode_lets_learn_what_it_says_and_all_beat_random_weights() throws IOException {
        Told told = Told.by(ModesExample::run);
        told.says("the head alone                             66 weights learn at first,   66 at the end",
                "the upper two levels                     1122 weights learn at first, 1122 at the end",
                "the head for 50 steps, then everything     66 weights learn at first, 1922 at the end",
                "one level more every 40 steps              66 weights learn at first, 1922 at the end");
        double random = told.figure("everything, from random weights", "at the end,");
        for (String mode : List.of("the head alone", "the upper two levels", "everything  ", "the head for 50", "one level more")) {
            told.isMore(told.figure(mode, "at the end,"), random + 4);
        }
    }

    @Test
    void rates_fall_by_level_and_by_step_and_the_finder_leaves_no_trace() throws IOException {
        Told told = Told.by(RatesExample::run);
        told.says("[0.weight]: rate 0.0025, decay 0.1", "[0.bias]: rate 0.0025, decay 0.0", "[4.weight]: rate 0.01, decay 0.1",
                "every weight is back");
        for (String schedule : List.of("warm-up and line", "warm-up and cosine", "slanted triangle", "one cycle")) {
            told.isMore(told.figure(schedule, "step 29:"), told.figure(schedule, "step 75:"));
            told.isMore(told.figure(schedule, "step 75:"), told.figure(schedule, "step 99:"));
        }
        told.isMore(told.figure("30 steps at this rate", "before"), told.figure("30 steps at this rate", "loss") + 0.5);
    }

    @Test
    void each_way_of_staying_close_keeps_more_of_the_old_task() throws IOException {
        Told told = Told.by(StayingCloseExample::run);
        double lost = told.figure("nothing against it", "old task");
        told.isMore(told.figure("before", "old task"), lost + 15);
        for (String way : List.of("L2-SP", "EWC", "rehearsal", "distillation", "half way", "average")) {
            told.isMore(told.figure(way, "old task"), lost + 10);
            told.isMore(told.figure(way, "new task"), told.figure("before", "new task") + 40);
        }
        for (String way : List.of("L2-SP", "EWC", "half way")) {
            told.isMore(told.figure("nothing against it", "moved by"), told.figure(way, "moved by"));
        }
    }

    @Test
    void only_what_was_added_moves_and_it_learns() throws IOException {
        Told told = Told.by(FewParametersExample::run);
        told.says("LoRA, before the first step: outputs have the bits of the base model", "and loaded: outputs have the bits of before",
                "10 of 49 tensors moved, 10 of them allowed to", "28 of 57 tensors moved, 28 of them allowed to",
                "20 of 41 tensors moved, 20 of them allowed to", "the model has the bits it had");
        told.isMore(1e-5, told.figure("LoRA, merged", "differ by"));
        told.isMore(1e-2, told.figure("Adapters, before", "differ by"));
        for (String way : List.of("LoRA:", "Adapters:", "BitFit:", "Prompt:")) {
            told.isMore(told.figure(way, "before"), told.figure(way, "loss") + 0.01);
            told.isMore(told.figure(way, "of"), 6 * told.figure(way, ""));
        }
    }

    @Test
    void each_row_is_computed_once_and_the_head_has_the_bits_it_has_without() throws IOException {
        Told told = Told.by(FrozenPrefixExample::run);
        told.says("computed 200 rows for 2000 asked", "The head has the bits it gets without the cache",
                "Refused: frozen prefix: 2.weight is trainable",
                "augmentation is on");
    }

    @Test
    void each_operation_tells_what_became_of_which_tensor() throws IOException {
        Told told = Told.by(SurgeryExample::run);
        told.says("new      classifier.weight [3, 16]", "word_embeddings.weight [32, 16], it was [30, 16]",
                "copied encoder.layer.2.attention.self.query.weight to encoder.layer.1.",
                "dropped encoder.layer.3.attention.self.query.weight",
                "changed weight from [4, 3, 3, 3] to [4, 3, 3, 1]", "the overlap has the narrow one's bits",
                "missing 0, unexpected 0, mismatched 0");
        told.isMore(1e-5, told.figure("a grey image", "within"));
    }

    @Test
    void mixup_and_smoothing_make_a_network_less_sure_and_parts_of_a_batch_are_the_batch() throws IOException {
        Told told = Told.by(FewExamplesExample::run);
        told.says("epoch 1 once more gives the same image", "leaks [Leak[first=7, second=0]]",
                "first layer's gradient has the bits it has when everything is kept");
        for (String way : List.of("mixup", "label smoothing")) {
            told.isMore(told.figure("labels as they are", "confidence"), told.figure(way, "confidence") + 2);
            told.isMore(told.figure("labels as they are", "loss"), told.figure(way, "loss"));
        }
        told.isMore(1e-4, told.figure("Five steps", "differ by"));
        assertEquals(3, told.text.lines().filter(line -> line.startsWith("Fold ")).count());
    }

    @Test
    void scores_prefer_the_network_that_has_learnt() throws IOException {
        Told told = Told.by(BeforeTrainingExample::run);
        double[] learnt = row(told, "learnt for 300 steps");
        double[] random = row(told, "random");
        for (int score = 0; score < learnt.length; score++) {
            told.isMore(learnt[score], random[score]);
        }
        for (double tau : row(told, "Kendall's tau")) {
            told.isMore(tau, 0);
        }
        told.says("A linear classifier tells source from target in", "Tokens nobody knows: 25 %", "169,282, of which 130 learn",
                "169,282, of which 169,282 learn");
        assertEquals(1, told.text.lines().filter(line -> line.contains("expect less of a head start")).count(),
                "the target's own data give no warning");
        told.isMore(told.figure("of which 169,282 learn\n  memory", ""), 5 * told.figure("of which 130 learn\n  memory", ""));
    }

    private static double[] row(Told told, String name) {
        String line = told.text.lines().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
        return Pattern.compile("-?[0-9]+\\.[0-9]+").matcher(line).results().mapToDouble(r -> Double.parseDouble(r.group())).toArray();
    }

    @Test
    void what_is_measured_and_written_afterwards_is_what_happened() throws IOException {
        Told told = Told.by(AfterTrainingExample::run);
        told.says("overfitting since measurement", "TensorBoard: events.out.tfevents.1700000000.headstart, 184 bytes", "it helps",
                "# same-signs",
                "| weights (SHA-256) | ", "Only for rows of this kind.");
        told.isMore(told.figure("Early stopping", "after"), told.figure("Early stopping", "those of step"));
        told.isMore(300, told.figure("Early stopping", "after"));
        told.isMore(told.figure("Calibration", "error"), told.figure("Calibration", "with early stopping"));
        told.isMore(0, told.figure("Forgetting", "backward transfer"));
        told.isMore(told.figure("Head start", ":"), told.figure("Shuffled weights", ":"));
        told.isMore(told.figure("Head start", "in place of"), told.figure("Head start", "at the best,"));
    }
}
