package dev.headstart.zoo.text.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.text.bert.SegmentPairs.Pair;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SegmentPairsTest {
    private static final RandomStream RANDOM = RandomStream.of(9).child("pairs");
    private static final int CLS = 1;
    private static final int SEP = 2;

    /// Token `1000 · document + place`, so that it says where it is from.
    private static List<List<int[]>> documents(int count, int sentences, int length) {
        return IntStream.range(1, count + 1)
                .mapToObj(d -> IntStream.range(0, sentences)
                        .mapToObj(s -> IntStream.range(0, length).map(i -> 1000 * d + s * length + i).toArray()).toList())
                .toList();
    }

    private static int[] segment(Pair pair, int type) {
        return IntStream.range(0, pair.tokens().length)
                .filter(i -> pair.types()[i] == type && pair.tokens()[i] >= 1000).map(i -> pair.tokens()[i]).toArray();
    }

    private static void assertWellFormed(Pair pair, int longest) {
        int[] a = segment(pair, 0);
        int[] b = segment(pair, 1);
        assertTrue(a.length >= 1 && b.length >= 1 && pair.tokens().length <= longest);
        assertEquals(a.length + b.length + 3, pair.tokens().length);
        assertEquals(CLS, pair.tokens()[0]);
        assertEquals(SEP, pair.tokens()[a.length + 1]);
        assertEquals(SEP, pair.tokens()[pair.tokens().length - 1]);
        assertEquals(0, pair.types()[a.length + 1]);
        assertEquals(b.length + 1, Arrays.stream(pair.types()).sum());
        for (int[] segment : List.of(a, b)) {
            assertArrayEquals(IntStream.range(0, segment.length).map(i -> segment[0] + i).toArray(), segment,
                    "a segment is one piece of text");
        }
        assertEquals(pair.randomNext(), a[0] / 1000 != b[0] / 1000, "a random B is of another document, an actual one of the same");
        assertTrue(pair.randomNext() || b[0] > a[a.length - 1], "B follows A");
    }

    @Test
    void pairs_are_well_formed_and_half_of_them_random() {
        List<Pair> pairs = new SegmentPairs(64, 0.1, CLS, SEP).of(documents(40, 50, 7), 5, RANDOM);
        pairs.forEach(pair -> assertWellFormed(pair, 64));
        // Each draw with two sentences or more is even; single ones, at the ends of documents and in short pairs, are always random.
        double random = pairs.stream().filter(Pair::randomNext).count() / (double) pairs.size();
        assertTrue(pairs.size() > 1500 && random > 0.45 && random < 0.62, pairs.size() + " pairs, " + random + " of them random");
    }

    @Test
    void without_short_ones_and_truncation_actual_pairs_are_as_long_as_wanted() {
        List<Pair> pairs = new SegmentPairs(43, 0, CLS, SEP).of(documents(20, 40, 10), 3, RANDOM);
        List<Pair> actual = pairs.stream().filter(pair -> !pair.randomNext()).toList();
        // Four sentences of ten are the 40 that fit; only the end of a document may have fewer.
        long full = actual.stream().filter(pair -> pair.tokens().length == 43).count();
        assertTrue(actual.size() > 100 && full > 0.9 * actual.size(), full + " of " + actual.size());
        long draws = pairs.stream().filter(pair -> segment(pair, 0).length < 40).count();
        assertEquals(0.5, actual.size() / (double) draws, 5 * Math.sqrt(0.25 / draws) + 0.05);
    }

    @Test
    void no_sentence_is_lost_and_those_not_used_are_put_back() {
        List<List<int[]>> documents = documents(2, 30, 4);
        List<Pair> pairs = new SegmentPairs(200, 0, CLS, SEP).of(documents, 1, RANDOM); // room for everything: nothing is cut
        Set<Integer> own = new HashSet<>();
        for (Pair pair : pairs) {
            IntStream.of(segment(pair, 0)).forEach(token -> assertTrue(own.add(token), "token " + token + " is in A twice"));
            if (!pair.randomNext()) {
                IntStream.of(segment(pair, 1)).forEach(token -> assertTrue(own.add(token), "token " + token + " is used twice"));
            }
        }
        assertEquals(240, own.size());
    }

    @Test
    void a_single_sentence_gets_a_random_next_one() {
        List<Pair> pairs = new SegmentPairs(32, 0, CLS, SEP).of(documents(10, 1, 5), 20, RANDOM);
        assertEquals(200, pairs.size());
        assertTrue(pairs.stream().allMatch(Pair::randomNext));
    }

    @Test
    void the_longer_segment_is_cut_at_either_end() {
        Set<Integer> begins = new HashSet<>();
        for (Pair pair : new SegmentPairs(13, 0, CLS, SEP).of(documents(2, 1, 20), 100, RANDOM)) {
            int[] a = segment(pair, 0);
            assertEquals(5, a.length);
            assertEquals(5, segment(pair, 1).length);
            begins.add(a[0] % 1000);
        }
        assertTrue(begins.size() > 5 && begins.stream().allMatch(at -> at <= 15), begins.toString());
    }

    @Test
    void a_share_of_the_documents_is_cut_short() {
        List<Pair> pairs = new SegmentPairs(103, 1, CLS, SEP).of(documents(100, 200, 1), 1, RANDOM);
        Set<Integer> lengths = new HashSet<>(pairs.stream().filter(pair -> !pair.randomNext()).map(pair -> pair.tokens().length).toList());
        assertTrue(lengths.size() > 40, lengths.size() + " different lengths");
    }

    @Test
    void equal_streams_give_equal_pairs_and_copies_differ() {
        SegmentPairs settings = new SegmentPairs(64, 0.1, CLS, SEP);
        List<Pair> once = settings.of(documents(5, 20, 7), 2, RANDOM);
        List<Pair> again = settings.of(documents(5, 20, 7), 2, RANDOM);
        assertEquals(once.size(), again.size());
        for (int i = 0; i < once.size(); i++) {
            assertArrayEquals(once.get(i).tokens(), again.get(i).tokens());
        }
        assertFalse(Arrays.equals(once.getFirst().tokens(), once.get(once.size() / 2).tokens()));
    }

    @Test
    void too_few_documents_and_no_room_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> new SegmentPairs(4, 0.1, CLS, SEP));
        assertThrows(IllegalArgumentException.class, () -> new SegmentPairs(64, 0.1, CLS, SEP).of(documents(1, 5, 5), 1, RANDOM));
        assertThrows(IllegalArgumentException.class,
                () -> new SegmentPairs(64, 0.1, CLS, SEP).of(List.of(List.of(new int[] {7}), List.of(new int[0])), 1, RANDOM));
    }
}
