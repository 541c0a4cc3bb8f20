package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final RandomStream RANDOM = RandomStream.of(7).child("batches");

    private static int[] epoch(Batches batches, int epoch) {
        return IntStream.range(0, batches.perEpoch()).flatMap(i -> Arrays.stream(batches.batch((long) epoch * batches.perEpoch() + i)))
                .toArray();
    }

    @Test
    void every_example_comes_once_in_an_epoch_and_in_another_order_in_the_next() {
        int[] lengths = IntStream.range(0, 1003).map(i -> i * 37 % 101).toArray();
        for (Batches batches : new Batches[] {Batches.of(1003, 10, RANDOM), Batches.byLength(lengths, 10, RANDOM)}) {
            int[] all = IntStream.range(0, 1003).toArray();
            assertEquals(101, batches.perEpoch());
            for (int epoch = 0; epoch < 3; epoch++) {
                assertArrayEquals(all, Arrays.stream(epoch(batches, epoch)).sorted().toArray());
            }
            assertFalse(Arrays.equals(epoch(batches, 0), epoch(batches, 1)));
        }
    }

    @Test
    void a_batch_depends_on_its_step_alone() {
        Batches forward = Batches.of(50, 8, RANDOM);
        int[][] there = IntStream.range(0, 30).mapToObj(forward::batch).toArray(int[][]::new);
        Batches jumping = Batches.of(50, 8, RANDOM);
        for (int step = 29; step >= 0; step--) {
            assertArrayEquals(there[step], jumping.batch(step));
        }
        assertFalse(Arrays.equals(there[0], Batches.of(50, 8, RandomStream.of(8)).batch(0)));
    }

    @Test
    void a_smaller_last_batch_may_join_the_one_before() {
        int[] sizes = {15, 14, 7, 3, 21, 13};
        for (int size : sizes) {
            Batches joined = Batches.of(size, 7, RANDOM).joiningLast();
            assertEquals(Math.max(1, size / 7), joined.perEpoch());
            assertArrayEquals(epoch(Batches.of(size, 7, RANDOM), 2), epoch(joined, 2));
            for (int step = 0; step < 10; step++) {
                boolean last = step % joined.perEpoch() == joined.perEpoch() - 1;
                assertEquals(last ? size - 7 * (joined.perEpoch() - 1) : 7, joined.batch(step).length);
            }
        }
    }

    @Test
    void what_a_caller_does_to_a_batch_does_not_show() {
        Batches batches = Batches.of(5, 5, RANDOM);
        int[] first = batches.batch(0);
        Arrays.fill(batches.batch(0), -1);
        assertArrayEquals(first, batches.batch(0));
    }

    @Test
    void batches_by_length_hold_similar_lengths_in_no_order_of_length() {
        int[] lengths = IntStream.range(0, 320).map(i -> i * 37 % 320).toArray(); // each length once
        Batches batches = Batches.byLength(lengths, 10, RANDOM);
        int[] shortest = new int[batches.perEpoch()];
        for (int step = 0; step < shortest.length; step++) {
            int[] own = Arrays.stream(batches.batch(step)).map(i -> lengths[i]).sorted().toArray();
            assertEquals(9, own[9] - own[0], "the pool is the whole epoch, so a batch is ten lengths in a row");
            shortest[step] = own[0];
        }
        assertFalse(Arrays.equals(Arrays.stream(shortest).sorted().toArray(), shortest));
    }

    @Test
    void the_last_batch_has_what_is_left() {
        assertEquals(3, Batches.of(23, 10, RANDOM).batch(2).length);
        assertEquals(1, Batches.of(1, 100, RANDOM).perEpoch());
    }

    @Test
    void no_examples_or_batches_of_none_are_refused() {
        IllegalArgumentException none = assertThrows(IllegalArgumentException.class, () -> Batches.of(0, 10, RANDOM));
        assertTrue(none.toString().contains("0 examples"), none.toString());
        assertThrows(IllegalArgumentException.class, () -> Batches.of(10, 0, RANDOM));
    }
}
