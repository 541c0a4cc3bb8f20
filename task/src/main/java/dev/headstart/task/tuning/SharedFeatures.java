package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.train.tuning.FrozenPrefix;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Features of a pre-trained body, computed once for all runs in which the body is still as it was: as in evaluation, so without dropout.
/// The bits are those of computing them in every step. For several threads.
///
/// Examples are numbered through: first those to train on, then those to measure on.
public final class SharedFeatures {
    private final FrozenPrefix body;
    private final int[] test;

    private SharedFeatures(FrozenPrefix body, int... test) {
        this.body = body;
        this.test = test;
    }

    /// Features of which none are computed yet.
    ///
    /// @param pretrained a network that no run changes: it is frozen here
    public static <B> SharedFeatures of(HeadedNetwork<B> pretrained, Encoded<B> training, Encoded<B> test) {
        pretrained.parameters().freeze();
        int first = training.size();
        return new SharedFeatures(FrozenPrefix.of(pretrained.body(), first + test.size(), (some, random) -> pretrained.features(
                some[0] < first
                        ? training.batch(some, random)
                        : test.batch(Arrays.stream(some).map(i -> i - first).toArray(), random)))
                .withoutDropout(), IntStream.range(first, first + test.size()).toArray());
    }

    /// The numbers of the examples to measure on.
    int[] test() {
        return test.clone();
    }

    /// Features of some, which are all to train on or all to measure on, without gradients.
    synchronized Variable of(int... some) {
        return body.of(some);
    }
}
