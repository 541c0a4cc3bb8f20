package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.nn.Activation;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.text.Generation;
import dev.headstart.zoo.text.Sampling;
import dev.headstart.zoo.text.TransformerSizes;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small random models of transformers and what it makes of them: `src/test/resources/language/make_golden.py`.
class LanguageGoldenTest {
    private static final RandomStream RANDOM = RandomStream.of(3);

    private final Weights golden;

    @TempDir
    private Path folder;

    LanguageGoldenTest() throws IOException {
        golden = Weights.open(Path.of(System.getProperty("headstart.root"), "src/test/resources/language/golden.safetensors"));
    }

    /// The tensors under a prefix as a file of their own.
    private Weights part(String prefix) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : golden.names()) {
            if (name.startsWith(prefix)) {
                tensors.put(name.substring(prefix.length()), golden.tensor(name));
            }
        }
        Path file = folder.resolve(prefix + "safetensors");
        SafeTensors.write(file, tensors);
        return Weights.open(file);
    }

    private Gpt2LanguageModel gpt2() throws IOException {
        Gpt2LanguageModel model = new Gpt2LanguageModel(Gpt2Config.of(61, 48, 32, 2, 4).withDropout(0), RANDOM);
        model.load(part("gpt2."));
        return model;
    }

    /// Rows of ids, without the -1 behind them.
    private List<int[]> rows(String name) throws IOException {
        Indices ids = golden.indices(name);
        int width = ids.shape().dim(1);
        List<int[]> rows = new ArrayList<>();
        for (int row = 0; row < ids.shape().dim(0); row++) {
            int from = row * width;
            rows.add(IntStream.range(from, from + width).map(ids::at).filter(id -> id >= 0).toArray());
        }
        return rows;
    }

    @Test
    void logits_are_those_of_transformers() throws IOException {
        int[] prompt = rows("generate.prompts").get(3);
        Tensor logits = gpt2().forward(TokenBatch.of(Indices.of(prompt).reshape(1, prompt.length))).value();
        assertArrayEquals(golden.tensor("logits").toArray(), logits.toArray(), 2e-4f);
    }

    @Test
    void greedy_texts_are_those_of_transformers_alone_and_together() throws IOException {
        Gpt2LanguageModel model = gpt2();
        List<int[]> prompts = rows("generate.prompts");
        for (String name : List.of("greedy", "penalised")) {
            Sampling sampling = name.equals("greedy") ? Sampling.GREEDY : Sampling.GREEDY.withRepetitionPenalty(1.5f);
            Generation generation = new Generation(12, sampling, Set.of(60));
            List<List<Integer>> expected = rows("generate." + name).stream().map(r -> Arrays.stream(r).boxed().toList()).toList();
            List<List<Integer>> together = generation.of(model, prompts, RANDOM, Generation.Listener.NONE).stream()
                    .map(Generation.Continuation::tokens).toList();
            assertEquals(expected, together, name);
            assertEquals(expected, prompts.stream().map(p -> generation.of(model, p, RANDOM).tokens()).toList(), name);
        }
    }

    @Test
    void samples_follow_the_probabilities_that_transformers_leaves() throws IOException {
        float[] logits = golden.tensor("sampling.logits").toArray();
        int[] before = golden.indices("sampling.before").toArray();
        for (int i = 0; i < 4; i++) {
            float[] settings = golden.tensor("sampling." + i + ".settings").toArray(); // penalty, temperature, k, p
            Sampling sampling = new Sampling(settings[1], (int) settings[2], settings[3], settings[0]);
            float[] expected = golden.tensor("sampling." + i + ".probabilities").toArray();
            int draws = 4000;
            int[] counts = new int[logits.length];
            for (int d = 0; d < draws; d++) {
                counts[sampling.choose(logits, before, (d + 0.5) / draws)]++;
            }
            for (int id = 0; id < counts.length; id++) { // evenly spread numbers hit each share as often as they must, give or take one
                assertEquals(expected[id] * draws, counts[id], 1.01 + 1e-3 * draws * expected[id], "case " + i + ", token " + id);
                assertTrue(expected[id] > 0 || counts[id] == 0, "case " + i + ": token " + id + " was cut off");
            }
        }
    }

    private TokenBatch batch(String ids) throws IOException {
        Indices tokens = golden.indices(ids);
        return new TokenBatch(tokens, golden.tensor("heads.mask"), null);
    }

    private static BertConfig small(BertConfig.Family family, int positions, int types, float eps, int padding) {
        return new BertConfig(family, new TransformerSizes(53, positions, 24, 2, 3, 40), types, Activation.GELU,
                BertConfig.Dropouts.all(0), eps, 0.02f, padding, Settings.labels(3), BertConfig.Problem.SINGLE_LABEL);
    }

    @Test
    void regression_and_several_labels_at_once_have_the_losses_of_transformers() throws IOException {
        Weights base = part("bert.");
        for (String name : List.of("regression", "multilabel")) {
            Tensor weight = golden.tensor("heads." + name + ".weight");
            BertConfig config = small(BertConfig.Family.BERT, 40, 2, 1e-12f, 0).withLabels(weight.dim(0));
            BertForSequenceClassification model = new BertForSequenceClassification(config, RANDOM);
            assertEquals(List.of("classifier.weight", "classifier.bias"), model.loadEncoder(base).missing());
            model.parameters().get("classifier.weight").take(weight);
            model.parameters().get("classifier.bias").take(golden.tensor("heads." + name + ".bias"));
            float loss = model.loss(batch("heads.ids"), golden.tensor("heads." + name + ".target")).value().item();
            assertEquals(golden.tensor("heads." + name + ".loss").item(), loss, 1e-5f, name);
        }
    }

    @Test
    void roberta_sorts_sequences_as_transformers_does() throws IOException {
        BertForSequenceClassification model = new BertForSequenceClassification(small(BertConfig.Family.ROBERTA, 30, 1, 1e-5f, 1), RANDOM);
        assertEquals(List.of(), model.load(part("roberta.")).missing());
        TokenBatch batch = batch("roberta_input.ids");
        Tensor logits = Mode.inference(() -> model.forward(batch)).value();
        assertArrayEquals(golden.tensor("roberta_input.logits").toArray(), logits.toArray(), 1e-5f);
        assertTrue(model.architecture().startsWith("Roberta"));
    }
}
