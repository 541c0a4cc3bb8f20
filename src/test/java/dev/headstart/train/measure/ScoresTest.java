package dev.headstart.train.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Scores that order pre-trained models, and gaps between data.
class ScoresTest {
    private static int[] labels(int n, int classes) {
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> (i * 5 + i / 3) % classes);
        return labels;
    }

    /// As make_golden.py has them.
    private static Tensor features(int n, int width, int classes, double gap) {
        int[] labels = labels(n, classes);
        float[] values = new float[n * width];
        for (int i = 0; i < values.length; i++) {
            int row = i / width;
            int column = i % width;
            values[i] = (float) ((row * 7919L + column * 104729L + 13) % 1009 / 1009.0 + (labels[row] == column % classes ? gap : 0));
        }
        return Tensor.wrap(Shape.of(n, width), values);
    }

    @Test
    void log_me_is_that_of_its_authors_code() throws IOException {
        Path golden = Path.of(System.getProperty("headstart.root"), "src/test/resources/selection/golden.json");
        int seen = 0;
        if (Json.read(golden) instanceof Json.Arr(List<Json> cases)) {
            for (Json json : cases) {
                if (json instanceof Json.Obj c) {
                    int n = (int) c.integer("n");
                    int classes = (int) c.integer("classes");
                    double actual = Scores.logMe(features(n, (int) c.integer("width"), classes, c.number("gap")), labels(n, classes));
                    assertEquals(c.number("logme"), actual, 1e-8, c.compact());
                    seen++;
                }
            }
        }
        assertEquals(6, seen);
    }

    /// Reference: numpy in double precision, selection/dependent.py: the evidence by the definition's determinant, for features that depend on
    /// each other exactly (columns twice, sums of others, zeros, and all of it in another basis or 10,000 times as large).
    @Test
    void log_me_of_dependent_features_is_the_evidence() throws IOException {
        Path golden = Path.of(System.getProperty("headstart.root"), "src/test/resources/selection/dependent.json");
        int seen = 0;
        if (Json.read(golden) instanceof Json.Arr(List<Json> cases)) {
            for (Json json : cases) {
                if (json instanceof Json.Obj c) {
                    int n = (int) c.integer("n");
                    Tensor f = dependent(c.string("kind"), n, (int) c.integer("width"), (int) c.integer("factor"));
                    assertEquals(c.number("logme"), Scores.logMe(f, labels(n, 3)), 1e-7, c.compact());
                    seen++;
                }
            }
        }
        assertEquals(20, seen);
    }

    /// Small whole numbers, as dependent.py has them.
    private static Tensor dependent(String kind, int n, int width, int factor) {
        float[] values = new float[n * width];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                int half = j % ((width + 1) / 2);
                int base = (int) ((i * 7919L + half * 104729L + 13) % 17) + (labels(n, 3)[i] == half % 3 ? 9 : 0);
                int other = (int) ((i * 7919L + 13) % 17) + (labels(n, 3)[i] == 0 ? 9 : 0);
                int value = switch (kind) {
                    case "twice" -> base;
                    case "sums" -> half == j ? base : base + other;
                    case "zeros" -> half == j ? base : 0;
                    default -> 3; // constant
                };
                values[i * width + j] = value * factor;
            }
        }
        return Tensor.wrap(Shape.of(n, width), values);
    }

    @Test
    void better_features_score_higher_with_each_score() {
        int n = 90;
        int[] labels = labels(n, 3);
        double[] logMe = new double[3];
        double[] leep = new double[3];
        double[] neighbours = new double[3];
        double[] probe = new double[3];
        double[] gaps = {0, 0.25, 3};
        Tensor noise = RandomStream.of(1).normal(Shape.of(n, 12), 0, 1);
        for (int i = 0; i < 3; i++) {
            float[] values = noise.toArray();
            for (int at = 0; at < values.length; at++) {
                values[at] += labels[at / 12] == at % 3 ? (float) gaps[i] : 0;
            }
            Tensor f = Tensor.wrap(Shape.of(n, 12), values);
            logMe[i] = Scores.logMe(f, labels);
            leep[i] = Scores.leep(f, labels);
            neighbours[i] = Scores.nearestNeighbours(f, 5, labels);
            probe[i] = Scores.linearProbe(f.slice(0, 0, 60), Arrays.copyOf(labels, 60), f.slice(0, 60, 90),
                    Arrays.copyOfRange(labels, 60, 90),
                    RandomStream.of(2));
        }
        for (double[] score : List.of(logMe, leep, neighbours, probe)) {
            assertTrue(score[0] < score[2] && score[1] < score[2], Arrays.toString(score));
            assertTrue(Scores.kendall(score, gaps) > 0.3, Arrays.toString(score));
        }
        assertTrue(neighbours[2] > 0.9 && probe[2] > 0.9);
    }

    @Test
    void leep_and_nce_are_what_the_formulas_say() {
        // two source classes, sure of themselves: the first is label 0 in two cases of three, the second always 1
        Tensor sure = Tensor.of(Shape.of(4, 2), 50, -50, 50, -50, 50, -50, -50, 50);
        double expected = (2 * Math.log(2 / 3.0) + Math.log(1 / 3.0)) / 4;
        assertEquals(expected, Scores.nce(new int[] {0, 0, 0, 1}, 0, 0, 1, 1), 1e-12);
        assertEquals(expected, Scores.leep(sure, 0, 0, 1, 1), 1e-6, "with certain outputs LEEP is NCE");
        Tensor unsure = Tensor.zeros(Shape.of(4, 2));
        assertEquals(Math.log(0.5), Scores.leep(unsure, 0, 0, 1, 1), 1e-6, "nothing is known but the labels' shares");
        assertEquals(0, Scores.nce(new int[] {0, 0, 1, 1}, 0, 0, 1, 1), 0);
    }

    @Test
    void kendall_s_tau_counts_pairs() {
        assertEquals(1, Scores.kendall(new double[] {1, 2, 3, 4}, new double[] {10, 20, 25, 90}), 1e-12);
        assertEquals(-1, Scores.kendall(new double[] {1, 2, 3}, new double[] {3, 2, 1}), 1e-12);
        assertEquals(2 / 6.0, Scores.kendall(new double[] {1, 2, 3, 4}, new double[] {1, 4, 2, 3}), 1e-12); // 4 pairs agree, 2 do not
        assertTrue(Double.isNaN(Scores.kendall(new double[] {1, 1}, new double[] {1, 2})));
        assertThrows(IllegalArgumentException.class, () -> Scores.kendall(new double[1], new double[1]));
    }

    @Test
    void eigenvalues_and_vectors_give_the_matrix_back() {
        double[][] a = Matrix.gram(Matrix.rows(RandomStream.of(3).normal(Shape.of(9, 6), 0, 1))); // rank 6 of 9
        Matrix.Eigen eigen = Matrix.Eigen.of(a);
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 9; j++) {
                double sum = 0;
                double product = 0;
                for (int k = 0; k < 9; k++) {
                    sum += eigen.values()[k] * eigen.vectors()[k][i] * eigen.vectors()[k][j];
                    product += eigen.vectors()[i][k] * eigen.vectors()[j][k];
                }
                assertEquals(a[i][j], sum, 1e-12);
                assertEquals(i == j ? 1 : 0, product, 1e-13);
            }
        }
        double[] values = eigen.values().clone();
        Arrays.sort(values);
        assertArrayEquals(new double[3], Arrays.copyOf(values, 3), 1e-13);
    }

    @Test
    void a_gap_is_nothing_between_halves_of_the_same_and_grows_with_a_shift() {
        Tensor a = RandomStream.of(1).normal(Shape.of(120, 4), 0, 1);
        Tensor b = RandomStream.of(2).normal(Shape.of(120, 4), 0, 1);
        DomainGap none = DomainGap.between(a, b, RandomStream.of(3));
        DomainGap far = DomainGap.between(a, b.plus(Tensor.scalar(3)), RandomStream.of(3));
        assertTrue(none.frechet() < 0.3 && Math.abs(none.maximumMeanDiscrepancy()) < 0.02 && Math.abs(none.proxyA()) < 0.7,
                none.toString());
        assertEquals(4 * 9, far.frechet(), 4);
        assertTrue(far.maximumMeanDiscrepancy() > 0.3 && far.proxyA() > 1.8, far.toString());
        assertEquals(0, DomainGap.between(a, a, RandomStream.of(1)).frechet(), 1e-9);
        assertEquals(List.of(), none.warnings(0));
        assertTrue(
                far.warnings(0.1).size() == 2 && far.warnings(0.1).getFirst().startsWith("A linear classifier tells source from target in"),
                far.warnings(0.1).toString());
        assertEquals(0.4, DomainGap.unknownRate(List.of(new int[] {1, 5, 1}, new int[] {6, 7}), 1), 1e-12);
    }

    @Test
    void the_frechet_distance_of_normal_distributions_is_known() {
        // one axis: (m1 - m2)² + (s1 - s2)²
        Tensor a = Tensor.of(Shape.of(4, 1), -1, 1, -1, 1);
        Tensor b = Tensor.of(Shape.of(4, 1), 2, 8, 2, 8);
        double s = Math.sqrt(4 / 3.0);
        assertEquals(25 + (3 * s - s) * (3 * s - s), DomainGap.between(a, b, RandomStream.of(1)).frechet(), 1e-9);
    }

    @Test
    void labels_must_fit() {
        assertThrows(IllegalArgumentException.class, () -> Scores.logMe(Tensor.zeros(Shape.of(3, 2)), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Scores.nearestNeighbours(Tensor.zeros(Shape.of(3, 2)), 3, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> DomainGap.between(Tensor.zeros(Shape.of(9, 2)), Tensor.zeros(Shape.of(9, 3)),
                RandomStream.of(1)));
    }
}
