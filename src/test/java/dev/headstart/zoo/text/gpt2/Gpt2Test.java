package dev.headstart.zoo.text.gpt2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.ConfigException;
import dev.headstart.zoo.text.Generation;
import dev.headstart.zoo.text.KeyValueCache;
import dev.headstart.zoo.text.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sizes, configurations, files, the cache and texts of GPT-2; its numbers are held against transformers in the parity and golden tests.
class Gpt2Test {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final Gpt2Config SMALL = Gpt2Config.of(31, 24, 16, 3, 2).withDropout(0);

    @TempDir
    private Path folder;

    /// Weights large enough for texts that vary.
    private static Gpt2LanguageModel lively(Gpt2Config config) {
        Gpt2LanguageModel model = new Gpt2LanguageModel(config, RANDOM);
        model.parameters().byName().forEach((name, parameter) -> {
            if (name.endsWith("weight") && parameter.shape().rank() == 2) {
                parameter.take(parameter.value().times(15));
            }
        });
        return model;
    }

    @Test
    void parameters_are_as_many_as_published() {
        Map<String, Long> published = Map.of("gpt2", 124_439_808L, "gpt2-medium", 354_823_168L, "gpt2-large", 774_030_080L, "gpt2-xl",
                1_557_611_200L, "gpt3-small", 125_226_240L, "gpt3-175b", 174_604_259_328L);
        published.forEach((name, count) -> assertEquals(count,
                new Gpt2LanguageModel(Gpt2Config.named(name), RANDOM).parameters().count(), name));
        Map<String, Double> billions = Map.of("gpt3-medium", 0.350, "gpt3-large", 0.760, "gpt3-xl", 1.3, "gpt3-2.7b", 2.7, "gpt3-6.7b", 6.7,
                "gpt3-13b", 13.0);
        billions.forEach((name, count) -> assertEquals(count,
                new Gpt2LanguageModel(Gpt2Config.named(name), RANDOM).parameters().count() * 1e-9, 0.03 * count, name));
        assertThrows(IllegalArgumentException.class, () -> Gpt2Config.named("gpt4"));
    }

    @Test
    void a_published_configuration_is_read_and_written() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), """
                {"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 50256,
                 "embd_pdrop": 0.1, "eos_token_id": 50256, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2",
                 "n_ctx": 1024, "n_embd": 1600, "n_head": 25, "n_layer": 48, "n_positions": 1024, "resid_pdrop": 0.1,
                 "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index",
                 "summary_use_proj": true, "vocab_size": 50257}""");
        assertEquals(Gpt2Config.named("gpt2-xl"), Gpt2Config.read(file));
        assertEquals(Gpt2Config.named("gpt2"), Gpt2Config.of(new Json.Obj(Map.of())));
        assertEquals(SMALL, Gpt2Config.of((Json.Obj) Json.parse(SMALL.json().compact())));
        assertThrows(IllegalArgumentException.class, () -> SMALL.withBand(3).json());
        Gpt2Config ends = Gpt2Config.of((Json.Obj) Json.parse("{\"eos_token_id\": [5, 0]}"));
        assertEquals(List.of(5, 0), ends.ends());
        assertEquals(5, ends.end());
        assertEquals(ends, Gpt2Config.of((Json.Obj) Json.parse(ends.json().compact())));
        for (String refused : List.of("{\"model_type\": \"gptj\"}", "{\"scale_attn_by_inverse_layer_idx\": true}", "{\"n_head\": 7}",
                "{\"tie_word_embeddings\": false}", "{\"eos_token_id\": [5, -1]}", "{\"activation_function\": \"swish\"}")) {
            Files.writeString(file, refused);
            assertThrows(ConfigException.class, () -> Gpt2Config.read(file), refused);
        }
    }

    @Test
    void projections_into_the_residual_start_smaller() {
        Gpt2LanguageModel model = new Gpt2LanguageModel(Gpt2Config.of(500, 100, 64, 8, 4), RANDOM);
        Parameters parameters = model.parameters();
        assertEquals(0.02, deviation(parameters.get("transformer.wte.weight").value()), 0.0005);
        assertEquals(0.02, deviation(parameters.get("transformer.h.3.attn.c_attn.weight").value()), 0.0005);
        assertEquals(0.02 / 4, deviation(parameters.get("transformer.h.3.attn.c_proj.weight").value()), 0.0003); // √(2 · 8) = 4
        assertEquals(0.02 / 4, deviation(parameters.get("transformer.h.7.mlp.c_proj.weight").value()), 0.0003);
        assertEquals(0, parameters.get("transformer.h.7.mlp.c_proj.bias").value().abs().max().item());
    }

    private static double deviation(Tensor x) {
        return Math.sqrt(x.sumOfSquares().item() / x.size());
    }

    private Weights file(Map<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, tensors);
        return Weights.open(file);
    }

    @Test
    void files_of_the_hub_are_loaded() throws IOException {
        Gpt2LanguageModel model = lively(SMALL);
        assertEquals(Shape.of(16, 48), java.util.Objects.requireNonNull(model.export().get("transformer.h.0.attn.c_attn.weight")).shape());
        Map<String, Tensor> hub = new LinkedHashMap<>();
        model.export().forEach((name, tensor) -> {
            if (!name.equals("lm_head.weight")) {
                hub.put(name.replace("transformer.", ""), tensor);
            }
        });
        hub.put("h.0.attn.bias", Tensor.ones(Shape.of(1, 1, 24, 24)));
        hub.put("h.1.attn.masked_bias", Tensor.scalar(-1e4f));
        for (Map<String, Tensor> tensors : List.of(hub, model.export())) {
            Gpt2LanguageModel loaded = new Gpt2LanguageModel(SMALL, RANDOM.child(1));
            TransferReport report = loaded.load(file(tensors));
            assertEquals(List.of(), report.missing());
            assertEquals(List.of(), report.unexpected());
            assertTrue(model.forward(tokens(9)).value().bitsEqual(loaded.forward(tokens(9)).value()));
        }
        Gpt2 bare = new Gpt2(SMALL, RANDOM.child(2));
        assertEquals(List.of(), bare.load(file(hub)).missing());
        assertTrue(bare.forward(tokens(9)).value().bitsEqual(model.gpt2().forward(tokens(9)).value()));
    }

    private static TokenBatch tokens(int... dims) {
        Shape shape = dims.length == 1 ? Shape.of(1, dims[0]) : Shape.of(dims);
        int[] ids = new int[shape.size()];
        Arrays.setAll(ids, i -> RANDOM.child("tokens").below(31, i));
        return TokenBatch.of(Indices.of(shape, ids));
    }

    /// Logits of every position by a cache that gets the tokens in pieces.
    private static Tensor inPieces(Gpt2LanguageModel model, Indices ids, int piece) {
        int time = ids.shape().dim(1);
        KeyValueCache cache = model.cache(1, time);
        List<Tensor> logits = new ArrayList<>();
        for (int at = 0; at < time; at += piece) {
            int[] part = Arrays.copyOfRange(ids.toArray(), at, Math.min(time, at + piece));
            logits.add(model.next(Indices.of(part).reshape(1, part.length), new int[] {part.length}, cache));
        }
        return Tensor.concat(0, logits.toArray(Tensor[]::new));
    }

    @Property(tries = 30)
    void the_cache_changes_no_bit(@ForAll @IntRange(min = 1, max = 24) int time, @ForAll @IntRange(min = 1, max = 24) int piece,
            @ForAll @IntRange(max = 5) int band) {
        Gpt2LanguageModel model = lively(SMALL.withBand(band));
        Indices ids = tokens(time).ids();
        Tensor whole = model.forward(TokenBatch.of(ids)).value().reshape(time, 31);
        Tensor pieces = inPieces(model, ids, piece);
        for (int i = 0; i < pieces.dim(0); i++) {
            int place = Math.min(time, (i + 1) * piece) - 1;
            assertTrue(whole.slice(0, place, place + 1).bitsEqual(pieces.slice(0, i, i + 1)), "after token " + place);
        }
    }

    @Test
    void the_cache_changes_no_bit_of_longer_texts() {
        Gpt2LanguageModel model = lively(SMALL.withPositions(200)); // attention goes by strips of 64 and lanes of 64
        Indices ids = tokens(150).ids();
        Tensor whole = model.forward(TokenBatch.of(ids)).value().reshape(150, 31);
        assertTrue(whole.bitsEqual(inPieces(model, ids, 1)));
    }

    @Test
    void prompts_of_a_batch_get_the_texts_they_get_alone() {
        Gpt2LanguageModel model = lively(SMALL);
        List<int[]> prompts = List.of(new int[] {1, 2, 3, 4, 5, 6, 7}, new int[] {9}, new int[] {20, 21, 22});
        Generation generation = new Generation(12, Sampling.PLAIN.withTemperature(0.8f).withTopP(0.95f), Set.of());
        List<Generation.Continuation> together = generation.of(model, prompts, RANDOM, Generation.Listener.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            int own = i;
            List<int[]> row = new ArrayList<>(java.util.Collections.nCopies(i + 1, new int[] {1})); // the random stream goes by the number
            row.set(i, prompts.get(i));
            assertEquals(together.get(own), generation.of(model, row, RANDOM, Generation.Listener.NONE).get(own));
        }
        assertEquals(together, generation.of(model, prompts, RANDOM, Generation.Listener.NONE), "the same seed, the same texts");
        assertNotEquals(together, generation.of(model, prompts, RANDOM.child(1), Generation.Listener.NONE));
        assertTrue(together.stream().flatMap(text -> text.tokens().stream()).distinct().count() > 5, together.toString());
    }

    @Test
    void a_text_goes_on_as_if_it_had_not_been_interrupted() {
        Gpt2LanguageModel model = lively(SMALL);
        Generation ten = new Generation(10, Sampling.PLAIN, Set.of());
        List<Integer> whole = ten.of(model, new int[] {3, 1}, RANDOM).tokens();
        int[] longer = {3, 1, whole.get(0), whole.get(1), whole.get(2), whole.get(3)};
        assertEquals(whole.subList(4, 10), new Generation(6, Sampling.PLAIN, Set.of()).of(model, longer, RANDOM).tokens());
    }

    @Test
    void texts_end_for_four_reasons() {
        Gpt2LanguageModel model = lively(SMALL);
        Generation generation = new Generation(8, Sampling.GREEDY, Set.of());
        int[] prompt = {4, 5};
        Generation.Continuation whole = generation.of(model, prompt, RANDOM);
        assertEquals(Generation.End.LENGTH, whole.end());
        assertEquals(8, whole.tokens().size());
        int third = whole.tokens().get(2);
        int first = whole.tokens().indexOf(third);
        Generation.Continuation stopped = new Generation(8, Sampling.GREEDY, Set.of(third)).of(model, prompt, RANDOM);
        assertEquals(new Generation.Continuation(whole.tokens().subList(0, first), Generation.End.STOP), stopped);
        List<Integer> heard = new ArrayList<>();
        Generation.Continuation enough = generation.of(model, List.of(prompt), RANDOM, (number, token) -> {
            heard.add(token);
            return heard.size() < 4;
        }).getFirst();
        assertEquals(new Generation.Continuation(whole.tokens().subList(0, 4), Generation.End.LISTENER), enough);
        assertEquals(enough.tokens(), heard);
        Generation.Continuation full = new Generation(100, Sampling.GREEDY, Set.of()).of(model, prompt, RANDOM);
        assertEquals(Generation.End.POSITIONS, full.end());
        assertEquals(22, full.tokens().size());
        assertEquals(List.of(), new Generation(0, Sampling.GREEDY, Set.of()).of(model, prompt, RANDOM).tokens());
        assertThrows(IllegalArgumentException.class, () -> generation.of(model, new int[0], RANDOM));
        assertThrows(IllegalArgumentException.class, () -> generation.of(model, new int[25], RANDOM));
    }

    @Test
    void a_band_hides_what_is_far_in_odd_blocks_only() {
        Gpt2Config one = Gpt2Config.of(31, 24, 16, 2, 2).withDropout(0);
        Gpt2LanguageModel dense = lively(one);
        Gpt2LanguageModel banded = lively(one.withBand(4));
        assertTrue(lively(one.withBand(24)).forward(tokens(24)).value().bitsEqual(dense.forward(tokens(24)).value()), "wide as the text");
        Tensor all = dense.forward(tokens(24)).value();
        Tensor near = banded.forward(tokens(24)).value();
        assertTrue(all.slice(1, 0, 4).bitsEqual(near.slice(1, 0, 4)), "the first 4 tokens see all before them");
        assertFalse(all.slice(1, 4, 24).bitsEqual(near.slice(1, 4, 24)));
        // with block 0 silent, only block 1 looks back: token 20 sees 17 to 20
        for (Gpt2LanguageModel model : List.of(dense, banded)) {
            model.parameters().get("transformer.h.0.attn.c_proj.weight").take(Tensor.zeros(Shape.of(16, 16)));
        }
        int[] changed = tokens(24).ids().toArray();
        changed[16] = (changed[16] + 1) % 31;
        TokenBatch other = TokenBatch.of(Indices.of(Shape.of(1, 24), changed));
        assertTrue(row(banded, tokens(24), 20).bitsEqual(row(banded, other, 20)));
        assertFalse(row(banded, tokens(24), 19).bitsEqual(row(banded, other, 19)));
        assertFalse(row(dense, tokens(24), 20).bitsEqual(row(dense, other, 20)));
    }

    private static Tensor row(Gpt2LanguageModel model, TokenBatch batch, int place) {
        return model.forward(batch).value().slice(1, place, place + 1);
    }

    @Test
    void no_token_sees_a_later_one() {
        Gpt2LanguageModel model = lively(SMALL);
        int[] changed = tokens(10).ids().toArray();
        changed[9] = (changed[9] + 1) % 31;
        Tensor before = model.forward(tokens(10)).value();
        Tensor after = model.forward(TokenBatch.of(Indices.of(Shape.of(1, 10), changed))).value();
        assertTrue(before.slice(1, 0, 9).bitsEqual(after.slice(1, 0, 9)));
        assertFalse(before.bitsEqual(after));
    }

    @Test
    void the_loss_is_that_of_the_next_token() {
        Gpt2LanguageModel model = lively(SMALL);
        TokenBatch batch = tokens(2, 6);
        Tensor logP = model.forward(batch).value().logSoftmax();
        int[] labels = batch.ids().toArray();
        labels[4] = -100;
        double sum = 0;
        for (int i : new int[] {1, 2, 3, 5, 7, 8, 9, 10, 11}) {
            sum -= logP.get(i / 6, i % 6 - 1, labels[i]);
        }
        assertEquals(sum / 9, model.loss(batch, Indices.of(batch.ids().shape(), labels)).value().item(), 1e-4);
        assertThrows(ShapeException.class, () -> model.loss(batch, Indices.of(1, 2)));
    }

    @Test
    void a_cache_refuses_what_it_cannot_hold() {
        Gpt2LanguageModel model = new Gpt2LanguageModel(SMALL, RANDOM);
        KeyValueCache cache = model.cache(2, 4);
        assertThrows(ShapeException.class, () -> model.next(Indices.of(1, 2).reshape(1, 2), new int[] {2}, cache));
        model.next(Indices.of(1, 2, 3, 4).reshape(2, 2), new int[] {2, 1}, cache);
        assertEquals(2, cache.length(0));
        assertEquals(1, cache.length(1));
        assertThrows(ShapeException.class, () -> model.next(Indices.of(new int[6]).reshape(2, 3), new int[] {3, 3}, cache));
        assertThrows(IllegalArgumentException.class, () -> model.cache(1, 25));
        assertThrows(IllegalArgumentException.class, () -> model.cache(0, 4));
    }

    @Test
    void choices_are_checked() {
        assertThrows(IllegalArgumentException.class, () -> new Sampling(-1, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, -1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Sampling.PLAIN.withTopP(0));
        assertThrows(IllegalArgumentException.class, () -> Sampling.PLAIN.withRepetitionPenalty(0));
        assertThrows(IllegalArgumentException.class, () -> Sampling.PLAIN.choose(new float[] {1, Float.NaN}, new int[0], 0));
        assertThrows(IllegalArgumentException.class, () -> Sampling.PLAIN.choose(new float[] {Float.NEGATIVE_INFINITY}, new int[0], 0));
        assertEquals(1, Sampling.GREEDY.choose(new float[] {0, 2, 2}, new int[0], 0.99), "the lowest id wins a tie");
        assertEquals(1, Sampling.PLAIN.withTopK(1).choose(new float[] {0, 2, 2}, new int[0], 0.99));
        assertEquals(2, Sampling.PLAIN.choose(new float[] {0, Float.NEGATIVE_INFINITY, 0}, new int[0], Math.nextDown(1.0)));
    }
}
