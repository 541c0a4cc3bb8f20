package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.json.Json;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertConfig.Problem;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Heads whose outputs are not one label of several.
class ProblemTypeTest {
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "one", "two", "three");
    private static final List<String> TEXTS = List.of("one two", "three", "two two one");

    @TempDir
    private Path folder;

    private BertForSequenceClassification network(List<String> labels, Problem problem) {
        BertConfig config = BertConfig.of(WORDS.size(), 16, 1, 2, 32).withDropout(0).withLabels(labels).withProblem(problem);
        BertForSequenceClassification network = new BertForSequenceClassification(config, RandomStream.of(4));
        for (String name : List.of("bert.encoder.layer.0.attention.self.value.weight", "classifier.weight")) {
            Tensor weight = network.parameters().get(name).value();
            weight.copyInPlace(weight.times(30));
        }
        return network;
    }

    private Path saved(BertForSequenceClassification network) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.write(model.resolve("vocab.txt"), WORDS);
        network.config().json().write(model.resolve("config.json"));
        SafeTensors.write(model.resolve("model.safetensors"), network.export());
        return model;
    }

    private static float[] logits(BertForSequenceClassification network, String text) {
        int[] ids = IntStream.concat(IntStream.concat(IntStream.of(2), List.of(text.split(" ")).stream().mapToInt(WORDS::indexOf)),
                IntStream.of(3)).toArray();
        return network.forward(TokenBatch.of(List.of(ids), 0)).value().toArray();
    }

    @Test
    void labels_that_hold_each_by_itself_have_independent_probabilities() throws IOException {
        List<String> labels = List.of("toxic", "insult", "threat");
        BertForSequenceClassification network = network(labels, Problem.MULTI_LABEL);
        Predict predict = Predict.with(saved(network));
        assertTrue(predict.notes().getLast().startsWith("each label holds or not"), predict.notes().toString());
        List<Ranking> rankings = predict.texts().all(TEXTS);
        for (int i = 0; i < TEXTS.size(); i++) {
            Ranking ranking = rankings.get(i);
            Map<String,
                    Double> found = ranking.guesses().stream().collect(Collectors.toMap(Ranking.Guess::label, Ranking.Guess::probability));
            float[] logits = logits(network, TEXTS.get(i));
            for (int label = 0; label < 3; label++) {
                assertEquals(1 / (1 + Math.exp(-logits[label])), Objects.requireNonNull(found.get(labels.get(label))), 1e-6);
            }
            assertTrue(ranking.independent());
            assertEquals(ranking.guesses().stream().filter(guess -> guess.probability() >= 0.5).toList(), ranking.holding());
        }
        assertTrue(rankings.stream().anyMatch(ranking -> ranking.holding().size() != 1), "several labels, or none, hold for a text");
    }

    @Test
    void numbers_stay_numbers() throws IOException {
        for (List<String> outputs : List.of(List.of("LABEL_0"), List.of("valence", "arousal"))) {
            BertForSequenceClassification network = network(outputs, Problem.REGRESSION);
            Predict predict = Predict.with(saved(network));
            assertTrue(predict.givesNumbers());
            assertEquals(outputs, predict.outputs());
            List<double[]> numbers = predict.numbers().all(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                float[] logits = logits(network, TEXTS.get(i));
                assertArrayEquals(IntStream.range(0, logits.length).mapToDouble(j -> logits[j]).toArray(), numbers.get(i), 1e-6);
            }
            IOException e = assertThrows(IOException.class, () -> predict.label("one"));
            assertTrue(String.valueOf(e.getMessage()).endsWith("gives numbers, not labels: ask for numbers()"), e.getMessage());
        }
    }

    @Test
    void one_label_without_a_problem_type_is_a_number_and_with_one_it_is_refused() throws IOException {
        Path model = saved(network(List.of("score"), Problem.REGRESSION));
        assertFalse(Files.readString(model.resolve("config.json")).contains("problem_type"));
        assertTrue(Predict.with(model).givesNumbers());
        saved(network(List.of("score"), Problem.SINGLE_LABEL));
        IOException e = assertThrows(IOException.class, () -> Predict.with(model));
        assertTrue(String.valueOf(e.getMessage()).contains("its head has the one label score, which would have probability 1"),
                e.getMessage());
    }

    @Test
    void such_a_head_is_not_measured_as_a_classifier_nor_kept() throws IOException {
        LabelledTexts texts = LabelledTexts.of("texts", List.of("one", "two", "one", "two"), List.of("a", "b", "a", "b"));
        for (Problem problem : List.of(Problem.MULTI_LABEL, Problem.REGRESSION)) {
            Pretrained model = Pretrained.open(saved(network(List.of("a", "b"), problem)));
            IOException e = assertThrows(IOException.class, () -> Evaluate.with(model).of(texts));
            assertTrue(String.valueOf(e.getMessage()).contains("(\"problem_type\": " + problem.type() + ")"), e.getMessage());
            FineTune run = FineTune.of(model, TextClassification.of(texts, texts)).steps(1).batch(4);
            SettingException kept = assertThrows(SettingException.class, () -> run.prepared(new Preparation(true, false, null)).run());
            assertTrue(String.valueOf(kept.getMessage()).contains("is for " + problem.type()), kept.getMessage());
            Path out = folder.resolve("out-" + problem.type());
            run.saveIn(out).run();
            assertFalse(Files.readString(out.resolve("config.json")).contains("problem_type"), "a new head is of one label of several");
            assertEquals(TEXTS.size(), Predict.with(out).texts().all(TEXTS).size());
        }
    }

    @Test
    void a_problem_type_of_nobody_s_is_refused() throws IOException {
        Path model = saved(network(List.of("a", "b"), Problem.SINGLE_LABEL));
        Files.writeString(model.resolve("config.json"),
                Files.readString(model.resolve("config.json")).replaceFirst("\\{", "{\"problem_type\": \"ranking\","));
        IOException e = assertThrows(IOException.class, () -> Predict.with(model));
        assertTrue(
                String.valueOf(e.getMessage()).contains("\"problem_type\" is ranking: known are single_label_classification, multi_label_"),
                e.getMessage());
    }

    /// The cases of which softmax was printed, computed in double.
    @Test
    @Tag("shared")
    void the_shared_classifiers_give_the_numbers_computed_in_double() throws IOException {
        Optional<Path> found = Shared.find("cases/c04_multi_label_and_regression");
        if (found.isEmpty()) {
            return;
        }
        for (String name : List.of("multi_label", "regression")) {
            Predict predict = Predict.with(found.get().resolve(name));
            Json.Arr right = (Json.Arr) Json.read(found.get().resolve(name).resolve("RIGHT.json"));
            assertEquals(4, right.items().size());
            for (Json item : right.items()) {
                Json.Obj text = (Json.Obj) item;
                boolean numbers = name.equals("regression");
                double[] expected = text.array(numbers ? "logits" : "sigmoid").stream().mapToDouble(ProblemTypeTest::number).sorted()
                        .toArray();
                double[] given = numbers
                        ? predict.numbers().of(text.string("text"))
                        : predict.texts().of(text.string("text")).guesses().stream().mapToDouble(Ranking.Guess::probability).sorted()
                                .toArray();
                assertArrayEquals(expected, given, 1e-5);
            }
        }
    }

    private static double number(Json json) {
        return json instanceof Json.Real(double value) ? value : ((Json.Int) json).value();
    }
}
