package dev.headstart.train.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import dev.headstart.train.objective.TokenMasking.Masked;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenMaskingTest {
    private static final RandomStream RANDOM = RandomStream.of(7).child("masking");
    private static final int CLS = 1;
    private static final int SEP = 2;
    private static final int MASK = 3;
    private static final int VOCABULARY = 1000;

    private static TokenMasking masking(double rate, int most) {
        return TokenMasking.of(rate, most, MASK, VOCABULARY, Set.of(0, CLS, SEP));
    }

    /// `[CLS]`, ordinary tokens from 10 on, `[SEP]`.
    private static int[] sequence(int length) {
        return IntStream.range(0, length).map(i -> i == 0 ? CLS : i == length - 1 ? SEP : 10 + i % (VOCABULARY - 10)).toArray();
    }

    /// 0.15 of 10, 30 and 70 are halves, which round to even.
    @Test
    void as_many_are_chosen_as_berts_formula_says() {
        int[][] lengthsAndCounts = {{3, 1}, {10, 2}, {30, 4}, {50, 8}, {70, 10}, {100, 15}, {128, 19}, {512, 20}};
        for (int[] wanted : lengthsAndCounts) {
            Masked masked = masking(0.15, 20).mask(sequence(wanted[0]), RANDOM.child(wanted[0]));
            assertEquals(wanted[1], masked.positions().length, "of " + wanted[0]);
        }
    }

    @Test
    void chosen_positions_ascend_hold_their_originals_and_all_else_stays() {
        int[] sequence = sequence(100);
        for (int step = 0; step < 100; step++) {
            Masked masked = masking(0.15, 20).mask(sequence, RANDOM.child(step));
            int[] restored = masked.tokens().clone();
            for (int i = 0; i < masked.positions().length; i++) {
                assertTrue(i == 0 || masked.positions()[i] > masked.positions()[i - 1]);
                restored[masked.positions()[i]] = masked.originals()[i];
            }
            assertArrayEquals(sequence(100), restored);
            assertArrayEquals(sequence(100), sequence);
        }
    }

    @Test
    void special_tokens_are_never_chosen() {
        int[] mixed = {CLS, SEP, 0, 500, SEP, CLS, 501, 0};
        for (int step = 0; step < 100; step++) {
            assertArrayEquals(new int[] {3, 6}, masking(0.9, 20).mask(mixed, RANDOM.child(step)).positions());
        }
        assertEquals(0, masking(0.15, 20).mask(new int[] {CLS, SEP}, RANDOM).positions().length);
    }

    /// Of 30,000 chosen tokens 80 % are hidden, 10 % stay, 10 % become any of 1000 tokens; five standard deviations are allowed. Each
    /// ordinary position is chosen equally often.
    @Test
    void fates_are_80_10_10_and_places_are_even() {
        int hidden = 0;
        int same = 0;
        int all = 0;
        int[] chosen = new int[100];
        Set<Integer> put = new HashSet<>();
        int[] sequence = sequence(100);
        for (int step = 0; step < 2000; step++) {
            Masked masked = masking(0.15, 20).mask(sequence, RANDOM.child("fates").child(step));
            for (int at : masked.positions()) {
                all++;
                chosen[at]++;
                hidden += masked.tokens()[at] == MASK ? 1 : 0;
                same += masked.tokens()[at] == sequence[at] ? 1 : 0;
                put.add(masked.tokens()[at]);
            }
        }
        assertEquals(30_000, all);
        assertEquals(0.8 + 0.1 / VOCABULARY, hidden / 30_000.0, 5 * Math.sqrt(0.8 * 0.2 / 30_000));
        assertEquals(0.1 + 0.1 / VOCABULARY, same / 30_000.0, 5 * Math.sqrt(0.1 * 0.9 / 30_000));
        assertTrue(put.size() > 900 && put.stream().anyMatch(id -> id < MASK) && put.stream().anyMatch(id -> id > 990),
                put.size() + " different tokens");
        double share = 15.0 / 98;
        for (int at = 1; at < 99; at++) {
            assertEquals(2000 * share, chosen[at], 5 * Math.sqrt(2000 * share * (1 - share)), "position " + at);
        }
    }

    @Test
    void whole_words_are_chosen_together_or_not_at_all_and_never_too_many() {
        TokenMasking masking = masking(0.15, 20).wholeWords(token -> token >= 900);
        // Words of 1, 2, 3 and 9 pieces.
        int[] sequence = new int[62];
        int[] word = new int[62];
        int at = 1;
        for (int w = 1; at < 61; w++) {
            int pieces = new int[] {1, 2, 3, 9}[w % 4];
            for (int i = 0; i < pieces && at < 61; i++, at++) {
                sequence[at] = i == 0 ? 100 + w : 900 + w;
                word[at] = w;
            }
        }
        sequence[0] = CLS;
        sequence[61] = SEP;
        int full = 0;
        for (int step = 0; step < 500; step++) {
            Set<Integer> positions = new HashSet<>(Arrays.stream(masking.mask(sequence, RANDOM.child(step)).positions()).boxed().toList());
            assertTrue(positions.size() <= 9);
            full += positions.size() == 9 ? 1 : 0;
            for (int i = 1; i < 61; i++) {
                for (int j = 1; j < 61; j++) {
                    assertFalse(word[i] == word[j] && positions.contains(i) != positions.contains(j), "word " + word[i] + " is torn");
                }
            }
        }
        assertTrue(full > 400, full + " of 500 have all nine"); // the rest had no word left that was short enough
    }

    @Test
    void equal_streams_give_equal_masks_and_others_other_ones() {
        Masked once = masking(0.15, 20).mask(sequence(100), RANDOM.child(1));
        Masked again = masking(0.15, 20).mask(sequence(100), RANDOM.child(1));
        assertArrayEquals(once.positions(), again.positions());
        assertArrayEquals(once.tokens(), again.tokens());
        assertFalse(Arrays.equals(once.positions(), masking(0.15, 20).mask(sequence(100), RANDOM.child(2)).positions()));
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> masking(0, 20));
        assertThrows(IllegalArgumentException.class, () -> masking(1, 20));
        assertThrows(IllegalArgumentException.class, () -> masking(0.15, 0));
        assertThrows(IllegalArgumentException.class, () -> TokenMasking.of(0.15, 20, 5, 5, Set.of()));
    }
}
