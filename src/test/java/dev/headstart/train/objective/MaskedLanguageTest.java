package dev.headstart.train.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.own.MaskedLanguageModel;
import dev.headstart.zoo.own.TextEncoder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskedLanguageTest {
    private static final RandomStream RANDOM = RandomStream.of(3).child("masks");
    private static final int MASK = CharVocabulary.MASK;
    private static final int FIRST = CharVocabulary.FIRST_ORDINARY;
    private static final int VOCABULARY = 1000;

    private static MaskedLanguage objective(List<int[]> sequences, double rate) {
        TextEncoder.Config config = new TextEncoder.Config(VOCABULARY, 64, 8, 1, 1, 8, 0);
        return new MaskedLanguage(new MaskedLanguageModel(config, RANDOM.child("model")), sequences, rate, MASK, FIRST);
    }

    private static List<int[]> sequences(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(row -> IntStream.range(0, length).map(i -> FIRST + (row * 31 + i * 7) % (VOCABULARY - FIRST)).toArray()).toList();
    }

    @Test
    void a_share_of_each_sequence_is_chosen_and_its_answers_are_what_was_there() {
        List<int[]> sequences = sequences(10, 40);
        MaskedBatch masked = objective(sequences, 0.15).mask(sequences, RANDOM);
        assertEquals(60, masked.positions().size());
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            int position = masked.positions().at(i);
            assertEquals(i / 6, position / 40, "six of each sequence");
            assertEquals(sequences.get(position / 40)[position % 40], masked.originals().at(i));
            chosen.add(position);
        }
        assertEquals(60, chosen.size());
        for (int position = 0; position < 400; position++) {
            if (!chosen.contains(position)) {
                assertEquals(sequences.get(position / 40)[position % 40], masked.tokens().ids().at(position));
            }
        }
    }

    /// Of 16,000 chosen tokens 80 % are hidden, 10 % replaced and 10 % left; five standard deviations are allowed.
    @Test
    void of_the_chosen_80_10_10_per_cent_are_hidden_replaced_left() {
        List<int[]> sequences = sequences(1000, 40);
        MaskedBatch masked = objective(sequences, 0.4).mask(sequences, RANDOM);
        int n = masked.positions().size();
        assertEquals(16_000, n);
        int hidden = 0;
        int left = 0;
        Set<Integer> others = new HashSet<>();
        for (int i = 0; i < n; i++) {
            int seen = masked.tokens().ids().at(masked.positions().at(i));
            assertTrue(seen == MASK || (seen >= FIRST && seen < VOCABULARY), "no other special token is put in");
            hidden += seen == MASK ? 1 : 0;
            left += seen == masked.originals().at(i) ? 1 : 0;
            if (seen != MASK && seen != masked.originals().at(i)) {
                others.add(seen);
            }
        }
        assertEquals(0.8, (double) hidden / n, 5 * Math.sqrt(0.16 / n));
        assertEquals(0.1, (double) left / n, 5 * Math.sqrt(0.09 / n) + 0.1 / VOCABULARY);
        assertTrue(others.size() > 600, others.size() + " different tokens were put in");
    }

    @Test
    void special_tokens_are_never_chosen() {
        int[] mixed = new int[40];
        Arrays.fill(mixed, CharVocabulary.UNKNOWN);
        mixed[3] = FIRST;
        mixed[17] = FIRST + 1;
        for (int step = 0; step < 50; step++) {
            MaskedBatch masked = objective(List.of(mixed), 0.9).mask(List.of(mixed), RANDOM.child(step));
            assertArrayEquals(new int[] {3, 17}, masked.positions().toArray());
        }
    }

    @Test
    void one_token_is_chosen_at_least_and_each_time_anew() {
        List<int[]> sequences = sequences(1, 5);
        MaskedLanguage objective = objective(sequences, 0.01);
        Set<Integer> chosen = new HashSet<>();
        for (int step = 0; step < 50; step++) {
            MaskedBatch masked = objective.mask(sequences, RANDOM.child(step));
            assertEquals(1, masked.positions().size());
            chosen.add(masked.positions().at(0));
        }
        assertEquals(Set.of(0, 1, 2, 3, 4), chosen);
    }

    @Test
    void the_original_sequences_stay_as_they_are() {
        List<int[]> sequences = sequences(5, 30);
        MaskedBatch masked = objective(sequences, 0.5).mask(sequences, RANDOM);
        assertArrayEquals(sequences(5, 30).getLast(), sequences.getLast());
        assertFalse(Arrays.equals(masked.tokens().ids().toArray(), sequences.stream().flatMapToInt(Arrays::stream).toArray()));
    }

    @Test
    void nothing_to_hide_and_rates_that_are_none_are_refused() {
        MaskedLanguage nothing = objective(List.of(new int[] {CharVocabulary.UNKNOWN}), 0.5);
        IllegalStateException none = assertThrows(IllegalStateException.class, () -> nothing.loss(new int[] {0}, RANDOM));
        assertTrue(none.toString().contains("no ordinary token"), none.toString());
        assertThrows(IllegalArgumentException.class, () -> objective(List.of(), 0));
        assertThrows(IllegalArgumentException.class, () -> objective(List.of(), 1));
    }

    @Test
    void the_loss_is_the_cross_entropy_of_the_hidden_tokens() {
        List<int[]> sequences = List.of(sequences(1, 30).getFirst(), sequences(1, 7).getFirst());
        MaskedLanguageModel model = new MaskedLanguageModel(new TextEncoder.Config(VOCABULARY, 64, 8, 1, 1, 8, 0), RANDOM.child("other"));
        MaskedLanguage objective = new MaskedLanguage(model, sequences, 0.2, MASK, FIRST);
        MaskedBatch masked = objective.mask(sequences, RANDOM.child("step"));
        float expected = CrossEntropy.PLAIN.of(model.forward(masked.tokens(), masked.positions()), masked.originals()).value().item();
        assertEquals(expected, objective.loss(new int[] {0, 1}, RANDOM.child("step")).value().item(), 1e-5f);
    }
}
