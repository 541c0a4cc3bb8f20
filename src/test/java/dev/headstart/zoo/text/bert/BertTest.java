package dev.headstart.zoo.text.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.nn.Activation;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.transfer.TransferException;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.ConfigException;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.text.gpt2.Gpt2;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sizes, configurations, files and habits of BERT; its numbers are held against transformers in the parity and golden tests.
class BertTest {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final BertConfig SMALL = BertConfig.of(40, 12, 2, 3, 20).withPositions(16);

    @TempDir
    private Path folder;

    private static long count(Published model) {
        return model.parameters().count();
    }

    @Test
    void parameters_are_as_many_as_published() {
        BertConfig base = BertConfig.named("bert-base-uncased");
        assertEquals(109_482_240, count(new Bert(base, RANDOM)));
        assertEquals(109_514_298, count(new BertForMaskedLM(base, RANDOM)));
        assertEquals(110_106_428, count(new BertForPreTraining(base, RANDOM)));
        assertEquals(109_483_778, count(new BertForSequenceClassification(base, RANDOM)));
        assertEquals(108_893_186, count(new BertForQuestionAnswering(base, RANDOM)));
        assertEquals(108_310_272, count(new Bert(BertConfig.named("bert-base-cased"), RANDOM)));
        assertEquals(335_141_888, count(new Bert(BertConfig.named("bert-large-uncased"), RANDOM)));
        assertEquals(4_385_920, count(new Bert(BertConfig.named("bert-tiny"), RANDOM)));
        assertEquals(11_170_560, count(new Bert(BertConfig.named("bert-mini"), RANDOM)));
        assertEquals(124_645_632, count(new Bert(BertConfig.named("roberta-base"), RANDOM)));
        assertEquals(124_697_433, count(new BertForMaskedLM(BertConfig.named("roberta-base"), RANDOM)));
        assertEquals(355_412_057, count(new BertForMaskedLM(BertConfig.named("roberta-large"), RANDOM)));
        assertThrows(IllegalArgumentException.class, () -> BertConfig.named("bert-huge"));
    }

    private Path written(String json) throws IOException {
        return Files.writeString(folder.resolve("config.json"), json);
    }

    @Test
    void a_published_configuration_is_read() throws IOException {
        BertConfig config = BertConfig.read(written("""
                {"architectures": ["BertForMaskedLM"], "attention_probs_dropout_prob": 0.1, "gradient_checkpointing": false,
                 "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 1024, "initializer_range": 0.02,
                 "intermediate_size": 4096, "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "bert",
                 "num_attention_heads": 16, "num_hidden_layers": 24, "pad_token_id": 0, "position_embedding_type": "absolute",
                 "transformers_version": "4.6.0.dev0", "type_vocab_size": 2, "use_cache": true, "vocab_size": 30522}"""));
        assertEquals(BertConfig.named("bert-large-uncased"), config);
        assertEquals(BertConfig.named("bert-base-uncased"), BertConfig.read(written("{}")), "what is left out is BERT-base's");
    }

    @Test
    void labels_are_named_and_their_dropout_may_differ() throws IOException {
        BertConfig config = BertConfig.read(written("""
                {"id2label": {"1": "no", "0": "yes", "2": "perhaps"}, "classifier_dropout": 0.3, "hidden_act": "gelu_new"}"""));
        assertEquals(List.of("yes", "no", "perhaps"), config.labels());
        assertEquals(0.3f, config.dropouts().classifier());
        assertEquals(Activation.GELU_TANH, config.activation());
        assertEquals(4, BertConfig.read(written("{\"num_labels\": 4}")).labels().size());
        assertEquals(List.of("1", "0"), BertConfig.read(written("{\"id2label\": {\"0\": 1, \"1\": 0}}")).labels(), "numbers may be names");
    }

    @Test
    void a_configuration_is_written_as_it_is_read() throws IOException {
        for (BertConfig config : List.of(SMALL.withLabels(List.of("a", "b", "c")), BertConfig.named("roberta-large"))) {
            assertEquals(config, BertConfig.of((Json.Obj) Json.parse(config.json().compact())));
        }
    }

    @Test
    void what_is_not_known_is_refused_by_name() throws IOException {
        Map<String, String> refused = Map.of(
                "{\"hidden_act\": \"swish\"}", "\"hidden_act\" is swish: the activations known are gelu, gelu_fast",
                "{\"position_embedding_type\": \"relative_key\"}",
                "\"position_embedding_type\" is \"relative_key\": only \"absolute\" is known",
                "{\"model_type\": \"albert\"}", "\"model_type\" is albert: the encoders known are bert, roberta and distilbert",
                "{\"is_decoder\": true}", "\"is_decoder\" is true: only false is known",
                "{\"hidden_size\": 770}",
                "\"hidden_size\" is 770 and \"num_attention_heads\" 12: the width must be a multiple of the heads",
                "{\"num_hidden_layers\": -1}", "\"num_hidden_layers\" is -1: it must be in [0, ",
                "{\"vocab_size\": \"many\"}", "\"vocab_size\" is of the wrong kind",
                "{\"hidden_dropout_prob\": 1.0}", "\"hidden_dropout_prob\" is 1.0: it must be in [0, 1)",
                "{\"id2label\": {\"1\": \"x\"}}", "labels are numbered from 0, and 0 is missing",
                "[]", "a configuration is a JSON object");
        for (Map.Entry<String, String> entry : refused.entrySet()) {
            Path file = written(entry.getKey());
            String message = String.valueOf(assertThrows(ConfigException.class, () -> BertConfig.read(file)).getMessage());
            assertTrue(message.startsWith(file + ": ") && message.contains(entry.getValue()), message);
        }
    }

    private Weights file(Map<String, Tensor> tensors, UnaryOperator<String> rename) throws IOException {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(rename.apply(name), tensor));
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, renamed);
        return Weights.open(file);
    }

    private static boolean same(Published a, Published b) {
        Map<String, Tensor> others = b.export();
        return a.export().entrySet().stream()
                .allMatch(e -> e.getValue().bitsEqual(java.util.Objects.requireNonNull(others.get(e.getKey()))));
    }

    @Test
    void what_is_exported_is_loaded_again() throws IOException {
        for (BertNetwork<?> model : List.of(new Bert(SMALL, RANDOM), new BertForPreTraining(SMALL, RANDOM),
                new BertForMaskedLM(SMALL, RANDOM), new BertForSequenceClassification(SMALL, RANDOM),
                new BertForTokenClassification(SMALL, RANDOM), new BertForQuestionAnswering(SMALL, RANDOM))) {
            BertNetwork<?> other = model.build(SMALL, RANDOM.child(1));
            assertFalse(same(model, other));
            TransferReport report = other.load(file(model.export(), name -> name));
            assertEquals(List.of(), report.missing(), model.architecture());
            assertTrue(same(model, other), model.architecture());
        }
    }

    @Test
    void old_names_and_buffers_are_known() throws IOException {
        BertForPreTraining model = new BertForPreTraining(SMALL, RANDOM);
        Map<String, Tensor> tensors = new LinkedHashMap<>(model.export());
        tensors.put("bert.embeddings.position_ids", Tensor.zeros(Shape.of(1, 16)));
        tensors.remove("cls.predictions.decoder.bias"); // as files of that age
        BertForPreTraining other = new BertForPreTraining(SMALL, RANDOM.child(1));
        TransferReport report = other.load(file(tensors, name -> name.replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta")));
        assertEquals(List.of(), report.missing());
        assertEquals(List.of(), report.unexpected());
        assertTrue(same(model, other));
    }

    @Test
    void any_head_takes_the_encoder_of_any_file() throws IOException {
        BertForPreTraining trained = new BertForPreTraining(SMALL, RANDOM);
        BertForTokenClassification model = new BertForTokenClassification(SMALL.withLabels(5), RANDOM.child(1));
        Weights file = file(trained.export(), name -> name);
        TransferException refused = assertThrows(TransferException.class, () -> model.load(file));
        assertTrue(String.valueOf(refused.getMessage()).contains("missing classifier.weight, classifier.bias"), refused.getMessage());
        TransferReport report = model.loadEncoder(file);
        assertEquals(List.of("classifier.weight", "classifier.bias"), report.missing());
        assertTrue(report.unexpected().contains("cls.seq_relationship.weight"), report.toString());
        TokenBatch batch = batch();
        assertTrue(trained.bert().forward(batch).value().bitsEqual(model.bert().forward(batch).value()));
    }

    @Test
    void a_file_of_the_bare_model_fills_a_head_s_encoder_and_the_other_way_round() throws IOException {
        Bert bare = new Bert(SMALL, RANDOM);
        BertForSequenceClassification headed = new BertForSequenceClassification(SMALL, RANDOM.child(1));
        assertEquals(List.of("classifier.weight", "classifier.bias"), headed.loadEncoder(file(bare.export(), name -> name)).missing());
        assertTrue(bare.pooled(bare.forward(batch())).value().bitsEqual(headed.bert().pooled(headed.bert().forward(batch())).value()));
        Bert again = new Bert(SMALL, RANDOM.child(2));
        assertEquals(List.of(), again.loadEncoder(file(headed.export(), name -> name)).missing());
        assertTrue(same(bare, again));
    }

    @Test
    void a_head_of_other_labels_stays_new_but_an_encoder_of_other_sizes_is_refused() throws IOException {
        BertForSequenceClassification trained = new BertForSequenceClassification(SMALL.withLabels(3), RANDOM);
        Weights file = file(trained.export(), name -> name);
        BertForSequenceClassification model = new BertForSequenceClassification(SMALL.withLabels(2), RANDOM.child(1));
        Tensor head = model.parameters().get("classifier.weight").value().copy();
        TransferReport report = model.loadEncoder(file);
        assertEquals(List.of("classifier.weight", "classifier.bias"),
                report.mismatched().stream().map(TransferReport.Mismatch::parameter).toList());
        assertTrue(head.bitsEqual(model.parameters().get("classifier.weight").value()));
        assertTrue(trained.bert().forward(batch()).value().bitsEqual(model.bert().forward(batch()).value()));
        BertForSequenceClassification other = new BertForSequenceClassification(SMALL.withVocabulary(41), RANDOM);
        assertThrows(TransferException.class, () -> other.loadEncoder(file));
    }

    @Test
    void states_are_heard_in_order() {
        Bert bert = new Bert(SMALL, RANDOM);
        List<Tensor> states = new ArrayList<>();
        Tensor last = bert.forward(batch(), state -> states.add(state.value())).value();
        assertEquals(3, states.size());
        assertTrue(last.bitsEqual(states.getLast()));
        Gpt2 gpt2 = new Gpt2(Gpt2Config.of(40, 16, 12, 2, 3), RANDOM);
        states.clear();
        Tensor normed = gpt2.forward(batch(), state -> states.add(state.value())).value();
        assertEquals(3, states.size());
        Tensor ones = Tensor.ones(Shape.of(12));
        assertTrue(normed.bitsEqual(states.getLast().layerNorm(ones, Tensor.zeros(Shape.of(12)), 1e-5f).y()));
    }

    @Test
    void an_incomplete_encoder_is_refused() throws IOException {
        Bert bare = new Bert(SMALL, RANDOM);
        Map<String, Tensor> tensors = new LinkedHashMap<>(bare.export());
        tensors.remove("encoder.layer.1.output.dense.bias");
        Weights file = file(tensors, name -> name);
        BertForMaskedLM model = new BertForMaskedLM(SMALL, RANDOM);
        String message = String.valueOf(assertThrows(TransferException.class, () -> model.loadEncoder(file)).getMessage());
        assertTrue(message.contains("missing bert.encoder.layer.1.output.dense.bias"), message);
    }

    private static TokenBatch batch() {
        return TokenBatch.of(List.of(new int[] {7, 8, 9, 10, 11}, new int[] {12, 13, 14}), 0);
    }

    @Test
    void a_sequence_has_the_same_bits_alone_and_beside_longer_ones() {
        Bert model = new Bert(SMALL, RANDOM);
        Tensor together = model.forward(batch()).value().slice(0, 1, 2).slice(1, 0, 3);
        Tensor alone = model.forward(TokenBatch.of(Indices.of(12, 13, 14).reshape(1, 3))).value();
        assertTrue(alone.bitsEqual(together));
    }

    @Test
    void labels_alone_decide_which_positions_are_guessed() {
        BertForMaskedLM model = new BertForMaskedLM(SMALL.withDropout(0), RANDOM);
        Indices labels = Indices.of(Shape.of(2, 5), -100, 3, -100, -100, 4, -100, -100, 5, -100, -100);
        Tensor logP = model.forward(batch()).value().logSoftmax(); // [2, 5, 40]
        float expected = -(logP.get(0, 1, 3) + logP.get(0, 4, 4) + logP.get(1, 2, 5)) / 3;
        assertEquals(expected, model.loss(batch(), labels).value().item(), 1e-5f);
    }

    @Test
    void a_batch_without_labels_costs_nothing() {
        BertForMaskedLM model = new BertForMaskedLM(SMALL, RANDOM);
        int[] none = new int[10];
        java.util.Arrays.fill(none, -100);
        var loss = model.loss(batch(), Indices.of(Shape.of(2, 5), none));
        assertEquals(0, loss.value().item());
        Gradients gradients = loss.backward();
        for (var parameter : gradients.parameters()) {
            assertEquals(0, java.util.Objects.requireNonNull(gradients.get(parameter)).abs().max().item());
        }
    }

    @Test
    void dropout_acts_in_training_only() {
        BertForSequenceClassification model = new BertForSequenceClassification(SMALL, RANDOM);
        Tensor plain = model.forward(batch()).value();
        assertTrue(plain.bitsEqual(Mode.inference(() -> model.forward(batch())).value()));
        Tensor first = Mode.training(RANDOM.child(1), () -> model.forward(batch())).value();
        assertFalse(plain.bitsEqual(first));
        assertTrue(first.bitsEqual(Mode.training(RANDOM.child(1), () -> model.forward(batch())).value()));
        assertFalse(first.bitsEqual(Mode.training(RANDOM.child(2), () -> model.forward(batch())).value()));
    }

    @Test
    void the_padding_token_s_vector_is_not_learnt_where_it_is_read() {
        Bert model = new Bert(SMALL.withDropout(0), RANDOM);
        TokenBatch unmasked = TokenBatch.of(Indices.of(Shape.of(1, 3), 5, 0, 6));
        Gradients gradients = model.forward(unmasked).square().sum().backward();
        Tensor words = java.util.Objects.requireNonNull(gradients.get(model.parameters().get("embeddings.word_embeddings.weight")));
        assertEquals(0, words.slice(0, 0, 1).abs().max().item());
        assertTrue(words.slice(0, 5, 6).abs().max().item() > 0);
    }

    @Test
    void a_place_outside_the_text_is_no_answer() {
        BertForQuestionAnswering model = new BertForQuestionAnswering(SMALL.withDropout(0), RANDOM);
        TokenBatch batch = batch();
        float both = model.loss(batch, Indices.of(1, 5), Indices.of(2, 9)).value().item(); // the second row's are outside
        TokenBatch first = new TokenBatch(Indices.of(7, 8, 9, 10, 11).reshape(1, 5), null, null);
        assertEquals(model.loss(first, Indices.of(1), Indices.of(2)).value().item(), both, 1e-6f);
    }

    @Test
    void what_does_not_fit_is_refused_with_its_shape() {
        Bert model = new Bert(SMALL, RANDOM);
        ShapeException tooLong = assertThrows(ShapeException.class,
                () -> model.forward(TokenBatch.of(Indices.of(new int[17]).reshape(1, 17))));
        assertEquals("bert: ids[1, 17]: 17 positions are more than the model's 16", tooLong.getMessage());
        assertThrows(ShapeException.class, () -> TokenBatch.of(Indices.of(1, 2)));
        assertThrows(ShapeException.class, () -> batch().withTypes(Indices.of(1, 2)));
        BertConfig roberta = BertConfig.named("roberta-base");
        assertEquals(512, roberta.maxLength());
        assertThrows(IllegalArgumentException.class, () -> new BertForPreTraining(roberta, RANDOM));
        BertForMaskedLM masked = new BertForMaskedLM(SMALL, RANDOM);
        assertThrows(IllegalStateException.class, () -> masked.bert().pooled(masked.bert().forward(batch())));
        assertThrows(ShapeException.class, () -> masked.loss(batch(), Indices.of(1, 2)));
        assertNull(batch().types());
    }
}
