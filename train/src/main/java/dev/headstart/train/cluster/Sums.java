package dev.headstart.train.cluster;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The sum and number of each centroid's rows. Only rows that go from one centroid to another are added and taken away, in their order, each
/// column by one thread, in double precision: the same bits on any number of threads.
final class Sums {
    private static final int BLOCK = 4096;
    private static final int COLUMNS_OF_A_TASK = 64;

    private final Tensor rows;
    private final Shape shape;
    private final double[] sums;
    private final int[] counts;
    private final Workspace workspace = new Workspace();
    private int[] own;

    /// Sums of no rows yet.
    ///
    /// @param shape of the centroids
    Sums(Tensor rows, Shape shape) {
        this.rows = rows;
        this.shape = shape;
        this.sums = new double[shape.size()];
        this.counts = new int[shape.dim(0)];
        this.own = filled(rows.dim(0), -1);
    }

    private Sums(Sums other) {
        this.rows = other.rows;
        this.shape = other.shape;
        this.sums = other.sums.clone();
        this.counts = other.counts.clone();
        this.own = other.own.clone();
    }

    private static int[] filled(int n, int value) {
        int[] array = new int[n];
        Arrays.fill(array, value);
        return array;
    }

    /// Follows where rows are now; false when they all stayed.
    boolean follow(int[] now) {
        int[] moved = IntStream.range(0, now.length).filter(i -> now[i] != own[i]).toArray();
        for (int from = 0; from < moved.length; from += BLOCK) {
            int[] some = Arrays.copyOfRange(moved, from, Math.min(moved.length, from + BLOCK));
            int width = shape.dim(1);
            float[] values = workspace.call(() -> rows.gatherRows(Indices.of(some)).toArray());
            Workers.current().forEach((width + COLUMNS_OF_A_TASK - 1) / COLUMNS_OF_A_TASK, task -> {
                int first = task * COLUMNS_OF_A_TASK;
                int columns = Math.min(COLUMNS_OF_A_TASK, width - first);
                for (int i = 0; i < some.length; i++) {
                    add(values, i * width + first, own[some[i]] * width + first, columns, -1);
                    add(values, i * width + first, now[some[i]] * width + first, columns, 1);
                }
            });
        }
        for (int i : moved) {
            if (own[i] >= 0) {
                counts[own[i]]--;
            }
            counts[now[i]]++;
        }
        own = now.clone();
        return moved.length > 0;
    }

    private void add(float[] values, int from, int to, int columns, int sign) {
        for (int i = 0; i < columns && to >= 0; i++) {
            sums[to + i] += sign * (double) values[from + i];
        }
    }

    /// How many rows each centroid has.
    int[] counts() {
        return counts.clone();
    }

    /// Whether a centroid has no row.
    boolean hasEmpty() {
        return Arrays.stream(counts).anyMatch(count -> count == 0);
    }

    /// The sum of all rows' squared distances to their centroids.
    ///
    /// @param norm the sum of the rows' squared norms
    double inertia(Tensor centroids, double norm) {
        float[] c = centroids.toArray();
        double inertia = norm;
        for (int i = 0; i < c.length; i++) {
            inertia += c[i] * (counts[i / shape.dim(1)] * (double) c[i] - 2 * sums[i]);
        }
        return Math.max(0, inertia);
    }

    /// The mean of each centroid's rows.
    Tensor means() {
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / counts[i / shape.dim(1)]);
        }
        return Tensor.wrap(shape, means);
    }

    /// The means when each centroid without rows takes the row that is furthest from its own centroid, and not the only one of that.
    ///
    /// @param squares of the rows' distances to their centroids
    Tensor repaired(double[] squares) {
        Sums other = new Sums(this);
        double[] left = squares.clone();
        for (int empty = 0; empty < counts.length; empty++) {
            while (other.counts[empty] == 0) {
                int far = 0;
                for (int i = 1; i < left.length; i++) {
                    far = left[i] > left[far] ? i : far;
                }
                left[far] = -1;
                if (other.counts[other.own[far]] > 1) {
                    int[] now = other.own.clone();
                    now[far] = empty;
                    other.follow(now);
                }
            }
        }
        return other.means();
    }
}
