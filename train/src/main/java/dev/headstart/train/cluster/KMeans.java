package dev.headstart.train.cluster;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// k-means: centroids that make the sum of squared distances from each row to its nearest centroid, the *inertia*, small.
///
/// [#lloyd] is Lloyd's algorithm (1957, published 1982), [#plusPlus] where it begins (Arthur and Vassilvitskii 2007), [#miniBatch] Sculley's (2010)
/// for data that are many.
///
/// Rows that cannot have another centroid than before are not looked at (Hamerly 2010), and sums follow the rows that move. The result is a
/// function of data, start and settings, whatever the number of threads. Data far from the origin are clustered relative to their mean. A centroid that no row is nearest to is put where the row is that lies
/// furthest from its own.
///
/// @param centroids `[k, features]`
/// @param history the inertia of each assignment, the last that of `centroids`
public record KMeans(Tensor centroids, List<Double> history) {
    private static final int BLOCK = 4096;

    public KMeans {
        history = List.copyOf(history);
    }

    /// The inertia of the data it was made from.
    public double inertia() {
        return history.getLast();
    }

    /// k-means++ and Lloyd, with at most 300 rounds.
    public static KMeans of(Tensor rows, int k, RandomStream random) {
        check(rows, k);
        Tensor origin = Distances.origin(rows);
        Tensor centred = Distances.relative(rows, origin);
        return lloydAround(centred, plusPlusAround(centred, k, random), 300, 1e-5).movedBack(origin);
    }

    private KMeans movedBack(@Nullable Tensor origin) {
        return new KMeans(Distances.absolute(centroids, origin), history);
    }

    // ---- Lloyd ----

    /// Lloyd's algorithm: assign each row to its nearest centroid, move each centroid to the mean of its rows, again and again, until no row changes
    /// its centroid, or the inertia falls by less than `tolerance` of itself.
    ///
    /// @param rows `[n, features]`
    /// @param start `[k, features]`
    /// @param rounds how often centroids are moved at most
    public static KMeans lloyd(Tensor rows, Tensor start, int rounds, double tolerance) {
        check(rows, start.dim(0));
        Tensor origin = Distances.origin(rows);
        return lloydAround(Distances.relative(rows, origin), Distances.relative(start, origin), rounds, tolerance).movedBack(origin);
    }

    private static KMeans lloydAround(Tensor rows, Tensor start, int rounds, double tolerance) {
        Nearest nearest = new Nearest(rows);
        Sums sums = new Sums(rows, start.shape());
        double norm = nearest.norm();
        List<Double> history = new ArrayList<>();
        Tensor centroids = start.copy();
        nearest.look(centroids);
        for (int round = 0;; round++) {
            boolean moved = sums.follow(nearest.own());
            double inertia = sums.inertia(centroids, norm);
            history.add(inertia);
            boolean settled = round > 0 && history.get(round - 1) - inertia < tolerance * inertia;
            if (round == rounds || settled || !moved) {
                return new KMeans(centroids, history);
            }
            Tensor before = centroids;
            if (sums.hasEmpty()) {
                nearest.look(before);
                centroids = sums.repaired(nearest.squares());
            } else {
                centroids = sums.means();
            }
            nearest.follow(before, centroids);
        }
    }

    // ---- where it begins ----

    /// k-means++: each centroid is a row, drawn with a probability in proportion to the squared distance from the nearest of those before; of
    /// `2 + ⌊log k⌋` draws the one that leaves the least inertia (as scikit-learn does it).
    public static Tensor plusPlus(Tensor rows, int k, RandomStream random) {
        check(rows, k);
        Tensor origin = Distances.origin(rows);
        return Distances.absolute(plusPlusAround(Distances.relative(rows, origin), k, random), origin);
    }

    private static Tensor plusPlusAround(Tensor rows, int k, RandomStream random) {
        float[] norms = rows.sumOfSquares(1).toArray();
        Workspace workspace = new Workspace();
        int[] chosen = new int[k];
        chosen[0] = random.below(rows.dim(0), 0);
        float[][] best = {nearer(rows, norms, filled(norms.length), workspace, chosen[0])[0]};
        int draws = 2 + (int) Math.log(k);
        for (int c = 1; c < k; c++) {
            int[] candidates = new int[draws];
            double total = sum(best[0]);
            for (int i = 0; i < draws; i++) {
                candidates[i] = at(best[0], random.child(c).uniform(i) * total);
            }
            float[][] left = nearer(rows, norms, best[0], workspace, candidates);
            int winner = 0;
            for (int i = 1; i < draws; i++) {
                winner = sum(left[i]) < sum(left[winner]) ? i : winner;
            }
            chosen[c] = candidates[winner];
            best[0] = left[winner];
        }
        return rows.gatherRows(Indices.of(chosen));
    }

    private static float[] filled(int n) {
        float[] far = new float[n];
        Arrays.fill(far, Float.POSITIVE_INFINITY);
        return far;
    }

    /// For each candidate, what the squared distances become when it is a centroid too.
    private static float[][] nearer(Tensor rows, float[] norms, float[] before, Workspace workspace, int... candidates) {
        Tensor some = rows.gatherRows(Indices.of(candidates));
        float[] places = some.toArray();
        int width = rows.dim(1);
        Tensor bias = some.sumOfSquares(1).times(-0.5f);
        float[][] after = new float[candidates.length][before.length];
        for (int from = 0; from < before.length; from += BLOCK) {
            int first = from;
            int to = Math.min(before.length, from + BLOCK);
            workspace.run(() -> {
                Tensor block = rows.slice(0, first, to);
                float[] scores = block.linear(some, bias).toArray();
                float[] values = {};
                for (int i = first, at = 0; i < to; i++) {
                    for (int c = 0; c < candidates.length; c++) {
                        float square = Math.fma(-2, scores[at++], norms[i]);
                        if (Distances.isCancelled(square, norms[i] + norms[candidates[c]])) {
                            values = values.length == 0 ? block.toArray() : values;
                            square = (float) Distances.square(values, (i - first) * width, places, c * width, width);
                        }
                        after[c][i] = Math.min(before[i], square);
                    }
                }
            });
        }
        return after;
    }

    private static double sum(float[] numbers) {
        double sum = 0;
        for (float number : numbers) {
            sum += number;
        }
        return sum;
    }

    /// Where the running sum passes `point`.
    private static int at(float[] numbers, double point) {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < numbers.length; i++) {
            sum += numbers[i];
            if (numbers[i] > 0) {
                last = i;
                if (sum > point) {
                    return i;
                }
            }
        }
        return last;
    }

    // ---- mini-batches ----

    /// Mini-batch k-means (Sculley 2010, "Web-Scale K-Means Clustering"): each step assigns a batch of rows, and each centroid moves towards the mean
    /// of its rows of the batch, by their share of all rows it has had. A centroid that has had none for an epoch's steps goes to a random row.
    ///
    /// @param batch rows of a step
    public static KMeans miniBatch(Tensor rows, Tensor start, int batch, int steps, RandomStream random) {
        check(rows, start.dim(0));
        Tensor origin = Distances.origin(rows);
        return miniBatchAround(Distances.relative(rows, origin), Distances.relative(start, origin), batch, steps, random).movedBack(origin);
    }

    private static KMeans miniBatchAround(Tensor rows, Tensor start, int batch, int steps, RandomStream random) {
        int k = start.dim(0);
        int width = start.dim(1);
        double[] centroids = doubles(start.toArray()); // a late step of a large centroid is below float32
        long[] counts = new long[k];
        int epoch = Math.max(1, rows.dim(0) / batch);
        for (int step = 0; step < steps; step++) {
            int[] chosen = new int[batch];
            for (int i = 0; i < batch; i++) {
                chosen[i] = random.child(step).below(rows.dim(0), i);
            }
            Tensor some = rows.gatherRows(Indices.of(chosen));
            Nearest nearest = new Nearest(some);
            nearest.look(floats(start.shape(), centroids));
            Sums sums = new Sums(some, start.shape());
            sums.follow(nearest.own());
            int[] now = sums.counts();
            float[] means = sums.means().toArray();
            for (int c = 0; c < k; c++) {
                counts[c] += now[c];
                for (int i = c * width; i < (c + 1) * width && now[c] > 0; i++) {
                    centroids[i] += now[c] * (means[i] - centroids[i]) / counts[c];
                }
                if (counts[c] == 0 && (step + 1) % epoch == 0) {
                    float[] row = rows.gatherRows(Indices.of(random.child("empty").child(step).below(rows.dim(0), c))).toArray();
                    System.arraycopy(doubles(row), 0, centroids, c * width, width);
                }
            }
        }
        Tensor found = floats(start.shape(), centroids);
        Nearest nearest = new Nearest(rows);
        nearest.look(found);
        return new KMeans(found, List.of(Arrays.stream(nearest.squares()).sum()));
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static Tensor floats(Shape shape, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.wrap(shape, floats);
    }

    // ---- use ----

    /// The number of each row's nearest centroid.
    public int[] assign(Tensor rows) {
        Tensor origin = Distances.origin(centroids); // not of the rows: a row's answer does not depend on others
        Nearest nearest = new Nearest(Distances.relative(rows, origin));
        nearest.look(Distances.relative(centroids, origin));
        return nearest.own();
    }

    private static void check(Tensor rows, int k) {
        if (rows.rank() != 2 || k < 1 || k > rows.dim(0)) {
            throw new IllegalArgumentException("k-means: " + k + " centroids of rows" + rows.shape()
                    + ": [rows, features] is needed, and at least as many rows as centroids");
        }
    }
}
