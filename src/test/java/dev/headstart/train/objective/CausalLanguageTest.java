package dev.headstart.train.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.model.NextTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CausalLanguageTest {
    private static final RandomStream RANDOM = RandomStream.of(5);

    /// What a network was asked.
    private record Asked(Indices tokens, Indices labels) {}

    private static final class Listener implements NextTokenScores {
        private final List<Asked> asked = new ArrayList<>();

        @Override
        public int vocabulary() {
            return Integer.MAX_VALUE;
        }

        @Override
        public Variable tokenLoss(TokenBatch batch, Indices labels) {
            asked.add(new Asked(batch.ids(), labels));
            return Variable.of(Tensor.scalar(1));
        }
    }

    private static int[] counting(int n) {
        return IntStream.range(0, n).toArray();
    }

    @Test
    void blocks_are_shifted_by_one_and_cover_the_text() {
        Listener listener = new Listener();
        CausalLanguage objective = CausalLanguage.blocks(listener, counting(12), 3);
        assertEquals(3, objective.examples());
        objective.loss(new int[] {2, 0}, RANDOM);
        assertEquals(Indices.of(Shape.of(2, 3), 6, 7, 8, 0, 1, 2), listener.asked.getFirst().tokens);
        assertEquals(Indices.of(Shape.of(2, 3), 7, 8, 9, 1, 2, 3), listener.asked.getFirst().labels);
        assertEquals(4, CausalLanguage.blocks(listener, counting(13), 3).examples());
    }

    @Test
    void shorter_texts_are_padded_and_padding_has_no_label() {
        Listener listener = new Listener();
        CausalLanguage.texts(listener, List.of(new int[] {4, 5}, new int[] {6, 7, 8, 9})).loss(new int[] {0, 1}, RANDOM);
        assertEquals(Indices.of(Shape.of(2, 3), 4, 0, 0, 6, 7, 8), listener.asked.getFirst().tokens);
        assertEquals(Indices.of(Shape.of(2, 3), 5, -100, -100, 7, 8, 9), listener.asked.getFirst().labels);
    }

    @Test
    void texts_without_anything_to_predict_are_refused() {
        Listener listener = new Listener();
        assertThrows(IllegalArgumentException.class, () -> CausalLanguage.texts(listener, List.of(new int[] {1})));
        assertThrows(IllegalArgumentException.class, () -> CausalLanguage.blocks(listener, counting(3), 3));
        assertThrows(IllegalArgumentException.class, () -> CausalLanguage.score(listener, counting(1), 4, 2));
        assertThrows(IllegalArgumentException.class, () -> CausalLanguage.score(listener, counting(9), 4, 4));
    }

    @Property(tries = 300)
    void every_token_but_the_first_is_scored_once_with_enough_before_it(@ForAll @IntRange(min = 2, max = 60) int length,
            @ForAll @IntRange(min = 2, max = 20) int context, @ForAll @IntRange(min = 0, max = 100) int part) {
        int stride = 1 + part % (context - 1);
        Listener listener = new Listener();
        CausalLanguage.Score score = CausalLanguage.score(listener, counting(length), context, stride);
        int[] times = new int[length];
        for (Asked asked : listener.asked) {
            assertTrue(asked.tokens.size() < context);
            for (int i = 0; i < asked.tokens.size(); i++) {
                if (asked.labels.at(i) >= 0) {
                    assertEquals(asked.tokens.at(i) + 1, asked.labels.at(i));
                    times[asked.labels.at(i)]++;
                    assertTrue(asked.labels.at(i) < context || i + 1 >= context - stride);
                }
            }
        }
        assertEquals(0, times[0]);
        assertArrayEquals(IntStream.range(1, length).map(i -> 1).toArray(), IntStream.of(times).skip(1).toArray());
        assertEquals(new CausalLanguage.Score(length - 1, 1), score);
    }

    /// A table of logits for what follows each token.
    private record Pairs(Variable table) implements NextTokenScores {
        @Override
        public int vocabulary() {
            return table.shape().dim(1);
        }

        @Override
        public Variable tokenLoss(TokenBatch batch, Indices labels) {
            return CrossEntropy.PLAIN.of(table.gatherRows(batch.ids()), labels);
        }
    }

    @Test
    void a_network_that_knows_nothing_has_the_vocabularys_size_as_perplexity() {
        int[] text = IntStream.range(0, 100).map(i -> RANDOM.below(17, i)).toArray();
        CausalLanguage.Score score = CausalLanguage.score(new Pairs(Variable.of(Tensor.zeros(Shape.of(17, 17)))), text, 8, 3);
        assertEquals(17, score.perplexity(), 1e-4);
    }

    /// The score over windows is the mean over all tokens, so for a network that looks one token back the stride changes nothing.
    @Test
    void windows_of_unequal_length_count_by_their_tokens() {
        int[] text = IntStream.range(0, 101).map(i -> RANDOM.below(5, i)).toArray();
        NextTokenScores model = new Pairs(Variable.of(RANDOM.normal(Shape.of(5, 5), 0, 1)));
        double whole = CausalLanguage.score(model, text, 101, 1).loss();
        assertEquals(whole, CausalLanguage.score(model, text, 9, 7).loss(), 1e-5);
        assertEquals(whole, CausalLanguage.score(model, text, 2, 1).loss(), 1e-5);
    }

    @Test
    void a_text_that_repeats_is_learnt() {
        int[] text = IntStream.range(0, 400).map(i -> i % 7).toArray();
        Parameter table = Parameter.of(Tensor.zeros(Shape.of(7, 7)));
        CausalLanguage objective = CausalLanguage.blocks(new Pairs(table), text, 10);
        for (int step = 0; step < 60; step++) {
            Tensor gradient = Objects.requireNonNull(objective.loss(counting(objective.examples()), RANDOM).backward().get(table));
            table.value().copyInPlace(table.value().minus(gradient.times(20)));
        }
        assertTrue(CausalLanguage.score(new Pairs(table), text, 32, 16).perplexity() < 1.1);
    }
}
