package dev.headstart.task.tuning;

import dev.headstart.optim.Schedule;
import java.util.Locale;

/// The kind of schedule: how learning rates change over a run.
public enum ScheduleKind {
    /// Linearly up over a tenth of the steps, then linearly down to 0.
    LINEAR,
    /// Linearly up over a tenth of the steps, then down along half a cosine.
    COSINE,
    /// Slanted triangles, as in ULMFiT.
    SLANTED,
    /// One cycle.
    ONE_CYCLE,
    /// Always the highest rate.
    CONSTANT;

    /// The factors for a number of steps.
    public Schedule of(int total) {
        int warmup = Math.max(1, total / 10);
        return switch (this) {
            case LINEAR -> Schedule.linear(warmup, total);
            case COSINE -> Schedule.cosine(warmup, total, 0);
            case SLANTED -> Schedule.slantedTriangular(total, 0.1, 32);
            case ONE_CYCLE -> Schedule.oneCycle(total, 0.3);
            case CONSTANT -> Schedule.constant();
        };
    }

    /// As on the command line: `one-cycle`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
