package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ConfigException;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.text.TransformerSizes;
import dev.headstart.zoo.text.bert.Bert;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.text.bert.BertForQuestionAnswering;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.bert.BertForTokenClassification;
import dev.headstart.zoo.text.gpt2.Gpt2;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Language models are told by the names and shapes of their weights.
class LanguageArchitecturesTest {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final BertConfig BERT = BertConfig.of(40, 128, 2, 2, 20).withPositions(16);
    private static final BertConfig ROBERTA = BertConfig.of(BertConfig.Family.ROBERTA, new TransformerSizes(40, 34, 64, 2, 1, 20))
            .withDropout(0).withLabels(List.of("a", "b", "c"));

    @TempDir
    private Path folder;

    private Weights file(Map<String, Tensor> tensors, UnaryOperator<String> rename) throws IOException {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(rename.apply(name), tensor));
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, renamed);
        return Weights.open(file);
    }

    @Test
    void every_head_is_told_from_its_names() throws IOException {
        for (Published model : List.of(new Bert(BERT, RANDOM), new Bert(BERT, false, RANDOM), new BertForPreTraining(BERT, RANDOM),
                new BertForMaskedLM(BERT, RANDOM), new BertForSequenceClassification(BERT.withLabels(5), RANDOM),
                new BertForTokenClassification(BERT.withLabels(7), RANDOM), new BertForQuestionAnswering(BERT, RANDOM),
                new BertForMaskedLM(ROBERTA, RANDOM), new BertForSequenceClassification(ROBERTA, RANDOM),
                new BertForTokenClassification(ROBERTA, RANDOM), new Gpt2LanguageModel(Gpt2Config.of(31, 24, 64, 3, 1), RANDOM))) {
            Weights weights = file(model.export(), name -> name);
            Architecture told = Architectures.of(weights).orElseThrow();
            assertTrue(told.name().startsWith(model.architecture() + ", "), told.name());
            Published built = told.build(RANDOM.child(1));
            assertEquals(List.of(), built.load(weights).missing(), told.name());
            assertEquals(model.export().keySet(), built.export().keySet());
            Map<String, Tensor> exported = built.export();
            assertTrue(model.export().entrySet().stream()
                    .allMatch(e -> e.getValue().bitsEqual(java.util.Objects.requireNonNull(exported.get(e.getKey())))));
        }
    }

    @Test
    void old_names_and_missing_prefixes_are_no_obstacle() throws IOException {
        Weights bert = file(new BertForPreTraining(BERT, RANDOM).export(),
                name -> name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
        Architecture told = Architectures.of(bert).orElseThrow();
        assertEquals("BertForPreTraining, 2 layers of 128, 40 tokens, 2 heads (a guess: shapes do not tell heads, config.json does)",
                told.name());
        assertEquals(List.of(), told.build(RANDOM).load(bert).missing());
        Map<String, Tensor> hub = new LinkedHashMap<>(new Gpt2(Gpt2Config.of(31, 24, 64, 3, 1), RANDOM).export());
        hub.put("h.0.attn.bias", Tensor.ones(Shape.of(1, 1, 24, 24)));
        Weights gpt2 = file(hub, name -> name);
        TransferReport report = Architectures.of(gpt2).orElseThrow().build(RANDOM).load(gpt2);
        assertEquals(List.of(), report.missing());
        assertEquals(hub.size() - 1, report.loaded().size());
    }

    @Test
    void a_pooler_without_use_is_left_alone() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(new BertForQuestionAnswering(BERT, RANDOM).export());
        tensors.put("bert.pooler.dense.weight", Tensor.zeros(Shape.of(128, 128)));
        tensors.put("bert.pooler.dense.bias", Tensor.zeros(Shape.of(128)));
        Weights weights = file(tensors, name -> name);
        Published model = Architectures.of(weights).orElseThrow().build(RANDOM);
        assertEquals("BertForQuestionAnswering", model.architecture());
        assertEquals(List.of(), model.load(weights).unexpected());
    }

    @Test
    void a_configuration_says_what_shapes_do_not() throws IOException {
        BertConfig config = BERT.withLabels(List.of("no", "yes", "perhaps"));
        Weights weights = file(new BertForSequenceClassification(config, RANDOM).export(), name -> name);
        Path json = folder.resolve("config.json");
        BertConfig eight = BertConfig.of(config.family(), new TransformerSizes(40, 16, 128, 2, 8, 20)).withDropout(0)
                .withLabels(config.labels());
        eight.json().write(json);
        Architecture told = Architectures.of(weights, json).orElseThrow();
        assertEquals("BertForSequenceClassification, 2 layers of 128, 40 tokens, 8 heads", told.name());
        assertEquals(eight, ((BertForSequenceClassification) told.build(RANDOM)).config());
        BERT.withVocabulary(41).json().write(json);
        assertEquals(Optional.empty(), Architectures.of(weights, json), "the sizes are others");
        Files.writeString(json, eight.json().compact().replaceFirst("\\{", "{\"tie_word_embeddings\": false,"));
        assertTrue(Architectures.of(weights, json).isPresent(), "a classifier has no tied matrix");
        Weights language = file(new BertForMaskedLM(BERT, RANDOM).export(), name -> name);
        assertThrows(ConfigException.class, () -> Architectures.of(language, json));
        Files.writeString(json, "{\"model_type\": \"t5\"}");
        ConfigException refusal = assertThrows(ConfigException.class, () -> Architectures.of(weights, json));
        assertEquals(json + ": \"model_type\" is t5: the models known are bert, distilbert, gpt2, roberta", refusal.getMessage());
    }

    @Test
    void a_configuration_with_more_blocks_than_the_file_is_of_another_model() throws IOException {
        Path json = folder.resolve("config.json");
        Weights bert = file(new BertForMaskedLM(BERT, RANDOM).export(), name -> name);
        Files.writeString(json, "{\"num_hidden_layers\": 2147483647, \"hidden_size\": 128, \"num_attention_heads\": 2}");
        assertEquals(Optional.empty(), Architectures.of(bert, json));
        Weights gpt2 = file(new Gpt2LanguageModel(Gpt2Config.of(31, 24, 64, 3, 1), RANDOM).export(), name -> name);
        Files.writeString(json, "{\"model_type\": \"gpt2\", \"n_layer\": 2147483647, \"n_embd\": 64, \"n_head\": 1}");
        assertEquals(Optional.empty(), Architectures.of(gpt2, json));
    }

    @Test
    void a_roberta_has_no_head_for_following_sentences() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(new BertForMaskedLM(ROBERTA, RANDOM).export());
        tensors.put("cls.seq_relationship.weight", Tensor.zeros(Shape.of(2, 64)));
        Architecture told = Architectures.of(file(tensors, name -> name)).orElseThrow();
        assertTrue(told.name().startsWith("RobertaForMaskedLM, "), told.name());
    }

    @Test
    void what_is_not_whole_is_not_told() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(new BertForMaskedLM(BERT, RANDOM).export());
        tensors.remove("bert.encoder.layer.1.output.dense.bias");
        assertEquals(Optional.empty(), Architectures.of(file(tensors, name -> name)));
        tensors.put("bert.encoder.layer.1.output.dense.bias", Tensor.zeros(Shape.of(64)));
        assertEquals(Optional.empty(), Architectures.of(file(tensors, name -> name)));
        assertEquals(Optional.empty(), Architectures.of(file(Map.of("wte.weight", Tensor.zeros(Shape.of(3, 2))), name -> name)));
    }
}
