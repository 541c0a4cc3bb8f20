package dev.headstart.train.tuning;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The frozen lower part of a network, whose outputs are computed once for each example and used in every epoch.
///
/// ```java
/// LabelledImages images = …;
/// Function<int[], Variable> batch = …; // of images
/// model.parameters().only("fc.**");
/// FrozenPrefix body = FrozenPrefix.of(model.bodyParameters(), images.size(),
///         (examples, random) -> model.features(batch.apply(examples)));
/// Objective head = (examples, random) -> Losses.crossEntropy(model.classify(body.of(examples)), Indices.of(images.labels(examples)));
/// ```
///
/// The bits are those of computing the part anew each time, since a row has the same bits in any batch. That holds while the part is the
/// same function of the example in every epoch, so it is refused when one of its parameters is trainable (batch-norm statistics would move,
/// too), and when it draws at random: augmentation, or dropout. The latter is tried out on the first examples.
///
/// Memory: 4 bytes for each number. For one thread.
public final class FrozenPrefix {
    private static final int TRIES = 8;

    private final Parameters parameters;
    private final int examples;
    private final Part compute;
    private final boolean dropoutOff;
    private final float[] @Nullable [] rows;
    private @Nullable Shape row;
    private boolean checked;
    private int known;
    private long computed;

    /// What is computed of some examples, `[examples, …]`, rows of one shape.
    @FunctionalInterface
    public interface Part {
        /// What is computed.
        ///
        /// @param random for augmentation
        Variable of(int[] examples, RandomStream random);
    }

    private FrozenPrefix(Parameters parameters, int examples, Part compute, boolean dropoutOff) {
        this.parameters = parameters;
        this.examples = examples;
        this.compute = compute;
        this.dropoutOff = dropoutOff;
        this.rows = new float[examples][];
    }

    /// A part of which nothing is known yet.
    ///
    /// @param parameters all parameters the part uses
    /// @param examples number of examples
    public static FrozenPrefix of(Parameters parameters, int examples, Part compute) {
        return new FrozenPrefix(parameters, examples, compute, false);
    }

    /// The same part, always computed as in evaluation: what of it is dropout does nothing.
    public FrozenPrefix withoutDropout() {
        return new FrozenPrefix(parameters, examples, compute, true);
    }

    /// The part's output for some examples, `[examples, …]`, without gradient.
    ///
    /// @throws IllegalStateException when it must not be kept: the reason is named
    public Variable of(int... batch) {
        checkFrozen();
        if (!checked) {
            checkRepeats(Arrays.copyOf(batch, Math.min(4, batch.length)));
            checked = true;
        }
        learn(Arrays.stream(batch).filter(i -> rows[i] == null).distinct().toArray());
        Shape one = Objects.requireNonNull(row);
        float[] values = new float[Math.multiplyExact(batch.length, one.size())];
        for (int i = 0; i < batch.length; i++) {
            System.arraycopy(Objects.requireNonNull(rows[batch[i]]), 0, values, i * one.size(), one.size());
        }
        return Variable.of(Tensor.wrap(prepended(batch.length, one), values));
    }

    private void learn(int[] missing) {
        if (missing.length == 0) {
            return;
        }
        Tensor fresh = checked(missing, Mode.inference(() -> compute.of(missing, RandomStream.of(0))));
        row = rowOf(fresh);
        float[] values = fresh.toArray();
        int width = row.size();
        for (int i = 0; i < missing.length; i++) {
            rows[missing[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
        known += missing.length;
        computed += missing.length;
    }

    private Tensor checked(int[] batch, Variable y) {
        Tensor value = y.value();
        if (value.rank() < 1 || value.dim(0) != batch.length || (row != null && !row.equals(rowOf(value)))) {
            throw new IllegalStateException("frozen prefix: " + batch.length + " examples gave " + value.shape()
                    + (row == null ? "" : ", earlier ones rows of " + row) + ": one row of one shape for each example is needed");
        }
        return value;
    }

    private static Shape rowOf(Tensor y) {
        int[] dims = y.shape().dims();
        return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    }

    private static Shape prepended(int first, Shape row) {
        int[] dims = new int[row.rank() + 1];
        dims[0] = first;
        System.arraycopy(row.dims(), 0, dims, 1, row.rank());
        return Shape.of(dims);
    }

    private void checkFrozen() {
        parameters.byName().forEach((name, parameter) -> {
            if (parameter.isTrainable()) {
                throw new IllegalStateException("frozen prefix: " + name + " is trainable: what it gives changes from step to step, and"
                        + " batch-norm statistics with it: freeze it, or compute without a cache");
            }
        });
    }

    /// Computes some examples several times as training would, and once as evaluation.
    private void checkRepeats(int[] some) {
        Tensor still = Mode.inference(() -> compute.of(some, RandomStream.of(0)).value());
        for (int i = 1; i <= TRIES; i++) {
            RandomStream other = RandomStream.of(i);
            Tensor drawn = Mode.inference(() -> compute.of(some, other).value());
            if (!drawn.bitsEqual(still)) {
                throw new IllegalStateException("frozen prefix: it gives other numbers for another random stream: augmentation is on:"
                        + " switch it off, or compute without a cache");
            }
        }
        Tensor trained = Mode.training(RandomStream.of(1), () -> compute.of(some, RandomStream.of(0))).value();
        if (!dropoutOff && !trained.bitsEqual(still)) {
            throw new IllegalStateException("frozen prefix: it gives other numbers in training than in evaluation: dropout is on:"
                    + " use withoutDropout(), or compute without a cache");
        }
    }

    /// How many examples' outputs are known.
    public int known() {
        return known;
    }

    /// How many examples were computed, not counting the first check: what the cache saves is computed from this.
    public long computed() {
        return computed;
    }

    // ---- on disk ----

    /// What the outputs depend on, as a SHA-256: the parameters' names, shapes and bits, and what is said besides.
    ///
    /// @param besides what else they depend on: the preprocessing, the data's hash
    public String key(String... besides) {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        parameters.byName().forEach((name, parameter) -> {
            float[] values = parameter.value().toArray();
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            String line = name + " " + parameter.shape() + " " + Hashes.sha256(bytes.array()) + "\n";
            digests.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        });
        digests.writeBytes(("examples " + examples + "\n" + String.join("\n", besides)).getBytes(StandardCharsets.UTF_8));
        return Hashes.sha256(digests.toByteArray());
    }

    /// Computes what is not known yet, in batches, and writes all of it to `features-{key}.safetensors` in a folder: the tensor `features`.
    ///
    /// @return the file
    public Path save(Path folder, int batch, String... besides) throws IOException {
        for (int from = 0; from < examples; from += batch) {
            int begin = from;
            int[] some = new int[Math.min(batch, examples - from)];
            Arrays.setAll(some, i -> begin + i);
            of(some);
        }
        int[] all = new int[examples];
        Arrays.setAll(all, i -> i);
        String key = key(besides);
        Files.createDirectories(folder);
        Path file = folder.resolve("features-" + key + ".safetensors");
        SafeTensors.write(file, Map.of("features", of(all).value()), Map.of("key", key));
        return file;
    }

    /// Takes the outputs from such a folder, if it has a file for these very weights, preprocessing and data.
    ///
    /// @return whether it had
    public boolean load(Path folder, String... besides) throws IOException {
        checkFrozen();
        String key = key(besides);
        Path file = folder.resolve("features-" + key + ".safetensors");
        if (!Files.exists(file)) {
            return false;
        }
        Weights weights = Weights.open(file);
        Tensor features = weights.tensor("features");
        if (features.rank() < 1 || features.dim(0) != examples
                || !Optional.ofNullable(weights.metadata().get("key")).equals(Optional.of(key))) {
            throw new IOException(file + ": features" + features.shape() + ": not the features of " + examples + " examples its name says");
        }
        row = rowOf(features);
        float[] values = features.toArray();
        for (int i = 0; i < examples; i++) {
            rows[i] = Arrays.copyOfRange(values, i * row.size(), (i + 1) * row.size());
        }
        known = examples;
        return true;
    }
}
