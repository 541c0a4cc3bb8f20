package dev.headstart.train;

import dev.headstart.tensor.RandomStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which examples are in the batch of a step: a pure function of the step, so that a run can go on anywhere without replaying what went
/// before.
///
/// Each epoch has its own order. With lengths given, batches are cut from examples of similar length (so that little is padding): the
/// epoch's order is cut into pools of [#POOL] batches, each sorted by length, and the batches of the epoch are shuffled again. The last
/// batch of an epoch may be smaller, or be joined to the one before ([#joiningLast]).
public final class Batches {
    private static final int POOL = 32;

    private final int examples;
    private final int batchSize;
    private final int[] lengths;
    private final @Nullable RandomStream random;
    private final boolean joining;
    private long orderedEpoch = -1;
    private int[][] batches = {};

    private Batches(int examples, int batchSize, int[] lengths, @Nullable RandomStream random, boolean joining) {
        if (examples < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "batches: " + examples + " examples in batches of " + batchSize + ": at least 1 of each is needed");
        }
        this.examples = examples;
        this.batchSize = batchSize;
        this.lengths = lengths;
        this.random = random;
        this.joining = joining;
    }

    /// Shuffled batches of `examples` examples.
    public static Batches of(int examples, int batchSize, RandomStream random) {
        return new Batches(examples, batchSize, new int[0], random, false);
    }

    /// Shuffled batches of examples of similar length.
    ///
    /// @param lengths length of each example
    public static Batches byLength(int[] lengths, int batchSize, RandomStream random) {
        return new Batches(lengths.length, batchSize, lengths.clone(), random, false);
    }

    /// No choice at all: the batch of a step is the step's own number, below 2³¹ - 1. For objectives that choose by themselves, such as
    /// [dev.headstart.train.objective.MultiTask].
    public static Batches rounds() {
        return new Batches(Integer.MAX_VALUE, 1, new int[0], null, false);
    }

    /// The same batches, but the examples of a last batch that would be smaller are in the batch before it, where there is one: for what
    /// cannot be computed of few examples, such as batch norm of one.
    public Batches joiningLast() {
        return new Batches(examples, batchSize, lengths, random, true);
    }

    /// Batches an epoch has.
    public int perEpoch() {
        return joining ? Math.max(1, examples / batchSize) : Math.ceilDiv(examples, batchSize);
    }

    /// Number of examples in an epoch.
    public int examples() {
        return examples;
    }

    /// Examples in a batch; the last of an epoch may have others.
    public int batchSize() {
        return batchSize;
    }

    /// The examples of a step's batch. Steps count from 0. For one thread.
    public int[] batch(long step) {
        if (random == null) {
            return new int[] {Math.toIntExact(step)};
        }
        long epoch = step / perEpoch();
        if (epoch != orderedEpoch) {
            batches = order(random.child(epoch));
            orderedEpoch = epoch;
        }
        return batches[(int) (step % perEpoch())].clone();
    }

    private int[][] order(RandomStream epoch) {
        int[] order = epoch.child("examples").permutation(examples);
        if (lengths.length == 0) {
            return cut(order);
        }
        int pool = POOL * batchSize;
        for (int from = 0; from < examples; from += pool) {
            int to = Math.min(examples, from + pool);
            int[] sorted = Arrays.stream(order, from, to).boxed().sorted(Comparator.comparingInt(i -> lengths[i]))
                    .mapToInt(Integer::intValue).toArray();
            System.arraycopy(sorted, 0, order, from, sorted.length);
        }
        int[][] cut = cut(order);
        return IntStream.of(epoch.child("batches").permutation(cut.length)).mapToObj(i -> cut[i]).toArray(int[][]::new);
    }

    private int[][] cut(int[] order) {
        int[][] cut = new int[perEpoch()][];
        for (int i = 0; i < cut.length; i++) {
            int to = i == cut.length - 1 ? examples : (i + 1) * batchSize;
            cut[i] = Arrays.copyOfRange(order, i * batchSize, to);
        }
        return cut;
    }
}
