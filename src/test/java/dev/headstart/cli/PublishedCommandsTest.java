package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Images;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.text.BytePairEncoding;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.Generation;
import dev.headstart.zoo.text.Sampling;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Published networks on the command line, with small ones made here. Images of class 0 are dark, of class 1 bright, and so on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedCommandsTest {
    private static final int IMAGES = 40;
    private static final int RECORD = 1 + 3 * 32 * 32;

    private Path folder = Path.of("");
    private Path weights = Path.of("");
    private Path data = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Stream.concat(Arrays.stream(args).map(String::valueOf), Stream.of("--threads", "2")).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static Outcome succeeding(Object... args) {
        Outcome outcome = headstart(args);
        assertEquals(0, outcome.code, outcome.err);
        return outcome;
    }

    private static Json.Obj json(Outcome outcome) {
        try {
            return (Json.Obj) Json.parse(outcome.out);
        } catch (JsonException e) {
            throw new AssertionError(outcome.out, e);
        }
    }

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        CifarResNet network = CifarResNet.of(8, 10, RandomStream.of(3));
        weights = folder.resolve("resnet8.safetensors");
        SafeTensors.write(weights, network.export());
        byte[] records = new byte[IMAGES * RECORD];
        for (int i = 0; i < IMAGES; i++) {
            int label = i % 4;
            records[i * RECORD] = (byte) label;
            RandomStream random = RandomStream.of(i);
            for (int j = 1; j < RECORD; j++) {
                records[i * RECORD + j] = (byte) (label * 60 + random.below(40, j));
            }
        }
        data = Files.write(folder.resolve("batch.bin"), records);
    }

    @Test
    void inspect_names_the_network() {
        assertTrue(succeeding("inspect", weights).out.contains("looks like ResNet-8 for CIFAR, 10 classes"));
    }

    @Test
    void evaluate_says_what_the_network_gives() throws IOException, JsonException {
        CifarResNet network = CifarResNet.of(8, 10, RandomStream.of(3));
        Images images = Images.open(data);
        int[] all = IntStream.range(0, IMAGES).toArray();
        Tensor logits = Mode.inference(() -> network.forward(Variable.of(batch(images, network, all))).value());
        int[] guesses = logits.argmax().toArray();
        long right = IntStream.of(all).filter(i -> guesses[i] == images.label(i)).count();
        Json.Obj found = json(succeeding("evaluate", "--from", weights, "--data", data, "--json", "--batch", 7));
        assertEquals((double) right / IMAGES, found.number("accuracy"));
        assertEquals(IMAGES, found.integer("images"));
        float[] logP = logits.logSoftmax().toArray();
        double loss = -IntStream.of(all).mapToDouble(i -> logP[10 * i + images.label(i)]).sum() / IMAGES;
        assertEquals(loss, found.number("loss"), 1e-9);
        assertEquals(5, json(succeeding("evaluate", "--from", weights, "--data", data, "--json", "--limit", 5)).integer("images"));
    }

    private static Tensor batch(Images images, CifarResNet network, int[] examples) {
        try {
            return images.batch(examples, network.preprocessing());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void features_are_what_the_head_sees_or_a_stage_gives() throws IOException {
        CifarResNet network = CifarResNet.of(8, 10, RandomStream.of(3));
        Path out = folder.resolve("features.npy");
        succeeding("features", "--from", weights, "--data", data, "--out", out);
        Tensor x = batch(Images.open(data), network, IntStream.range(0, IMAGES).toArray());
        Tensor expected = Mode.inference(() -> network.features(Variable.of(x)).value());
        assertArrayEquals(expected.toArray(), Weights.open(out).tensor("features").toArray());
        assertArrayEquals(Images.open(data).labels(),
                Weights.open(folder.resolve("features-labels.npy")).indices("features-labels").toArray());
        Path stage = folder.resolve("stage.npy");
        succeeding("features", "--from", weights, "--data", data, "--layer", "layer2", "--out", stage);
        assertEquals(List.of(IMAGES, 32), Arrays.stream(Weights.open(stage).shape("stage").dims()).boxed().toList());
        Outcome unknown = headstart("features", "--from", weights, "--data", data, "--layer", "layer9", "--out", stage);
        assertEquals(1, unknown.code);
        assertTrue(unknown.err.contains("layer1, layer2, layer3"), unknown.err);
    }

    @Test
    void an_image_network_is_fine_tuned_saved_and_measured_again() throws IOException, JsonException {
        Path out = folder.resolve("tuned");
        Object[] command = {"finetune", "--from", weights, "--data", data, "--group", "dark=airplane,automobile", "--group",
            "bright=bird,cat",
            "--freeze", "conv1.**", "--freeze", "layer1.**", "--steps", 12, "--batch", 8, "--rate", 0.01, "--checkpoint-every", 6, "--out",
            out};
        Outcome tuned = succeeding(command);
        assertTrue(tuned.out.contains("2 classes (dark, bright)"), tuned.out);
        assertTrue(tuned.out.contains("linear.*: a new head of 2 classes"), tuned.out);
        Weights before = Weights.open(weights);
        Weights after = Weights.open(out);
        assertArrayEquals(before.tensor("layer1.0.conv1.weight").toArray(), after.tensor("layer1.0.conv1.weight").toArray());
        assertFalse(Arrays.equals(before.tensor("layer2.0.conv1.weight").toArray(), after.tensor("layer2.0.conv1.weight").toArray()));
        assertEquals(List.of(2, 64), Arrays.stream(after.shape("linear.weight").dims()).boxed().toList());
        assertTrue(Files.exists(out.resolve("report.html")));
        Outcome again = succeeding(command);
        assertEquals(last(tuned), last(again), "going on from the last step changes nothing");
        Path others = folder.resolve("others.csv");
        csv(others);
        assertEquals(1, headstart("evaluate", "--from", out, "--data", others).code, "the classes 0 and 1 are not dark and bright");
        Object[] named = {"--group", "dark=0", "--group", "bright=1"};
        assertTrue(json(
                succeeding(Stream.concat(Stream.of("evaluate", "--from", out, "--data", others, "--json"), Arrays.stream(named)).toArray()))
                .number("accuracy") > 0.9);
    }

    /// The sentence before the last line, which has the time.
    private static String last(Outcome outcome) {
        List<String> lines = outcome.out.lines().toList();
        return lines.get(lines.size() - 2);
    }

    /// Two bright and two dark images as rows of bytes.
    private static void csv(Path file) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int value = i % 2 * 150 + 20;
            rows.add(i % 2 + ",%d".formatted(value).repeat(3 * 32 * 32));
        }
        Files.write(file, rows);
    }

    @Test
    void compare_writes_what_every_start_gives() throws IOException, JsonException {
        Path out = folder.resolve("compared");
        Outcome outcome = succeeding("compare", "--from", weights, "--data", data, "--test", data, "--labels", "1,2", "--seeds", 2,
                "--steps", 2,
                "--points", 2, "--freeze", "conv1.**", "--out", out);
        for (String way : List.of("pre-trained weights  everything", "pre-trained weights  upper part", "pre-trained weights  head only",
                "shuffled weights     everything", "random weights       everything")) {
            assertTrue(outcome.out.contains(way), outcome.out);
        }
        Json.Obj report = (Json.Obj) Json.read(out.resolve("report.json"));
        assertEquals(5 * 2 * 2, report.array("runs").size());
        Outcome aside = succeeding("report", out, "--out", folder.resolve("compared.html"));
        assertTrue(aside.out.contains("fine-tune (1 per class), pre-trained, upper part"), aside.out);
        assertTrue(Files.readString(out.resolve("report.html")).contains("</svg>"));
    }

    @Test
    void classes_are_matched_by_name_where_they_are_known() throws IOException, JsonException {
        Path out = folder.resolve("named");
        Object[] groups = {"--group", "bright=bird,cat", "--group", "dark=airplane,automobile"};
        succeeding(Stream.concat(Stream.of("finetune", "--from", weights, "--data", data, "--steps", 12, "--rate", 0.01, "--out", out),
                Arrays.stream(groups)).toArray());
        Object[] evaluate = {"evaluate", "--from", out, "--data", data, "--json"};
        double right = json(succeeding(Stream.concat(Arrays.stream(evaluate), Arrays.stream(groups)).toArray())).number("accuracy");
        Object[] swapped = {"--group", "dark=airplane,automobile", "--group", "bright=bird,cat"};
        assertEquals(right, json(succeeding(Stream.concat(Arrays.stream(evaluate), Arrays.stream(swapped)).toArray())).number("accuracy"));
        Outcome unknown = headstart(evaluate);
        assertEquals(1, unknown.code);
        assertTrue(unknown.err.contains("does not know the class 'airplane': its classes are bright, dark"), unknown.err);
    }

    @Test
    void the_pretrained_weights_are_never_the_place_of_the_new_ones() {
        Outcome outcome = headstart("finetune", "--from", weights, "--data", data, "--out", folder);
        assertEquals(1, outcome.code);
        assertTrue(outcome.err.contains("choose another, so that the pre-trained model stays"), outcome.err);
    }

    @Test
    void a_run_goes_on_under_the_same_labels_only() {
        Path out = folder.resolve("labels");
        succeeding("finetune", "--from", weights, "--data", data, "--group", "a=0,1", "--group", "b=2,3", "--steps", 2, "--out", out);
        Outcome other = headstart("finetune", "--from", weights, "--data", data, "--group", "a=2,3", "--group", "b=0,1", "--steps", 2,
                "--out", out);
        assertEquals(1, other.code);
        assertTrue(other.err.contains("groups was a=0,1 b=2,3"), other.err);
    }

    @Test
    void options_of_the_other_kind_are_refused() {
        Outcome outcome = headstart("finetune", "--from", weights, "--data", data, "--dropout", 0.5, "--out", folder.resolve("no"));
        assertEquals(2, outcome.code);
        assertTrue(outcome.err.contains("are for texts, the examples are images"), outcome.err);
    }

    /// Ascending: the engine's layout is another one than the file's.
    private static float[] checkpointed(Path run, int step) throws IOException {
        Path file = run.resolve("checkpoints/step-%012d.ckpt".formatted(step));
        return sorted(Objects.requireNonNull(Checkpoints.load(file).checkpoint().tensors().get("model/layer3.0.conv1.weight")));
    }

    private static float[] sorted(Tensor tensor) {
        float[] values = tensor.toArray();
        Arrays.sort(values);
        return values;
    }

    @Test
    void ways_to_learn_change_what_learns() throws IOException {
        Path probed = folder.resolve("probed");
        succeeding("finetune", "--from", weights, "--data", data, "--probe-first", 3, "--steps", 4, "--batch", 8,
                "--checkpoint-every", 3, "--out", probed);
        float[] source = sorted(Weights.open(weights).tensor("layer3.0.conv1.weight"));
        assertArrayEquals(source, checkpointed(probed, 3));
        assertFalse(Arrays.equals(source, checkpointed(probed, 4)));
        Path gradual = folder.resolve("gradual");
        Outcome outcome = succeeding("finetune", "--from", weights, "--data", data, "--validation-data", data, "--gradual", 1,
                "--rate-decay", 0.5,
                "--l2sp", 0.001, "--accumulate", 2, "--steps", 10, "--batch", 8, "--rate", 0.01, "--out", gradual);
        assertFalse(Arrays.equals(Weights.open(weights).tensor("layer3.0.conv1.weight").toArray(),
                Weights.open(gradual).tensor("layer3.0.conv1.weight").toArray()), outcome.out);
    }

    @Test
    void rank_puts_the_network_first_whose_features_tell_the_classes_apart() throws IOException {
        Path blind = folder.resolve("blind.safetensors");
        CifarResNet network = CifarResNet.of(8, 10, RandomStream.of(3));
        network.parameters().get("conv1.weight").value().copyInPlace(Tensor.zeros(network.parameters().get("conv1.weight").shape()));
        SafeTensors.write(blind, network.export());
        Outcome outcome = succeeding("rank", "--data", data, blind, weights);
        assertTrue(outcome.out.indexOf("resnet8.safetensors") < outcome.out.indexOf("blind.safetensors"), outcome.out);
    }

    @Test
    void groups_and_patterns_that_match_nothing_are_named() {
        Outcome group = headstart("compare", "--from", weights, "--data", data, "--test", data, "--group", "a=aeroplane", "--group",
                "b=cat", "--out",
                folder.resolve("no"));
        assertEquals(1, group.code);
        assertTrue(group.err.contains("there is no class 'aeroplane'") && group.err.contains("did you mean 'airplane'?"), group.err);
        Outcome freeze = headstart("compare", "--from", weights, "--data", data, "--test", data, "--freeze", "layer7.**", "--out",
                folder.resolve("no"));
        assertEquals(1, freeze.code);
        assertTrue(freeze.err.contains("layer7.**"), freeze.err);
    }

    @Test
    void a_bert_is_fine_tuned_on_texts_saved_and_measured_again() throws IOException, JsonException {
        Path from = Files.createDirectories(folder.resolve("bert"));
        List<String> words = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "day", "night", "##s", "a");
        Files.write(from.resolve("vocab.txt"), words);
        BertConfig config = BertConfig.of(words.size(), 16, 2, 2, 32).withDropout(0);
        config.json().write(from.resolve("config.json"));
        SafeTensors.write(from.resolve("model.safetensors"), new BertForMaskedLM(config, RandomStream.of(4)).export());
        Path rows = folder.resolve("rows.csv");
        List<String> lines = new ArrayList<>(List.of("mood,text"));
        for (int i = 0; i < 30; i++) {
            lines.add((i % 2 == 0 ? "glad," : "sad,") + (i % 3 == 0 ? "a " : "") + (i % 2 == 0 ? "good" : "bad")
                    + (i % 5 < 2 ? " days" : " night"));
        }
        Files.write(rows, lines);
        Path out = folder.resolve("moods");
        Outcome tuned = succeeding("finetune", "--from", from, "--csv", rows, "--text-column", "text", "--label-column", "mood", "--steps",
                40,
                "--rate", 0.01, "--freeze", "bert.embeddings.**", "--out", out);
        assertTrue(tuned.out.contains("missing     classifier.weight"), tuned.out);
        assertArrayEquals(Weights.open(from).tensor("bert.embeddings.word_embeddings.weight").toArray(),
                Weights.open(out).tensor("bert.embeddings.word_embeddings.weight").toArray());
        Json.Obj found = json(
                succeeding("evaluate", "--from", out, "--data", rows, "--text-column", "text", "--label-column", "mood", "--json"));
        assertEquals(1.0, found.number("accuracy"));
        assertEquals(30, found.integer("texts"));
        Path low = folder.resolve("low");
        succeeding("finetune", "--from", from, "--csv", rows, "--text-column", "text", "--label-column", "mood", "--steps", 40, "--rate",
                0.01,
                "--lora", 2, "--out", low);
        String query = "bert.encoder.layer.0.attention.self.query.weight";
        assertFalse(Arrays.equals(Weights.open(from).tensor(query).toArray(), Weights.open(low).tensor(query).toArray()), "merged");
        String key = "bert.encoder.layer.0.attention.self.key.weight";
        assertArrayEquals(Weights.open(from).tensor(key).toArray(), Weights.open(low).tensor(key).toArray());
        assertEquals(Weights.open(out).names(), Weights.open(low).names());
        assertTrue(Files.exists(low.resolve("lora").resolve("adapter_model.safetensors")));
        Path texts = Files.write(folder.resolve("texts.txt"), List.of("good day", "a bad night"));
        Path features = folder.resolve("texts.npy");
        succeeding("features", "--from", out, "--text", texts, "--layer", 1, "--out", features);
        assertEquals(List.of(2, 16), Arrays.stream(Weights.open(features).shape("texts").dims()).boxed().toList());
    }

    @Test
    void generate_goes_on_as_the_library_does() throws IOException {
        Path from = Files.createDirectories(folder.resolve("gpt2"));
        Path resources = Path.of(System.getProperty("headstart.root", "."), "src/test/resources/tokenizers");
        Files.copy(resources.resolve("bytes.json"), from.resolve("vocab.json"));
        Files.copy(resources.resolve("bytes.merges.txt"), from.resolve("merges.txt"));
        Tokenizer tokenizer = BytePairEncoding.open(from.resolve("vocab.json"), from.resolve("merges.txt"))
                .with(Options.DEFAULT.withoutSpecialTokens());
        Gpt2Config config = Gpt2Config.of(tokenizer.vocabularySize(), 32, 16, 2, 2).withDropout(0);
        Gpt2LanguageModel model = new Gpt2LanguageModel(config, RandomStream.of(6));
        config.json().write(from.resolve("config.json"));
        SafeTensors.write(from.resolve("model.safetensors"), model.export());
        int[] prompt = tokenizer.encode("Hello").ids();
        int[] added = new Generation(12, Sampling.GREEDY, Set.of(config.end())).of(model, prompt, RandomStream.of(1)).tokens().stream()
                .mapToInt(Integer::intValue).toArray();
        Outcome outcome = succeeding("generate", "--from", from, "--prompt", "Hello", "--tokens", 12, "--temperature", 0);
        assertEquals("Hello" + tokenizer.decode(added, true), outcome.out.replaceFirst("\\R\\z", ""));
        assertEquals(succeeding("generate", "--from", from, "--prompt", "Hello", "--seed", 5).out,
                succeeding("generate", "--from", from, "--prompt", "Hello", "--seed", 5).out, "the same seed gives the same text");
    }

    /// Nothing but the head learns, so that the first weight is the source's, added up.
    @Test
    void a_network_for_colours_is_fine_tuned_on_grey_images() throws IOException {
        Path out = folder.resolve("grey");
        Outcome tuned = succeeding("finetune", "--from", weights, "--data", data, "--channels", 1, "--head-only", "--steps", 2, "--out",
                out);
        assertTrue(tuned.out.contains("summed   conv1.weight [16, 3, 3, 1], it was [16, 3, 3, 3]"), tuned.out);
        Tensor old = Weights.open(weights).tensor("conv1.weight"); // [16, 3, 3, 3], channels second
        assertArrayEquals(old.sum(1).toArray(), Weights.open(out).tensor("conv1.weight").toArray(), 1e-6f);
        Json.Obj preprocessing = ((Json.Obj) Json.read(out.resolve("headstart.json"))).object("preprocessing");
        assertEquals(1, preprocessing.integer("channels"));
        assertEquals(1, preprocessing.array("mean").size());
        assertEquals(IMAGES, json(succeeding("evaluate", "--from", out, "--data", data, "--json")).integer("images"));
        assertTrue(succeeding("inspect", out).out.contains("looks like ResNet-8 for CIFAR"));
        Outcome back = succeeding("finetune", "--from", out, "--data", data, "--channels", 3, "--keep-head", "--head-only", "--steps", 1,
                "--out", folder.resolve("colour again"));
        assertTrue(back.out.contains("tiled    conv1.weight [16, 3, 3, 3], it was [16, 3, 3, 1]"), back.out);
        Outcome two = headstart("finetune", "--from", weights, "--data", data, "--channels", 2, "--steps", 1, "--out",
                folder.resolve("two"));
        assertEquals(2, two.code);
        assertTrue(two.err.contains("--channels is 2"), two.err);
    }
}
