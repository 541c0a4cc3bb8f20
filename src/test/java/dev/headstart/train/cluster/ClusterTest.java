package dev.headstart.train.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.generative.PatchCodes;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.objective.FeatureClassification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Laws of clustering.
class ClusterTest {
    /// Points around `k` centres that are far apart, example i at centre i mod k.
    private static Tensor blobs(int n, int width, int k, float spread) {
        Tensor centres = RandomStream.of(1).normal(Shape.of(k, width), 0, 4);
        Tensor noise = RandomStream.of(2).normal(Shape.of(n, width), 0, spread);
        return centres.gatherRows(Indices.of(truth(n, k))).plus(noise);
    }

    private static int[] truth(int n, int k) {
        return IntStream.range(0, n).map(i -> i % k).toArray();
    }

    private static double squareDistance(Tensor a, int i, Tensor b, int j) {
        double sum = 0;
        for (int f = 0; f < a.dim(1); f++) {
            sum += ((double) a.get(i, f) - b.get(j, f)) * ((double) a.get(i, f) - b.get(j, f));
        }
        return sum;
    }

    private static double leastSquare(Tensor rows, int i, Tensor centroids) {
        return IntStream.range(0, centroids.dim(0)).mapToDouble(c -> squareDistance(rows, i, centroids, c)).min().orElseThrow();
    }

    @Property(tries = 25)
    void inertia_never_increases_and_is_what_brute_force_says(@ForAll @IntRange(min = 1, max = 9) int k,
            @ForAll @IntRange(min = 9, max = 300) int n, @ForAll long seed) {
        Tensor rows = RandomStream.of(seed).normal(Shape.of(n, 5), 1, 1);
        KMeans clusters = KMeans.of(rows, k, RandomStream.of(seed));
        for (int i = 1; i < clusters.history().size(); i++) {
            assertTrue(clusters.history().get(i) <= clusters.history().get(i - 1) * (1 + 1e-6), clusters.history().toString());
        }
        int[] assigned = clusters.assign(rows);
        double inertia = 0;
        for (int i = 0; i < n; i++) {
            double least = leastSquare(rows, i, clusters.centroids());
            inertia += least;
            assertEquals(least, squareDistance(rows, i, clusters.centroids(), assigned[i]), 1e-4);
        }
        assertEquals(inertia, clusters.inertia(), 1e-5 * inertia + 1e-6);
    }

    /// The textbook's rounds, without bounds.
    private static List<Double> rounds(Tensor rows, Tensor start, int most) {
        int n = rows.dim(0);
        int width = rows.dim(1);
        float[] centroids = start.toArray();
        List<Double> inertias = new ArrayList<>();
        for (int round = 0; round <= most; round++) {
            Tensor now = Tensor.of(start.shape(), centroids);
            double inertia = 0;
            double[] sums = new double[centroids.length];
            int[] counts = new int[start.dim(0)];
            for (int i = 0; i < n; i++) {
                int row = i;
                int own = IntStream.range(0, counts.length).boxed()
                        .min(Comparator.comparingDouble(c -> squareDistance(rows, row, now, c))).orElseThrow();
                inertia += squareDistance(rows, i, now, own);
                counts[own]++;
                for (int f = 0; f < width; f++) {
                    sums[own * width + f] += rows.get(i, f);
                }
            }
            inertias.add(inertia);
            for (int i = 0; i < sums.length; i++) {
                centroids[i] = (float) (sums[i] / counts[i / width]);
            }
        }
        return inertias;
    }

    /// Seeds are fixed: what rounding makes of a tie may lead two runs apart.
    @Test
    void rows_that_are_not_looked_at_would_have_stayed() {
        for (int k = 2; k <= 12; k++) {
            Tensor rows = RandomStream.of(k).normal(Shape.of(600, 3), 0, 1);
            Tensor start = KMeans.plusPlus(rows, k, RandomStream.of(k));
            List<Double> inertias = KMeans.lloyd(rows, start, 15, 0).history();
            List<Double> expected = rounds(rows, start, inertias.size() - 1);
            for (int i = 0; i < inertias.size(); i++) {
                assertEquals(expected.get(i), inertias.get(i), 1e-6 * expected.get(i), "k " + k + ", round " + i);
            }
        }
    }

    @Test
    void well_separated_groups_are_found() {
        Tensor rows = blobs(500, 6, 7, 0.3f);
        KMeans clusters = KMeans.of(rows, 7, RandomStream.of(3));
        assertEquals(1, Agreement.adjustedRandIndex(truth(500, 7), clusters.assign(rows)), 1e-12);
        KMeans batches = KMeans.miniBatch(rows, KMeans.plusPlus(rows, 7, RandomStream.of(3)), 50, 60, RandomStream.of(4));
        assertEquals(1, Agreement.normalisedMutualInformation(truth(500, 7), batches.assign(rows)), 1e-12);
        assertTrue(batches.inertia() < 1.1 * clusters.inertia() && batches.inertia() >= clusters.inertia() * (1 - 1e-6));
    }

    @Test
    void at_the_end_each_centroid_is_the_mean_of_its_rows() {
        Tensor rows = blobs(9000, 4, 5, 2);
        KMeans clusters = KMeans.lloyd(rows, KMeans.plusPlus(rows, 5, RandomStream.of(3)), 500, 0);
        int[] nearest = clusters.assign(rows);
        for (int c = 0; c < 5; c++) {
            int own = c;
            int[] mine = IntStream.range(0, 9000).filter(i -> nearest[i] == own).toArray();
            float[] mean = rows.gatherRows(Indices.of(mine)).mean(0).toArray();
            assertArrayEquals(mean, clusters.centroids().slice(0, c, c + 1).toArray(), 1e-3f);
        }
    }

    @Test
    void threads_change_no_bit() {
        Tensor rows = blobs(9000, 70, 5, 2);
        KMeans one = Workers.sequential().call(() -> KMeans.of(rows, 8, RandomStream.of(3)));
        KMeans three = Workers.of(3).call(() -> KMeans.of(rows, 8, RandomStream.of(3)));
        assertTrue(one.centroids().bitsEqual(three.centroids()));
        assertEquals(one.history(), three.history());
    }

    /// Multiples of 2⁻⁹, so that 10,000 can be added without rounding.
    private static Tensor grid(Tensor rows) {
        float[] values = rows.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(values[i] * 512) / 512f;
        }
        return Tensor.wrap(rows.shape(), values);
    }

    private static double inertia(Tensor rows, Tensor centroids) {
        return IntStream.range(0, rows.dim(0)).mapToDouble(i -> leastSquare(rows, i, centroids)).sum();
    }

    @Test
    void data_far_from_the_origin_have_the_clusters_they_have_near_it() {
        Tensor near = grid(blobs(600, 4, 6, 1));
        Tensor far = near.plus(Tensor.scalar(10_000));
        Tensor start = KMeans.plusPlus(near, 6, RandomStream.of(5));
        assertTrue(start.plus(Tensor.scalar(10_000)).bitsEqual(KMeans.plusPlus(far, 6, RandomStream.of(5))));
        KMeans here = KMeans.lloyd(near, start, 300, 0);
        KMeans there = KMeans.lloyd(far, start.plus(Tensor.scalar(10_000)), 300, 0);
        assertEquals(here.history().size(), there.history().size());
        assertEquals(here.inertia(), there.inertia(), 1e-5 * here.inertia());
        assertEquals(here.inertia(), inertia(far, there.centroids()), 1e-4 * here.inertia());
        assertArrayEquals(here.assign(near), there.assign(far));
        int[] some = {5, 17, 402};
        int[] all = there.assign(far);
        assertArrayEquals(Arrays.stream(some).map(i -> all[i]).toArray(), there.assign(far.gatherRows(Indices.of(some))));
        assertEquals(here.inertia(), KMeans.of(far, 6, RandomStream.of(5)).inertia(), 0.01 * here.inertia());
        KMeans batches = KMeans.miniBatch(far, start.plus(Tensor.scalar(10_000)), 50, 100, RandomStream.of(4));
        assertEquals(inertia(far, batches.centroids()), batches.inertia(), 1e-4 * batches.inertia());
        assertEquals(here.inertia(), batches.inertia(), 0.1 * here.inertia());
        assertEquals(Agreement.silhouette(near, here.assign(near)), Agreement.silhouette(far, here.assign(near)), 1e-6);
    }

    @Test
    void narrow_groups_far_apart_are_told_from_each_other() {
        int n = 300;
        float[] centres = {0, 3, 100_000};
        float[] values = RandomStream.of(2).normal(Shape.of(n, 2), 0, 0.25f).toArray();
        for (int i = 0; i < n; i++) {
            values[2 * i] += centres[i % 3];
        }
        Tensor rows = Tensor.wrap(Shape.of(n, 2), values);
        for (int seed = 0; seed < 5; seed++) {
            KMeans clusters = KMeans.of(rows, 3, RandomStream.of(seed));
            assertEquals(1, Agreement.adjustedRandIndex(truth(n, 3), clusters.assign(rows)), "seed " + seed);
            assertEquals(inertia(rows, clusters.centroids()), clusters.inertia(), 1e-3 * clusters.inertia());
        }
        assertEquals(silhouette(rows, truth(n, 3)), Agreement.silhouette(rows, truth(n, 3)), 1e-6);
    }

    /// By the definition.
    private static double silhouette(Tensor rows, int[] groups) {
        int n = groups.length;
        double total = 0;
        for (int i = 0; i < n; i++) {
            int own = i;
            double[] means = IntStream.range(0, 3)
                    .mapToDouble(g -> IntStream.range(0, n).filter(j -> j != own && groups[j] == g)
                            .mapToDouble(j -> Math.sqrt(squareDistance(rows, own, rows, j))).average().orElse(0))
                    .toArray();
            double a = means[groups[i]];
            double b = IntStream.range(0, 3).filter(g -> g != groups[own]).mapToDouble(g -> means[g]).min().orElse(0);
            total += (b - a) / Math.max(a, b) / n;
        }
        return total;
    }

    @Test
    void directions_without_extent_are_not_whitened() {
        Tensor free = RandomStream.of(5).normal(Shape.of(500, 3), 2, 1);
        Tensor twice = Tensor.concat(1, free, free, free.times(3), Tensor.ones(Shape.of(500, 2)));
        for (double epsilon : new double[] {0, 1e-12}) {
            Tensor white = Whitening.of(twice, epsilon).apply(twice);
            double variance = white.square().sum().item() / 500;
            assertEquals(3, variance, 1e-2, "three directions of variance 1");
        }
    }

    @Test
    void a_centroid_without_rows_goes_where_the_furthest_row_is() {
        Tensor rows = Tensor.of(Shape.of(6, 1), 0, 1, 2, 3, 4, 100);
        Tensor start = Tensor.of(Shape.of(3, 1), 1, 5000, 9000);
        KMeans clusters = KMeans.lloyd(rows, start, 100, 0);
        float[] centroids = clusters.centroids().toArray();
        Arrays.sort(centroids);
        assertEquals(100, centroids[2]);
        assertEquals(4, clusters.inertia() * 2, 1.1); // 0 1 | 2 3 4, or 0 1 2 | 3 4: 2.5
        for (int i = 1; i < clusters.history().size(); i++) {
            assertTrue(clusters.history().get(i) <= clusters.history().get(i - 1));
        }
        Tensor same = Tensor.ones(Shape.of(5, 2));
        assertEquals(0, KMeans.of(same, 3, RandomStream.of(1)).inertia(), 1e-12);
    }

    @Test
    void more_centroids_than_rows_are_refused() {
        assertEquals("k-means: 4 centroids of rows[3, 2]: [rows, features] is needed, and at least as many rows as centroids",
                assertThrows(IllegalArgumentException.class, () -> KMeans.of(Tensor.zeros(Shape.of(3, 2)), 4, RandomStream.of(1)))
                        .getMessage());
    }

    @Test
    void whitened_features_are_uncorrelated_and_stay_near() {
        Tensor mixed = RandomStream.of(5).normal(Shape.of(4000, 6), 0, 1).matmul(RandomStream.of(6).normal(Shape.of(6, 6), 0, 1)).plus(
                Tensor.scalar(3));
        Whitening whitening = Whitening.of(mixed, 1e-9);
        Tensor white = whitening.apply(mixed);
        float[] covariance = white.transpose(0, 1).matmul(white).times(1f / 4000).toArray();
        for (int i = 0; i < 36; i++) {
            assertEquals(i % 7 == 0 ? 1 : 0, covariance[i], 2e-3);
        }
        assertEquals(0, white.mean(0).abs().max().item(), 1e-4);
        float[] matrix = whitening.matrix().toArray();
        assertArrayEquals(matrix, whitening.matrix().transpose(0, 1).copy().toArray(), 1e-4f); // zero phase: no rotation
    }

    /// Figures of scikit-learn 1.9.
    @Test
    void scores_are_those_of_scikit_learn() {
        int[] a = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2};
        int[] b = {0, 0, 1, 1, 1, 1, 2, 2, 2, 0, 2, 2};
        assertEquals(0.4444108423569991, Agreement.normalisedMutualInformation(a, b), 1e-9);
        assertEquals(0.2609182530795073, Agreement.adjustedRandIndex(a, b), 1e-9);
        assertEquals(1, Agreement.normalisedMutualInformation(a, IntStream.of(a).map(i -> 2 - i).toArray()), 1e-12);
        Tensor x = Tensor.of(Shape.of(8, 2), 0, 0, 1, 0, 0, 2, 5, 5, 6, 5, 5, 7, 9, 0, 8, 1);
        assertEquals(0.7404695861413864, Agreement.silhouette(x, new int[] {0, 0, 0, 1, 1, 1, 2, 2}), 1e-6);
        assertEquals(0.4595118104147651, Agreement.silhouette(x, new int[] {0, 0, 0, 1, 1, 0, 2, 2}), 1e-6);
        assertEquals(0.3233113871876814, Agreement.silhouette(x, new int[] {0, 0, 0, 1, 1, 1, 1, 2}), 1e-6);
    }

    /// As scikit-learn 1.9's `adjusted_rand_score` and `normalized_mutual_info_score`; its silhouette refuses what has no second group, or none
    /// with two rows, and is 0 for each row here.
    @Test
    void measures_of_hardly_any_examples_are_numbers() {
        int[][][] same = {{{}, {}}, {{0}, {0}}, {{3}, {1}}, {{0, 0}, {1, 1}}, {{0, 1, 2}, {2, 0, 1}}};
        for (int[][] pair : same) {
            assertEquals(1, Agreement.adjustedRandIndex(pair[0], pair[1]), Arrays.deepToString(pair));
            assertEquals(1, Agreement.normalisedMutualInformation(pair[0], pair[1]), 1e-15, Arrays.deepToString(pair));
        }
        int[][][] unlike = {{{0, 0}, {0, 1}}, {{0, 1, 2}, {0, 0, 0}}, {{0, 0, 1, 1}, {0, 0, 0, 0}}};
        for (int[][] pair : unlike) {
            assertEquals(0, Agreement.adjustedRandIndex(pair[0], pair[1]), Arrays.deepToString(pair));
            assertEquals(0, Agreement.normalisedMutualInformation(pair[0], pair[1]), Arrays.deepToString(pair));
        }
        assertEquals(-0.5, Agreement.adjustedRandIndex(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}), 1e-15);
        Tensor same3 = Tensor.full(Shape.of(3, 2), 5);
        assertEquals(0, Agreement.silhouette(same3, new int[] {0, 0, 1}), "rows that are all the same");
        assertEquals(0, Agreement.silhouette(same3, new int[] {0, 0, 0}), "one group");
        assertEquals(0, Agreement.silhouette(same3, new int[] {0, 1, 2}), "rows alone");
        assertEquals(0, Agreement.silhouette(Tensor.zeros(Shape.of(0, 2)), new int[0]), "no row");
    }

    /// Images of horizontal and of vertical stripes, in random places.
    private static Tensor stripes(int n) {
        float[] pixels = new float[n * 64];
        for (int i = 0; i < n; i++) {
            int phase = RandomStream.of(11).below(4, i);
            for (int p = 0; p < 64; p++) {
                int along = i % 2 == 0 ? p / 8 : p % 8;
                pixels[i * 64 + p] = ((along + phase) / 2 % 2) * 0.8f + 0.2f * RandomStream.of(12).child(i).uniform(p);
            }
        }
        return Tensor.wrap(Shape.of(n, 8, 8, 1), pixels);
    }

    @Test
    void patch_codes_tell_textures_apart_and_are_an_ordinary_layer() {
        Tensor images = stripes(60);
        PatchCodes codes = PatchDictionary.learn(images, 4, 8, 400, RandomStream.of(1));
        Tensor features = codes.forward(Variable.of(images)).value();
        assertEquals(Shape.of(60, 32), features.shape());
        assertTrue(features.min().item() >= 0);
        double active = features.greater(Tensor.scalar(0)).mean().item();
        assertTrue(active > 0.1, "active " + active);
        Linear head = new Linear(codes.features(), 2, RandomStream.of(2));
        int[] labels = truth(60, 2);
        Trainer.of(new FeatureClassification(head, features.slice(0, 0, 20).copy(), Arrays.copyOf(labels, 20)), head.parameters(),
                Adam.adam(List.of(ParamGroup.of(head.parameters()).rate(0.05)), Schedule.constant(), Double.POSITIVE_INFINITY),
                Batches.of(20, 10, RandomStream.of(1)), RandomStream.of(2)).run(100);
        assertTrue(FeatureClassification.accuracy(head, features.slice(0, 20, 60),
                Arrays.copyOfRange(labels, 20, 60)) > 0.9);

        Sequential whole = new Sequential(new PatchCodes(4, 1, Tensor.zeros(Shape.of(16)), Tensor.zeros(Shape.of(16, 16)),
                Tensor.zeros(Shape.of(8, 16))), new Linear(32, 2, RandomStream.of(3)));
        Map<String, Tensor> found = new HashMap<>();
        codes.parameters().byName().forEach((name, parameter) -> found.put("0." + name, parameter.value()));
        Transfer.into("classifier", whole.parameters()).allowMissing("1.*").fromTensors("codes", found);
        whole.parameters().select("0.mean").freeze();
        var gradients = whole.forward(Variable.of(images)).square().mean().backward();
        assertTrue(Objects.requireNonNull(gradients.get(whole.parameters().get("0.centroids"))).isFinite());
        assertEquals(null, gradients.get(whole.parameters().get("0.mean")));
    }

    @Test
    void clusters_as_labels_teach_a_body() {
        Tensor rows = blobs(300, 6, 3, 0.6f).times(0.3f);
        Sequential body = new Sequential(new Linear(6, 8, RandomStream.of(1)), Activation.TANH);
        double last = 0;
        for (int round = 0; round < 3; round++) {
            DeepCluster pseudoLabels = DeepCluster.of(body, rows, 3, RandomStream.of(2).child(round));
            last = Trainer.of(pseudoLabels, pseudoLabels.parameters(),
                    Adam.adam(List.of(ParamGroup.of(pseudoLabels.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY),
                    Batches.of(300, 50, RandomStream.of(3)), RandomStream.of(4)).run(100).curve().getLast().loss();
            assertTrue(Agreement.normalisedMutualInformation(truth(300, 3), pseudoLabels.labels()) > 0.9);
        }
        assertTrue(last < 0.2, "loss " + last);
    }
}
