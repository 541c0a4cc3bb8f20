package dev.headstart.zoo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.io.json.Json;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.Published;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// What a seed made yesterday it makes tomorrow: published names in their order, axes as published, and the bits of first values.
class InitialWeightsTest {
    private static final RandomStream RANDOM = RandomStream.of(11);

    private static final Map<String, String> EXPECTED = Map.ofEntries(
            Map.entry("pooled", "886b5e80"),
            Map.entry("bare", "6fc75541"),
            Map.entry("pre-training", "d362a30e"),
            Map.entry("masked", "83e2ca7e"),
            Map.entry("masked, roberta", "7db620e6"),
            Map.entry("sequences", "bad13ef6"),
            Map.entry("sequences, roberta", "afc6d9ca"),
            Map.entry("tokens", "97340bf8"),
            Map.entry("questions", "62ac82e6"),
            Map.entry("gpt2", "45c8b67b"),
            Map.entry("gpt2, head", "feb7922a"));

    private static BertConfig config(String family) throws IOException {
        return BertConfig.of((Json.Obj) Json.parse("""
                {"model_type": "%s", "vocab_size": 17, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
                 "intermediate_size": 12, "max_position_embeddings": 9, "num_labels": 3}""".formatted(family)));
    }

    private static Map<String, Published> models() throws IOException {
        BertConfig bert = config("bert");
        BertConfig roberta = config("roberta");
        Gpt2Config gpt2 = Gpt2Config.of(17, 9, 8, 2, 2);
        Map<String, Published> models = new LinkedHashMap<>();
        models.put("pooled", new Bert(bert, RANDOM));
        models.put("bare", new Bert(roberta, false, RANDOM));
        models.put("pre-training", new BertForPreTraining(bert, RANDOM));
        models.put("masked", new BertForMaskedLM(bert, RANDOM));
        models.put("masked, roberta", new BertForMaskedLM(roberta, RANDOM));
        models.put("sequences", new BertForSequenceClassification(bert, RANDOM));
        models.put("sequences, roberta", new BertForSequenceClassification(roberta, RANDOM));
        models.put("tokens", new BertForTokenClassification(bert, RANDOM));
        models.put("questions", new BertForQuestionAnswering(roberta, RANDOM));
        models.put("gpt2", new Gpt2(gpt2, RANDOM));
        models.put("gpt2, head", new Gpt2LanguageModel(gpt2, RANDOM));
        return models;
    }

    private static String sum(Published model) {
        CRC32 crc = new CRC32();
        model.export().forEach((name, tensor) -> {
            crc.update((name + tensor.shape()).getBytes(StandardCharsets.UTF_8));
            float[] values = tensor.toArray();
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
            bytes.asFloatBuffer().put(values);
            crc.update(bytes.array());
        });
        return "%08x".formatted(crc.getValue());
    }

    @Test
    void names_axes_and_bits_are_those_of_always() throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        models().forEach((name, model) -> sums.put(name, sum(model)));
        assertEquals(EXPECTED, sums);
    }
}
