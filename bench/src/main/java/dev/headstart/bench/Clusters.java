package dev.headstart.bench;

import dev.headstart.io.data.Idx;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.cluster.KMeans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/// k-means on MNIST's training images, beside scikit-learn (`bench/kmeans_sklearn.py`): a line for each run, one of 30 rounds from the first k images and
/// then whole runs, k-means++ included.
///
/// ```
/// java --add-modules jdk.incubator.vector -Xmx3g -cp 'bench/target/*:bench/target/lib/*' dev.headstart.bench.Clusters IMAGES THREADS SEED…
/// ```
public final class Clusters {
    private static final int K = 100;

    private Clusters() {}

    /// Times runs; the first, of a few rounds, is to warm up.
    public static void main(String... args) throws IOException {
        Tensor pixels = Idx.read(Path.of(args[0])).tensor();
        Tensor rows = pixels.times(1 / 255f).reshape(pixels.dim(0), pixels.size() / pixels.dim(0));
        Tensor start = rows.slice(0, 0, K).copy();
        Workers.of(Integer.parseInt(args[1])).run(() -> {
            KMeans.lloyd(rows, start, 5, 0);
            time("30 rounds from the first " + K, () -> KMeans.lloyd(rows, start, 30, 0));
            Arrays.stream(args).skip(2).mapToLong(Long::parseLong)
                    .forEach(seed -> time("seed " + seed, () -> KMeans.of(rows, K, RandomStream.of(seed))));
        });
    }

    private static void time(String what, Supplier<KMeans> run) {
        long begin = System.nanoTime();
        KMeans clusters = run.get();
        System.out.println(
                String.format(Locale.ROOT, "headstart %s: %.2f s, %d rounds, inertia %.1f", what, (System.nanoTime() - begin) * 1e-9,
                        clusters.history().size() - 1, clusters.inertia()));
    }
}
