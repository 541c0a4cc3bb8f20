package dev.headstart.train.tuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.Weights;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.nn.adapt.Additions.Rank;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraSettingsTest {
    private static final List<
            String> LAYERS = List.of("bert.encoder.layer.0.attention.self.query", "bert.encoder.layer.0.attention.self.value",
                    "bert.encoder.layer.10.attention.self.value");

    @TempDir
    private Path folder;

    private LoraSettings read(String more) throws IOException {
        return LoraSettings.read(Files.writeString(folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8" + (more.isEmpty() ? "" : ", " + more) + "}"));
    }

    @Test
    void a_pattern_is_of_the_end_of_a_name_from_its_beginning_or_behind_a_dot() throws IOException {
        Rank usual = new Rank(4, 8);
        assertEquals(List.of(usual, usual, usual), List.copyOf(read("").ranks(LAYERS).values()));
        assertEquals(List.of(usual, new Rank(4, 32), new Rank(4, 32)),
                List.copyOf(read("\"alpha_pattern\": {\"value\": 32}").ranks(LAYERS).values()));
        assertEquals(List.of(usual, new Rank(2, 8), usual),
                List.copyOf(read("\"rank_pattern\": {\"layer.0.attention.self.value\": 2, \"alue\": 9}").ranks(LAYERS).values()));
        assertEquals(List.of(new Rank(3, 16), new Rank(1, 16), new Rank(3, 8)), List.copyOf(read("\"rank_pattern\": "
                + "{\"layer\\\\.0\\\\..*query\": 3, \"layer.1\\\\d.*\": 3, \".*value\": 1}, \"alpha_pattern\": {\"layer.0.*\": 16.0}")
                .ranks(LAYERS).values()));
    }

    @Test
    void a_stabilised_scale_divides_by_the_root_of_the_rank() throws IOException {
        assertEquals(List.of(new Rank(4, 16), new Rank(9, 24), new Rank(9, 24)),
                List.copyOf(read("\"use_rslora\": true, \"rank_pattern\": {\"value\": 9}").ranks(LAYERS).values()));
    }

    @Test
    void what_changes_nothing_is_passed_over() throws IOException {
        assertEquals(4, read(
                "\"lora_dropout\": 0.1, \"target_modules\": \"all-linear\", \"megatron_core\": \"megatron.core\", \"loftq_config\": {}, "
                        + "\"layer_replication\": null, \"init_lora_weights\": \"gaussian\", \"fan_in_fan_out\": true, \"use_dora\": false, "
                        + "\"arrow_config\": null, \"a_field_of_the_future\": false")
                .rank());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "use_dora": true                          | "use_dora" is true: only false is known
            "bias": "lora_only"                       | "bias" is "lora_only": only "none" is known
            "init_lora_weights": "pissa"              | "init_lora_weights" is "pissa": only
            "layer_replication": [[0, 4], [2, 5]]     | "layer_replication" is [[0,4],[2,5]]: this field is not known
            "trainable_token_indices": [1]            | "trainable_token_indices" is [1]: this field is not known
            "loftq_config": {"loftq_bits": 4}         | "loftq_config" is {"loftq_bits":4}: this field is not known
            "a_field_of_the_future": 0.5              | "a_field_of_the_future" is 0.5: this field is not known
            "rank_pattern": {"value": 2.5}            | the rank 2.5 is no whole number
            "alpha_pattern": {"(a+)+b": 2}            | repeats a group
            "alpha_pattern": {"[": 2}                 | "alpha_pattern": [ is no regular expression
            "alpha_pattern": {"value": "much"}        | "value" should be a number
            """)
    void whatever_else_says_something_is_refused_by_name(String more, String message) {
        IOException refusal = assertThrows(IOException.class, () -> read(more));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(folder.resolve("adapter_config.json") + ": "), refusal.getMessage());
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }

    @Test
    void layers_keep_their_own_ranks_in_a_file() throws IOException {
        BertForSequenceClassification bert = new BertForSequenceClassification(BertConfig.of(30, 16, 2, 2, 32), RandomStream.of(1));
        Map<String, Rank> ranks = Map.of("bert.encoder.layer.0.attention.self.query", new Rank(2, 4),
                "bert.encoder.layer.1.attention.self.query", new Rank(3, 4), "classifier", new Rank(2, 7.5));
        LoraFile.save(folder, Additions.lora(bert, ranks, RandomStream.of(2)), Parameters.of(Map.of()));
        BertForSequenceClassification other = new BertForSequenceClassification(BertConfig.of(30, 16, 2, 2, 32), RandomStream.of(1));
        assertEquals(ranks, LoraFile.load(folder, other).ranks());
    }

    /// The case of an adapter whose values of one layer were dropped without a word.
    @Test
    @Tag("shared")
    void the_shared_adapters_give_the_numbers_computed_in_double() throws IOException {
        Optional<Path> found = Shared.find("cases/c06_lora_alpha_pattern");
        if (found.isPresent()) {
            for (String adapter : List.of("plain", "alpha_pattern")) {
                Path base = found.get().resolve("base");
                BertForSequenceClassification model = new BertForSequenceClassification(BertConfig.read(base.resolve("config.json")),
                        RandomStream.of(1));
                model.load(Weights.open(base.resolve("model.safetensors")));
                LoraFile.load(found.get().resolve(adapter), model);
                float[] right = adapter.equals("plain") ? new float[] {0.022324f, -0.598825f} : new float[] {0.212386f, -0.440149f};
                assertArrayEquals(right, model.forward(TokenBatch.of(List.of(new int[] {2, 5, 9, 30, 44, 3}), 0)).value().toArray(), 2e-6f);
            }
        }
    }
}
