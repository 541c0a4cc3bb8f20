package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Streams are addressed by seed and names, and look random. The statistics have fixed seeds: they cannot fail by chance.
class RandomStreamTest {
    private static final int MANY = 100_000;
    private final RandomStream random = RandomStream.of(42);

    private static double mean(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
    }

    private static double moment(float[] values, double mean, int power) {
        return IntStream.range(0, values.length).mapToDouble(i -> Math.pow(values[i] - mean, power)).average().orElseThrow();
    }

    private static double correlation(float[] a, float[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double product = IntStream.range(0, a.length).mapToDouble(i -> (a[i] - meanA) * (b[i] - meanB)).average().orElseThrow();
        return product / Math.sqrt(moment(a, meanA, 2) * moment(b, meanB, 2));
    }

    @Test
    void uniform_numbers_fill_their_range_evenly() {
        float[] values = random.uniform(Shape.of(MANY), -1, 3).toArray();
        int[] bins = new int[16];
        for (float value : values) {
            assertTrue(value >= -1 && value < 3);
            bins[(int) ((value + 1) * 4)]++;
        }
        assertEquals(1, mean(values), 0.015);
        assertEquals(16 / 12.0, moment(values, 1, 2), 0.02);
        double chi2 = Arrays.stream(bins).mapToDouble(n -> Math.pow(n - MANY / 16.0, 2) / (MANY / 16.0)).sum();
        assertTrue(chi2 < 37.7, "χ² " + chi2 + " with 15 degrees of freedom: one in a thousand is above 37.7");
    }

    @Test
    void normal_numbers_have_the_moments_of_the_normal_distribution() {
        float[] values = random.normal(Shape.of(MANY), 2, 3).toArray();
        assertEquals(2, mean(values), 0.04);
        assertEquals(9, moment(values, 2, 2), 0.2);
        assertEquals(0, moment(values, 2, 3) / 27, 0.04);
        assertEquals(3, moment(values, 2, 4) / 81, 0.1);
    }

    @Test
    void truncated_normal_numbers_stay_within_two_deviations() {
        float[] values = random.truncatedNormal(Shape.of(MANY), 1, 0.5f).toArray();
        for (float value : values) {
            assertTrue(value >= 0 && value <= 2);
        }
        assertEquals(1, mean(values), 0.01);
        assertEquals(0.8796 * 0.5, Math.sqrt(moment(values, 1, 2)), 0.005); // deviation of the standard normal cut at ±2
    }

    @Test
    void children_of_other_names_are_unrelated() {
        float[] parent = random.uniform(Shape.of(MANY), 0, 1).toArray();
        float[] one = random.child("one").uniform(Shape.of(MANY), 0, 1).toArray();
        float[] two = random.child("two").uniform(Shape.of(MANY), 0, 1).toArray();
        float[] zeroth = random.child(0).uniform(Shape.of(MANY), 0, 1).toArray();
        float[] first = random.child(1).uniform(Shape.of(MANY), 0, 1).toArray();
        float[] otherSeed = RandomStream.of(43).uniform(Shape.of(MANY), 0, 1).toArray();
        double limit = 4 / Math.sqrt(MANY);
        assertEquals(0, correlation(parent, one), limit);
        assertEquals(0, correlation(one, two), limit);
        assertEquals(0, correlation(zeroth, first), limit);
        assertEquals(0, correlation(parent, zeroth), limit);
        assertEquals(0, correlation(parent, otherSeed), limit);
    }

    @Test
    void no_two_streams_near_each_other_have_the_same_key() {
        Set<Long> keys = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            RandomStream root = RandomStream.of(seed);
            keys.add(root.key());
            for (int number = 0; number < 50; number++) {
                keys.add(root.child(number).key());
                keys.add(root.child("name " + number).key());
                keys.add(root.child(number).child(number).key());
            }
        }
        assertEquals(100 * 151, keys.size());
    }

    @Test
    void equal_names_give_equal_streams() {
        assertEquals(random.child("a").child(7).key(), RandomStream.of(42).child("a").child(7).key());
        assertEquals(random.child("ü").key(), RandomStream.of(42).child("\u00fc").key());
    }

    @Test
    void a_number_depends_on_its_index_only() {
        float[] few = random.normal(Shape.of(3, 5), 0, 1).toArray();
        assertArrayEquals(few, Arrays.copyOf(random.normal(Shape.of(1000), 0, 1).toArray(), 15));
        assertEquals(few[7], (float) random.normal(7));
        assertEquals(random.uniform(9), random.uniform(Shape.of(10), 0, 1).get(9));
    }

    @Property(tries = 100)
    void a_permutation_names_each_number_once(@ForAll long seed, @ForAll @IntRange(max = 300) int n) {
        int[] order = RandomStream.of(seed).permutation(n);
        assertArrayEquals(IntStream.range(0, n).toArray(), Arrays.stream(order).sorted().toArray());
    }

    @Test
    void all_permutations_are_equally_likely() {
        int[] counts = new int[27];
        for (int i = 0; i < 6_000; i++) {
            int[] order = random.child(i).permutation(3);
            counts[order[0] * 9 + order[1] * 3 + order[2]]++;
        }
        double chi2 = Arrays.stream(counts).filter(n -> n > 0).mapToDouble(n -> Math.pow(n - 1000, 2) / 1000).sum();
        assertEquals(6, Arrays.stream(counts).filter(n -> n > 0).count());
        assertTrue(chi2 < 20.5, "χ² " + chi2 + " with 5 degrees of freedom: one in a thousand is above 20.5");
    }

    @Test
    void below_gives_each_whole_number_under_the_bound() {
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.below(7, i)]++;
        }
        for (int count : counts) {
            assertEquals(10_000, count, 400);
        }
        assertEquals(0, random.below(1, 5));
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> random.below(0, 1));
        assertEquals("random: below(0): the bound must be positive", error.getMessage());
    }
}
