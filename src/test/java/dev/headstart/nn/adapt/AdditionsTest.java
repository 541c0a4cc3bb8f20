package dev.headstart.nn.adapt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.tuning.LoraFile;
import dev.headstart.train.tuning.Snapshot;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Few parameters in place of many, in small BERTs and GPT-2s.
class AdditionsTest {
    private static final String ATTENTION = "**.attention.self.{query,value}";
    private static final TokenBatch BATCH = TokenBatch.of(List.of(new int[] {2, 5, 9, 3}, new int[] {2, 7, 3}), 0);
    private static final Indices LABELS = Indices.of(1, 0);

    private static BertForSequenceClassification bert() {
        return new BertForSequenceClassification(BertConfig.of(30, 16, 2, 2, 32).withPositions(16).withDropout(0).withLabels(2),
                RandomStream.of(7));
    }

    private static void train(BertForSequenceClassification bert, int steps) {
        Adam adam = Adam.adamW(List.of(ParamGroup.of(bert.parameters()).rate(0.01).decay(0.01)), Schedule.constant(), 1);
        for (int i = 0; i < steps; i++) {
            adam.step(Mode.training(RandomStream.of(i), () -> bert.loss(BATCH, LABELS)).backward());
        }
    }

    private static Set<String> moved(Snapshot before, Parameters parameters) {
        Set<String> moved = new TreeSet<>();
        before.values().forEach((name, value) -> {
            if (!value.bitsEqual(parameters.get(name).value())) {
                moved.add(name);
            }
        });
        return moved;
    }

    @Test
    void lora_has_the_bits_of_the_model_before_the_first_step() {
        BertForSequenceClassification bert = bert();
        Tensor before = bert.forward(BATCH).value();
        Additions lora = Additions.lora(bert, ATTENTION, 4, 8, RandomStream.of(1));
        assertTrue(before.bitsEqual(bert.forward(BATCH).value()));
        assertEquals(2 * 2 * 2, lora.parameters().size());
        assertTrue(lora.parameters().byName().containsKey("bert.encoder.layer.1.attention.self.value.lora_B.weight"));
    }

    @Test
    void lora_leaves_even_a_negative_zero_as_it_is() {
        Linear linear = new Linear(2, 2, RandomStream.of(1));
        linear.weight().value().copyInPlace(Tensor.of(Shape.of(2, 2), -1, -2, -3, 0));
        linear.parameters().get("bias").value().copyInPlace(Tensor.of(Shape.of(2), -0f, 0f));
        Variable x = Variable.of(Tensor.of(Shape.of(1, 2), 0, 0));
        Tensor before = linear.forward(x).value();
        assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(before.get(0, 0)), "the case is there");
        Additions.lora(new Sequential(linear), "0", 1, 1, RandomStream.of(2));
        assertTrue(before.bitsEqual(linear.forward(x).value()));
    }

    @Test
    void lora_learns_while_the_model_stays_and_merged_it_says_the_same_but_for_rounding() {
        BertForSequenceClassification bert = bert();
        Snapshot before = Snapshot.of(bert.parameters());
        Tensor untuned = bert.forward(BATCH).value();
        Additions lora = Additions.lora(bert, ATTENTION, 4, 8, RandomStream.of(1));
        Parameters learnt = lora.alone();
        assertEquals(lora.parameters().byName().keySet(), learnt.byName().keySet());
        float first = bert.loss(BATCH, LABELS).value().item();
        train(bert, 20);
        assertEquals(Set.of(), moved(before, bert.parameters()), "the model's own weights");
        Tensor tuned = bert.forward(BATCH).value();
        assertTrue(bert.loss(BATCH, LABELS).value().item() < first, "it learns");
        assertFalse(tuned.bitsEqual(untuned));
        lora.merge();
        assertArrayEquals(tuned.toArray(), bert.forward(BATCH).value().toArray(), 2e-5f);
        assertEquals(before.values().keySet(), bert.parameters().byName().keySet(), "no parameters are left over");
        assertEquals(4, moved(before, bert.parameters()).size());
    }

    @Test
    void the_change_is_alpha_over_rank_times_b_a() {
        Linear linear = new Linear(3, 2, RandomStream.of(1));
        Sequential model = new Sequential(linear);
        Tensor x = RandomStream.of(2).normal(Shape.of(5, 3), 0, 1);
        Tensor before = linear.forward(Variable.of(x)).value();
        Parameters added = Additions.lora(model, "0", 2, 6, RandomStream.of(3)).parameters();
        added.get("0.lora_B.weight").value().copyInPlace(Tensor.of(Shape.of(2, 2), 1, 2, 3, 4));
        Tensor change = added.get("0.lora_B.weight").value().matmul(added.get("0.lora_A.weight").value()).times(3);
        Tensor expected = before.plus(x.matmul(change.transpose(0, 1)));
        assertArrayEquals(expected.toArray(), linear.forward(Variable.of(x)).value().toArray(), 1e-5f);
    }

    @Test
    void lora_is_saved_as_a_small_file_under_peft_s_names_with_the_head_if_wanted(@TempDir Path folder) throws IOException {
        BertForSequenceClassification bert = bert();
        Additions lora = Additions.lora(bert, ATTENTION, 2, 4, RandomStream.of(1));
        lora.alone("classifier.**");
        train(bert, 5);
        LoraFile.save(folder, lora, bert.parameters().select("classifier.*"));
        Weights file = Weights.open(folder.resolve("adapter_model.safetensors"));
        assertEquals(8 + 2, file.names().size());
        assertEquals(Shape.of(2, 16), file.shape("base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight"));
        assertEquals(Shape.of(16, 2), file.shape("base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight"));
        assertTrue(Files.size(file.file()) < bert.parameters().count());

        BertForSequenceClassification again = bert();
        Additions loaded = LoraFile.load(folder, again);
        assertEquals(Set.of(new Additions.Rank(2, 4)), Set.copyOf(loaded.ranks().values()));
        assertTrue(bert.forward(BATCH).value().bitsEqual(again.forward(BATCH).value()));
        assertThrows(IllegalArgumentException.class, () -> LoraFile.load(folder, new Sequential(new Linear(16, 16, RandomStream.of(1)))));
    }

    /// peft's `all-linear`: one rank for layers of all sizes.
    @Test
    void a_rank_above_a_layer_s_smaller_extent_is_written_read_and_merged(@TempDir Path folder) throws IOException {
        BertForSequenceClassification bert = bert();
        Tensor untuned = bert.forward(BATCH).value();
        Additions lora = Additions.lora(bert, "**", 40, 8, RandomStream.of(1));
        assertEquals(Shape.of(40, 16), lora.parameters().get("classifier.lora_A.weight").shape());
        assertEquals(Shape.of(2, 40), lora.parameters().get("classifier.lora_B.weight").shape());
        assertTrue(untuned.bitsEqual(bert.forward(BATCH).value()));
        lora.alone();
        train(bert, 5);
        LoraFile.save(folder, lora, Parameters.of(Map.of()));
        Tensor tuned = bert.forward(BATCH).value();
        assertFalse(untuned.bitsEqual(tuned));
        BertForSequenceClassification again = bert();
        Additions loaded = LoraFile.load(folder, again);
        assertEquals(Set.of(new Additions.Rank(40, 8)), Set.copyOf(loaded.ranks().values()));
        assertTrue(tuned.bitsEqual(again.forward(BATCH).value()));
        loaded.merge();
        assertArrayEquals(tuned.toArray(), again.forward(BATCH).value().toArray(), 2e-4f);
    }

    @Test
    void gpt2_takes_lora_too() {
        Gpt2LanguageModel gpt2 = gpt2();
        Tensor before = gpt2.forward(BATCH).value();
        Additions lora = Additions.lora(gpt2, "**.c_attn", 2, 2, RandomStream.of(1));
        assertTrue(before.bitsEqual(gpt2.forward(BATCH).value()));
        assertEquals(Shape.of(48, 2), lora.parameters().get("transformer.h.1.attn.c_attn.lora_B.weight").shape());
        lora.remove();
        assertFalse(gpt2.parameters().byName().keySet().stream().anyMatch(name -> name.contains("lora")));
    }

    private static Gpt2LanguageModel gpt2() {
        return new Gpt2LanguageModel(Gpt2Config.of(30, 16, 16, 2, 2).withDropout(0), RandomStream.of(3));
    }

    @Test
    void adapters_begin_near_the_identity_learn_alone_and_cannot_be_merged() {
        BertForSequenceClassification bert = bert();
        Snapshot before = Snapshot.of(bert.parameters());
        Tensor untuned = bert.forward(BATCH).value();
        Additions adapters = Additions.adapters(bert, "**.output.dense", 4, RandomStream.of(1));
        assertEquals(2 * 2, adapters.layers().size(), "behind attention and behind the feed-forward part");
        assertArrayEquals(untuned.toArray(), bert.forward(BATCH).value().toArray(), 5e-3f);
        adapters.alone("classifier.**");
        train(bert, 20);
        assertEquals(Set.of("classifier.weight", "classifier.bias"), moved(before, bert.parameters()));
        assertThrows(IllegalStateException.class, adapters::merge);
        assertThrows(IllegalArgumentException.class, () -> Additions.lora(bert, "**.output.dense", 2, 2, RandomStream.of(1)));
        adapters.remove();
        assertEquals(before.values().keySet(), bert.parameters().byName().keySet());
    }

    @Test
    void bitfit_is_a_pattern() {
        BertForSequenceClassification bert = bert();
        Snapshot before = Snapshot.of(bert.parameters());
        bert.parameters().only("**.bias", "classifier.**");
        train(bert, 3);
        Set<String> moved = moved(before, bert.parameters());
        assertTrue(moved.stream().allMatch(name -> name.endsWith(".bias") || name.startsWith("classifier.")), moved.toString());
        assertTrue(moved.contains("bert.encoder.layer.0.output.LayerNorm.bias") && moved.contains("classifier.weight"));
    }

    @Test
    void prompt_vectors_are_all_that_learns_and_texts_without_them_are_as_before() {
        Gpt2LanguageModel gpt2 = gpt2();
        Snapshot before = Snapshot.of(gpt2.parameters());
        TokenBatch text = TokenBatch.of(Indices.of(Shape.of(1, 4), 4, 8, 15, 16));
        Tensor untuned = gpt2.forward(text).value();
        Prompt prompt = Prompt.random(gpt2, "**.wte", 3, RandomStream.of(1));
        assertTrue(untuned.bitsEqual(gpt2.forward(text).value()));
        prompt.alone(gpt2);
        assertEquals(Set.of("transformer.wte.prompt"), gpt2.parameters().trainable().byName().keySet());
        int[] seen = prompt.into(new int[] {4, 8, 15, 16}, 0);
        assertArrayEquals(new int[] {30, 31, 32, 4, 8, 15, 16}, seen);
        Indices next = Indices.of(Shape.of(1, 7), -100, -100, 4, 8, 15, 16, -100);
        TokenBatch prompted = TokenBatch.of(Indices.of(Shape.of(1, 7), seen));
        Adam adam = Adam.adamW(List.of(ParamGroup.of(gpt2.parameters()).rate(0.1)), Schedule.constant(), 1);
        float first = gpt2.tokenLoss(prompted, next).value().item();
        for (int i = 0; i < 15; i++) {
            adam.step(gpt2.tokenLoss(prompted, next).backward());
        }
        assertTrue(gpt2.tokenLoss(prompted, next).value().item() < first, "it learns");
        assertEquals(Set.of(), moved(before, gpt2.parameters()));
        prompt.remove();
        assertEquals(before.values().keySet(), gpt2.parameters().byName().keySet());
    }

    @Test
    void a_prompt_of_tokens_says_what_the_tokens_say() {
        Gpt2LanguageModel gpt2 = gpt2();
        Tensor words = gpt2.forward(TokenBatch.of(Indices.of(Shape.of(1, 3), 5, 6, 7))).value();
        Prompt prompt = Prompt.ofTokens(gpt2, "**.wte", 5, 6);
        Tensor vectors = gpt2.forward(TokenBatch.of(Indices.of(Shape.of(1, 3), prompt.into(new int[] {7}, 0)))).value();
        assertTrue(words.bitsEqual(vectors));
        assertThrows(IllegalArgumentException.class, () -> Prompt.random(gpt2, "**", 2, RandomStream.of(1)), "two tables");
    }

    @Test
    void patterns_and_ranks_that_fit_no_layer_are_refused_and_change_nothing() {
        BertForSequenceClassification bert = bert();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Additions.lora(bert, "**.q_proj", 4, 8, RandomStream.of(1)));
        assertTrue(String.valueOf(e.getMessage()).startsWith("parts: the pattern '**.q_proj' matches none of 14 Linear layers: "),
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Additions.lora(bert, "**", 0, 8, RandomStream.of(1)));
        assertTrue(bert.parts().all(Linear.class).values().stream().allMatch(linear -> linear.addition() == null));
        assertFalse(bert.parameters().stream().anyMatch(Parameter::isBuffer));
    }
}
