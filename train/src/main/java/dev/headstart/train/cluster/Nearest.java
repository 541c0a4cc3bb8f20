package dev.headstart.train.cluster;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Which centroid each row is nearest to, followed while centroids move.
///
/// The nearest centroid is that of the largest `x·c - ½|c|²`, a matrix product; rows go by blocks. Of each row an upper bound of the distance to its
/// own centroid and a lower bound of the distance to all others are kept. When centroids move, the bounds change by no more than these moves do
/// (triangle inequality), and rows whose bounds do not meet need not be looked at: Hamerly 2010, "Making k-means even faster". Bounds are wider than
/// what rounding can do to a product: the centroid of a row that is skipped is truly the nearest still. Where a product's rounding could hide which
/// is nearest, or most of a distance's digits, differences in double precision tell; of equally near ones the first is taken.
final class Nearest {
    private static final int BLOCK = 4096;
    private static final int ROWS_OF_A_TASK = 256;

    /// All rows are looked at where they are when more than this share would have to be copied.
    private static final double MOST_COPIED = 0.85;

    private final Tensor rows;
    private final double[] norms;
    private final int[] own;
    private final double[] squares;
    private final double[] above;
    private final double[] below;
    private final Workspace workspace = new Workspace();

    Nearest(Tensor rows) {
        int n = rows.dim(0);
        this.rows = rows.contiguous();
        this.norms = new double[n];
        this.own = new int[n];
        this.squares = new double[n];
        this.above = new double[n];
        this.below = new double[n];
        Workers.current().forEach((n + ROWS_OF_A_TASK - 1) / ROWS_OF_A_TASK, this::measure);
    }

    private void measure(int task) {
        int from = task * ROWS_OF_A_TASK;
        float[] values = rows.slice(0, from, Math.min(norms.length, from + ROWS_OF_A_TASK)).toArray();
        int width = rows.dim(1);
        for (int at = 0; at < values.length; at++) {
            norms[from + at / width] += (double) values[at] * values[at];
        }
    }

    /// The centroid of each row.
    int[] own() {
        return own.clone();
    }

    /// The squared distance of each row to its centroid, as it was when that row was last looked at.
    double[] squares() {
        return squares.clone();
    }

    /// The sum of the rows' squared norms.
    double norm() {
        return Arrays.stream(norms).sum();
    }

    /// Looks at all rows.
    void look(Tensor centroids) {
        Products products = new Products(centroids);
        for (int from = 0; from < own.length; from += BLOCK) {
            int first = from;
            products.look(() -> rows.slice(0, first, Math.min(own.length, first + BLOCK)), i -> first + i);
        }
    }

    /// Looks at the rows that may belong elsewhere since centroids moved.
    void follow(Tensor before, Tensor after) {
        double[] moves = distances(before, after);
        int furthest = 0;
        for (int c = 1; c < moves.length; c++) {
            furthest = moves[c] > moves[furthest] ? c : furthest;
        }
        double next = 0;
        for (int c = 0; c < moves.length; c++) {
            next = c == furthest ? next : Math.max(next, moves[c]);
        }
        int[] doubtful = new int[own.length];
        int count = 0;
        for (int i = 0; i < own.length; i++) {
            above[i] += moves[own[i]];
            below[i] -= own[i] == furthest ? next : moves[furthest];
            if (above[i] >= below[i]) {
                doubtful[count++] = i;
            }
        }
        if (count > MOST_COPIED * own.length) {
            look(after);
        } else {
            look(after, Arrays.copyOf(doubtful, count));
        }
    }

    private static double[] distances(Tensor before, Tensor after) {
        double[] distances = new double[before.dim(0)];
        float[] a = before.toArray();
        float[] b = after.toArray();
        for (int i = 0; i < a.length; i++) {
            double step = (double) a[i] - b[i];
            distances[i / before.dim(1)] += step * step;
        }
        Arrays.setAll(distances, c -> Math.sqrt(distances[c]));
        return distances;
    }

    private void look(Tensor centroids, int[] some) {
        Products products = new Products(centroids);
        for (int from = 0; from < some.length; from += BLOCK) {
            int[] block = Arrays.copyOfRange(some, from, Math.min(some.length, from + BLOCK));
            products.look(() -> rows.gatherRows(Indices.of(block)), i -> block[i]);
        }
    }

    /// The products with some centroids.
    private final class Products {
        private final Tensor centroids;
        private final float[] places;
        private final Tensor bias;
        private final double reach;
        private final double rounding;

        Products(Tensor centroids) {
            Tensor norms = centroids.sumOfSquares(1);
            this.centroids = centroids;
            this.places = centroids.toArray();
            this.bias = norms.times(-0.5f);
            this.reach = norms.max().item();
            this.rounding = 2 * (rows.dim(1) + 8) * 0x1p-24;
        }

        /// Looks at a block of rows, of which row i is row `place(i)` of all.
        void look(Supplier<Tensor> some, IntUnaryOperator place) {
            workspace.run(() -> {
                Tensor block = some.get();
                float[] scores = block.linear(centroids, bias).toArray();
                int n = block.dim(0);
                boolean[] hidden = new boolean[n];
                forEachRow(n, i -> hidden[i] = !isChosen(place.applyAsInt(i), scores, i * centroids.dim(0)));
                if (IntStream.range(0, n).anyMatch(i -> hidden[i])) {
                    float[] values = block.toArray();
                    forEachRow(n, i -> {
                        if (hidden[i]) {
                            chooseByDifferences(place.applyAsInt(i), scores, i * centroids.dim(0), values, i * centroids.dim(1));
                        }
                    });
                }
            });
        }

        private static void forEachRow(int n, IntConsumer body) {
            Workers.current().forEach((n + ROWS_OF_A_TASK - 1) / ROWS_OF_A_TASK, task -> {
                for (int i = task * ROWS_OF_A_TASK; i < Math.min(n, (task + 1) * ROWS_OF_A_TASK); i++) {
                    body.accept(i);
                }
            });
        }

        /// What a product may be wrong by, as a squared distance.
        private double slack(int row) {
            return rounding * (norms[row] + reach);
        }

        /// Chooses by products; false when they cannot tell.
        private boolean isChosen(int row, float[] scores, int at) {
            int best = 0;
            float first = scores[at];
            float second = Float.NEGATIVE_INFINITY;
            for (int c = 1; c < centroids.dim(0); c++) {
                float score = scores[at + c];
                if (score > first) {
                    second = first;
                    first = score;
                    best = c;
                } else if (score > second) {
                    second = score;
                }
            }
            double slack = slack(row);
            own[row] = best;
            squares[row] = Math.max(0, norms[row] - 2.0 * first);
            above[row] = Math.sqrt(squares[row] + slack);
            below[row] = Math.sqrt(Math.max(0, norms[row] - 2.0 * second - slack));
            return first - second > slack && !Distances.isCancelled(squares[row], norms[row] + reach);
        }

        /// Chooses among all that may be nearest as far as products can tell. Distances to the others keep their bound.
        private void chooseByDifferences(int row, float[] scores, int at, float[] values, int from) {
            double slack = slack(row);
            float first = scores[at + own[row]];
            double nearest = Double.POSITIVE_INFINITY;
            double next = Double.POSITIVE_INFINITY;
            float third = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < centroids.dim(0); c++) {
                if (!(first - scores[at + c] <= slack)) {
                    third = Math.max(third, scores[at + c]);
                    continue;
                }
                double square = Distances.square(values, from, places, c * centroids.dim(1), centroids.dim(1));
                if (square < nearest) {
                    next = nearest;
                    nearest = square;
                    own[row] = c;
                } else {
                    next = Math.min(next, square);
                }
            }
            squares[row] = nearest;
            above[row] = Math.sqrt(nearest);
            below[row] = Math.min(Math.sqrt(next), Math.sqrt(Math.max(0, norms[row] - 2.0 * third - slack)));
        }
    }
}
