package dev.headstart.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/// Each schedule against its published formula, written down plainly: all totals from 1 to 64, all steps and some beyond.
class ScheduleTest {
    private static final int MOST = 64;
    private static final List<Double> SHARES = List.of(1e-9, 0.01, 1 / 64.0, 0.1, 0.125, 0.25, 0.3, 1 / 3.0, 0.5, 2 / 3.0, 0.9, 0.999);

    private int compared;

    private void agrees(Schedule schedule, long total, LongToDoubleFunction formula, String what) {
        for (long step = 0; step < 2 * total + 3; step++) {
            double factor = schedule.factor(step);
            assertTrue(Double.isFinite(factor), what + ", step " + step);
            assertEquals(formula.applyAsDouble(step), factor, 1e-12, what + ", step " + step);
            compared++;
        }
    }

    /// `torch.optim.lr_scheduler.OneCycleLR._get_lr` with two phases and a cosine, beyond the last step as at it. Where the rise is step 0
    /// alone PyTorch divides zero by zero; a phase ends at its end.
    private static double oneCycle(long total, double rise, long step) {
        double max = 1;
        double initial = max / 25;
        double least = initial / 1e4;
        double endOfRise = rise * total - 1;
        double end = total - 1.0;
        double at = Math.min((double) step, end);
        if (at <= endOfRise) {
            double part = endOfRise == 0 ? 1 : at / endOfRise;
            return max + (initial - max) / 2 * (1 + Math.cos(Math.PI * part));
        }
        double part = (at - endOfRise) / (end - endOfRise);
        return least + (max - least) / 2 * (1 + Math.cos(Math.PI * part));
    }

    @Test
    void one_cycle_is_pytorch_s() {
        for (int total = 1; total <= MOST; total++) {
            for (double rise : SHARES) {
                long n = total;
                agrees(Schedule.oneCycle(n, rise), n, step -> oneCycle(n, rise, step), "total " + n + ", rise " + rise);
            }
            long n = total;
            for (double rise : new double[] {1.0 / total, 2.0 / (total + 1), Math.nextUp(1.0 / total)}) {
                if (rise < 1) {
                    agrees(Schedule.oneCycle(n, rise), n, step -> oneCycle(n, rise, step), "total " + n + ", rise " + rise);
                }
            }
        }
        assertTrue(compared > 50_000);
    }

    @Test
    void a_cycle_whose_rise_is_one_step_begins_at_its_top() {
        for (Schedule schedule : List.of(Schedule.oneCycle(10, 0.1), Schedule.oneCycle(2, 0.5), Schedule.oneCycle(64, 1 / 64.0))) {
            assertEquals(1, schedule.factor(0));
        }
    }

    @Test
    void lines_and_cosines_are_their_formulas() {
        for (int total = 1; total <= MOST; total++) {
            long n = total;
            for (int warmup = 0; warmup <= total; warmup++) {
                long w = warmup;
                agrees(Schedule.linear(w, n), n, step -> step < w ? (step + 1.0) / w : step >= n ? 0 : (n - step) / (double) (n - w),
                        "linear " + w + " of " + n);
                for (double floor : new double[] {0, 0.1, 1}) {
                    agrees(Schedule.cosine(w, n, floor), n,
                            step -> step < w
                                    ? (step + 1.0) / w
                                    : step >= n && n > w
                                            ? floor
                                            : n == w
                                                    ? floor + (1 - floor) * (step == w ? 1 : 0)
                                                    : floor + (1 - floor) / 2 * (1 + Math.cos(Math.PI * (step - w) / (n - w))),
                            "cosine " + w + " of " + n + " to " + floor);
                }
            }
        }
        assertTrue(compared > 500_000);
    }

    /// Howard and Ruder 2018, equation 3, where at least one step goes up, and what would be below 0 is 0.
    @Test
    void slanted_triangles_are_the_paper_s() {
        for (int total = 1; total <= MOST; total++) {
            long n = total;
            for (double share : SHARES) {
                double cut = Math.max(1, Math.floor(n * share));
                for (double ratio : new double[] {1, 32}) {
                    agrees(Schedule.slantedTriangular(n, share, ratio), n, step -> {
                        double p = step < cut ? step / cut : 1 - (step - cut) / (cut * (1 / share - 1));
                        return (1 + Math.max(0, p) * (ratio - 1)) / ratio;
                    }, "slanted triangular " + n + ", cut " + share + ", ratio " + ratio);
                }
            }
        }
        assertTrue(compared > 50_000);
    }

    @Test
    void the_constant_is_one() {
        agrees(Schedule.constant(), MOST, step -> 1, "constant");
    }
}
