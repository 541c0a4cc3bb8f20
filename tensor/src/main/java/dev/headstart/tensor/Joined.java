package dev.headstart.tensor;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// The elements of several tensors, one tensor after the other, as one index space, cut into tasks of equal length wherever a tensor begins
/// or ends: many small tensors make one task, a large one makes many, and all of them are one region.
final class Joined {
    @FunctionalInterface
    interface Body {
        /// Elements `from` up to, not including, `to` of one tensor.
        void run(int tensor, int from, int to);
    }

    private Joined() {}

    /// Calls `body` for every element once, on the current workers.
    ///
    /// @param size number of elements of each tensor
    /// @param task number of elements of a task; up to twice as many are done by the calling thread
    static void forEach(int tensors, IntUnaryOperator size, int task, Body body) {
        long[] starts = new long[tensors + 1];
        for (int i = 0; i < tensors; i++) {
            starts[i + 1] = starts[i] + size.applyAsInt(i);
        }
        long all = starts[tensors];
        if (all <= 2L * task) {
            part(starts, 0, all, body);
        } else {
            Workers.current().forEach(Math.toIntExact(Math.ceilDiv(all, task)),
                    i -> part(starts, (long) task * i, Math.min(all, (long) task * (i + 1)), body));
        }
    }

    private static void part(long[] starts, long from, long to, Body body) {
        int at = Arrays.binarySearch(starts, from);
        for (int i = at < 0 ? -at - 2 : at; starts[i] < to; i++) { // tensors without elements share their start with the next
            long begin = Math.max(from, starts[i]);
            long end = Math.min(to, starts[i + 1]);
            if (begin < end) {
                body.run(i, (int) (begin - starts[i]), (int) (end - starts[i]));
            }
        }
    }
}
