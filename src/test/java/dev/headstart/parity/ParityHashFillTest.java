package dev.headstart.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.Shape;
import org.junit.jupiter.api.Test;

/// The formula's bits are those that `hashinit.py` prints.
class ParityHashFillTest {
    private static int[] bits(float... values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void a_million_numbers_have_the_bits_of_the_python_file() {
        int[] bits = bits(HashFill.uniform("encoder.layer.0.attention.self.query.weight", 1_000_003, -0.25, 0.25));
        int[] first = {(int) 3183207052L, (int) 3168899984L, (int) 3195361276L, (int) 3168488576L};
        assertArrayEquals(first, java.util.Arrays.copyOf(bits, 4));
        assertEquals(3172722784L, Integer.toUnsignedLong(bits[bits.length - 1]));
        assertEquals(2109523277549584L, java.util.Arrays.stream(bits).mapToLong(Integer::toUnsignedLong).sum());
    }

    @Test
    void ranges_follow_from_names_and_shapes() {
        assertWeight("bn1.running_var", Shape.of(3), 1066546978, 1067758678, 3203608051L);
        assertWeight("bn1.running_mean", Shape.of(3), 1027608502, 1017436806, 3052330018L);
        assertWeight("é.bias", Shape.of(2), (int) 3169215910L, 1000486733, 4169702643L);
        assertWeight("bn1.weight", Shape.of(2), 1063007828, 1068074556, 2131082384L);
        assertWeight("layer1.0.conv1.weight", Shape.of(64, 3, 7, 7), 1036503813, 1017862875, 19753433545952L);
        assertWeight("w", Shape.of(5, 7), 1057297906, 1052454070, 75465797785L);
    }

    private static void assertWeight(String name, Shape shape, int first, int second, long sum) {
        int[] bits = bits(HashFill.weight(name, shape).toArray());
        assertEquals(first, bits[0], name);
        assertEquals(second, bits[1], name);
        assertEquals(sum, java.util.Arrays.stream(bits).mapToLong(Integer::toUnsignedLong).sum(), name);
    }

    @Test
    void samples_are_taken_where_the_generator_takes_them() {
        int[] positions = HashFill.samplePositions("grad.conv1.weight", 9408);
        int[] hashed = {3476, 4290, 1880, 3261, 1817, 6171, 8802, 86, 424, 8160, 149, 990, 3560, 3549, 4841, 7436};
        assertArrayEquals(hashed, java.util.Arrays.copyOfRange(positions, 16, 32));
        assertEquals(7, positions[7]);
        assertEquals(9400, positions[8]);
        assertEquals(9407, positions[15]);
    }
}
