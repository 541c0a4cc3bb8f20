package dev.headstart.zoo.text.bert;

import dev.headstart.tensor.RandomStream;

/// Random numbers one after the other, for procedures whose next draw depends on the last. For one thread.
final class SequentialRandom {
    private final RandomStream random;
    private long next;

    SequentialRandom(RandomStream random) {
        this.random = random;
    }

    /// Whether something of this probability happens.
    boolean chance(double probability) {
        return random.uniform(next++) < probability;
    }

    /// Uniform in 0 … bound - 1.
    int below(int bound) {
        return random.below(bound, next++);
    }

    /// Uniform in low … high.
    int between(int low, int high) {
        return low + below(high - low + 1);
    }
}
