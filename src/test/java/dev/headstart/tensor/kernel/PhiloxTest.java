package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    /// The vectors for philox4x32-10 published with the authors' library, Random123.
    @Test
    void known_answers_are_met() {
        assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0L, 0L, 0L));
        assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1L, -1L, -1L));
        assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                block(0x299f31d0a4093822L, 0x85a308d3243f6a88L, 0x0370734413198a2eL));
    }

    @Property
    void a_word_is_a_component_of_its_block(@ForAll long key, @ForAll @LongRange(min = 0) long index) {
        assertEquals(block(key, index >>> 2, 0L)[(int) (index & 3)], Philox.word(key, index));
    }

    @Test
    void derived_keys_and_their_streams_differ() {
        Set<Long> keys = new HashSet<>();
        Set<Integer> words = new HashSet<>();
        for (long key = 0; key < 100; key++) {
            for (long number = 0; number < 100; number++) {
                keys.add(Philox.derive(key, number));
                words.add(Philox.word(Philox.derive(key, number), 0));
            }
        }
        assertEquals(10_000, keys.size());
        // Among 10,000 words of 32 bits, 0.012 pairs are expected to be equal.
        assertEquals(10_000, words.size(), 2);
    }

    private static int[] block(long key, long low, long high) {
        int[] out = new int[4];
        Philox.block(key, low, high, out);
        return out;
    }
}
