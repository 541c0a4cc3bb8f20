package dev.headstart.train.cluster;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// k-means: centroids that make the sum of squared distances from each row to its nearest centroid, the *inertia*, small.
///
/// [#lloyd] is Lloyd's algorithm (1957, published 1982), [#plusPlus] where it begins (Arthur and Vassilvitskii 2007), [#miniBatch] Sculley's (2010)
/// for data that are many.
///
/// The nearest centroid is that of the largest `x·c - ½|c|²`, a matrix product; rows go by blocks of [#BLOCK], whose sums are added in order. So
/// the result is a function of data, start and settings, whatever the number of threads. A centroid that no row is nearest to is put
/// where the row is that lies furthest from its own.
///
/// @param centroids `[k, features]`
/// @param history the inertia of each assignment, the last that of `centroids`
public record KMeans(Tensor centroids, List<Double> history) {
    private static final int BLOCK = 4096;

    /// Sums are made anew when more than one row in so many has moved.
    private static final int FEW = 4;

    public KMeans {
        history = List.copyOf(history);
    }

    /// The inertia of the data it was made from.
    public double inertia() {
        return history.getLast();
    }

    /// k-means++ and Lloyd, with at most 300 rounds.
    public static KMeans of(Tensor rows, int k, RandomStream random) {
        return lloyd(rows, plusPlus(rows, k, random), 300, 1e-5);
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
        Blocks blocks = new Blocks(rows);
        List<Double> history = new ArrayList<>();
        Tensor centroids = start.copy();
        Sums sums = new Sums(blocks.rows, start.shape());
        for (int round = 0;; round++) {
            Assignment now = blocks.assign(centroids);
            history.add(now.inertia);
            boolean settled = round > 0 && history.get(round - 1) - now.inertia < tolerance * now.inertia;
            if (round == rounds || settled || !sums.update(now.nearest)) {
                return new KMeans(centroids, history);
            }
            centroids = sums.means(now);
        }
    }

    /// Where rows belong.
    ///
    /// @param nearest the number of each row's centroid
    /// @param distances squared, of each row to it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Assignment(int[] nearest, float[] distances, double inertia) {}

    /// Rows with their squared norms.
    private static final class Blocks {
        private final Tensor rows;
        private final float[] norms;
        private final Workspace workspace = new Workspace();

        Blocks(Tensor rows) {
            this.rows = rows.contiguous();
            this.norms = rows.sumOfSquares(1).toArray();
        }

        int count() {
            return rows.dim(0);
        }

        Assignment assign(Tensor centroids) {
            Tensor bias = centroids.sumOfSquares(1).times(-0.5f);
            int[] nearest = new int[count()];
            float[] distances = new float[count()];
            double inertia = 0;
            for (int from = 0; from < count(); from += BLOCK) {
                int first = from;
                workspace.run(() -> assign(first, centroids, bias, nearest, distances));
            }
            for (float distance : distances) {
                inertia += distance;
            }
            return new Assignment(nearest, distances, inertia);
        }

        private void assign(int from, Tensor centroids, Tensor bias, int[] nearest, float[] distances) {
            Tensor block = rows.slice(0, from, Math.min(count(), from + BLOCK));
            Tensor scores = block.linear(centroids, bias);
            Indices best = scores.argmax();
            float[] score = scores.pick(best).toArray();
            for (int i = 0; i < score.length; i++) {
                nearest[from + i] = best.at(i);
                distances[from + i] = Math.max(0, Math.fma(-2, score[i], norms[from + i]));
            }
        }
    }

    /// The sum of each centroid's rows, in double precision. When few rows go from one centroid to another, only they are looked at.
    private static final class Sums {
        private final Tensor rows;
        private final Shape shape;
        private final double[] sums;
        private final int[] counts;
        private int[] nearest = new int[0];

        Sums(Tensor rows, Shape centroids) {
            this.rows = rows;
            this.shape = centroids;
            this.sums = new double[centroids.size()];
            this.counts = new int[centroids.dim(0)];
        }

        /// Follows where rows are now; false when they all stayed.
        boolean update(int[] now) {
            int moved = 0;
            for (int i = 0; i < now.length; i++) {
                moved += nearest.length == 0 || nearest[i] != now[i] ? 1 : 0;
            }
            if (moved > now.length / FEW) {
                begin(now);
            } else {
                for (int i = 0; i < now.length; i++) {
                    if (nearest[i] != now[i]) {
                        move(i, nearest[i], now[i], sums, counts);
                    }
                }
            }
            nearest = now;
            return moved > 0;
        }

        private void begin(int[] now) {
            Arrays.fill(sums, 0);
            Arrays.fill(counts, 0);
            for (int from = 0; from < now.length; from += BLOCK) {
                int to = Math.min(now.length, from + BLOCK);
                Indices own = Indices.of(Arrays.copyOfRange(now, from, to));
                float[] part = rows.slice(0, from, to).scatterAddRows(own, shape).toArray();
                for (int i = 0; i < part.length; i++) {
                    sums[i] += part[i];
                }
            }
            for (int c : now) {
                counts[c]++;
            }
        }

        private void move(int row, int from, int to, double[] of, int[] number) {
            float[] values = rows.slice(0, row, row + 1).toArray();
            int left = from * values.length;
            int right = to * values.length;
            for (int i = 0; i < values.length; i++) {
                of[left + i] -= values[i];
                of[right + i] += values[i];
            }
            number[from]--;
            number[to]++;
        }

        /// The mean of each centroid's rows.
        Tensor means(Assignment assigned) {
            boolean empty = Arrays.stream(counts).anyMatch(count -> count == 0);
            double[] of = empty ? sums.clone() : sums;
            int[] number = empty ? counts.clone() : counts;
            if (empty) {
                repair(assigned, of, number);
            }
            float[] means = new float[of.length];
            int width = shape.dim(1);
            for (int i = 0; i < means.length; i++) {
                means[i] = (float) (of[i] / number[i / width]);
            }
            return Tensor.wrap(shape, means);
        }

        /// Gives each centroid without rows the row that is furthest from its own, and not the only one of that.
        private void repair(Assignment assigned, double[] of, int[] number) {
            float[] distances = assigned.distances.clone();
            int[] own = assigned.nearest.clone();
            for (int empty = 0; empty < number.length; empty++) {
                while (number[empty] == 0) {
                    int far = 0;
                    for (int i = 1; i < distances.length; i++) {
                        far = distances[i] > distances[far] ? i : far;
                    }
                    distances[far] = -1;
                    if (number[own[far]] > 1) {
                        move(far, own[far], empty, of, number);
                        own[far] = empty;
                    }
                }
            }
        }
    }

    // ---- where it begins ----

    /// k-means++: each centroid is a row, drawn with a probability in proportion to the squared distance from the nearest of those before; of
    /// `2 + ⌊log k⌋` draws the one that leaves the least inertia (as scikit-learn does it).
    public static Tensor plusPlus(Tensor rows, int k, RandomStream random) {
        check(rows, k);
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
        Tensor bias = some.sumOfSquares(1).times(-0.5f);
        float[][] after = new float[candidates.length][before.length];
        for (int from = 0; from < before.length; from += BLOCK) {
            int first = from;
            int to = Math.min(before.length, from + BLOCK);
            workspace.run(() -> {
                float[] scores = rows.slice(0, first, to).linear(some, bias).toArray();
                for (int i = first, at = 0; i < to; i++) {
                    for (int c = 0; c < candidates.length; c++) {
                        after[c][i] = Math.min(before[i], Math.max(0, Math.fma(-2, scores[at++], norms[i])));
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
        int k = start.dim(0);
        int width = start.dim(1);
        float[] centroids = start.toArray();
        long[] counts = new long[k];
        int epoch = Math.max(1, rows.dim(0) / batch);
        for (int step = 0; step < steps; step++) {
            int[] chosen = new int[batch];
            for (int i = 0; i < batch; i++) {
                chosen[i] = random.child(step).below(rows.dim(0), i);
            }
            Blocks block = new Blocks(rows.gatherRows(Indices.of(chosen)));
            Sums sums = new Sums(block.rows, start.shape());
            sums.update(block.assign(Tensor.of(start.shape(), centroids)).nearest);
            int[] now = sums.counts;
            for (int c = 0; c < k; c++) {
                counts[c] += now[c];
                for (int i = c * width; i < (c + 1) * width && now[c] > 0; i++) {
                    centroids[i] += (float) ((sums.sums[i] - now[c] * (double) centroids[i]) / counts[c]);
                }
                if (counts[c] == 0 && (step + 1) % epoch == 0) {
                    float[] row = rows.gatherRows(Indices.of(random.child("empty").child(step).below(rows.dim(0), c))).toArray();
                    System.arraycopy(row, 0, centroids, c * width, width);
                }
            }
        }
        Tensor found = Tensor.wrap(start.shape(), centroids);
        return new KMeans(found, List.of(new Blocks(rows).assign(found).inertia));
    }

    // ---- use ----

    /// The number of each row's nearest centroid.
    public int[] assign(Tensor rows) {
        return new Blocks(rows).assign(centroids).nearest;
    }

    private static void check(Tensor rows, int k) {
        if (rows.rank() != 2 || k < 1 || k > rows.dim(0)) {
            throw new IllegalArgumentException("k-means: " + k + " centroids of rows" + rows.shape()
                    + ": [rows, features] is needed, and at least as many rows as centroids");
        }
    }
}
