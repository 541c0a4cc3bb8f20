package dev.headstart.optim;

/// A learning rate's course: a factor for every step, by which each group's rate is multiplied. Steps count from 0.
@FunctionalInterface
public interface Schedule {
    /// The factor at a step.
    double factor(long step);

    /// Always 1.
    static Schedule constant() {
        return step -> 1;
    }

    /// Rises in a line from 1/warmup to 1 over `warmup` steps, then falls in a line to 0 at `total`, as BERT's
    /// (Devlin et al. 2018, arXiv 1810.04805).
    static Schedule linear(long warmup, long total) {
        check(warmup, total);
        return step -> step < warmup ? (step + 1.0) / warmup : Math.max(0, (double) (total - step) / Math.max(1, total - warmup));
    }

    /// Rises in a line over `warmup` steps, then falls along half a cosine to `floor` at `total` (Loshchilov and Hutter 2017,
    /// arXiv 1608.03983).
    static Schedule cosine(long warmup, long total, double floor) {
        check(warmup, total);
        return step -> {
            if (step < warmup) {
                return (step + 1.0) / warmup;
            }
            double part = Math.min(1, (double) (step - warmup) / Math.max(1, total - warmup));
            return floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * part));
        };
    }

    /// Slanted triangles (Howard and Ruder 2018, arXiv 1801.06146, section 3.2): up for the first `cut` of all steps, then down, between
    /// 1/ratio and 1. The paper's values: cut 0.1, ratio 32.
    static Schedule slantedTriangular(long total, double cut, double ratio) {
        check(0, total);
        if (!(cut > 0 && cut < 1 && ratio >= 1)) {
            throw new IllegalArgumentException(
                    "slanted triangular: cut " + cut + ", ratio " + ratio + ": cut must be in (0, 1), ratio at least 1");
        }
        double top = Math.max(1, Math.floor(total * cut));
        return step -> {
            double p = step < top ? step / top : Math.max(0, 1 - (step - top) / (top * (1 / cut - 1)));
            return (1 + p * (ratio - 1)) / ratio;
        };
    }

    /// One cycle (Smith and Topin 2018, arXiv 1708.07120), as `torch.optim.lr_scheduler.OneCycleLR`: along half a cosine from 1/25 up to 1
    /// over the first `rise` of all steps, then along another down to 1/250,000.
    ///
    /// @param total number of steps
    /// @param rise share of the steps, in (0, 1); 0.3 is usual
    static Schedule oneCycle(long total, double rise) {
        check(0, total);
        if (!(rise > 0 && rise < 1)) {
            throw new IllegalArgumentException("one cycle: rise " + rise + ": it must be in (0, 1)");
        }
        double top = rise * total - 1;
        double last = total - 1.0;
        return step -> step <= top
                ? between(1 / 25.0, 1, top == 0 ? 1 : step / top) // the rise may be a single step
                : between(1, 1 / 25e4, Math.min(1, (step - top) / (last - top)));
    }

    /// On half a cosine from one value to another.
    private static double between(double from, double to, double part) {
        return to + (from - to) * 0.5 * (1 + StrictMath.cos(Math.PI * part));
    }

    private static void check(long warmup, long total) {
        if (warmup < 0 || total < 1 || warmup > total) {
            throw new IllegalArgumentException(
                    "schedule: warm-up " + warmup + " of " + total + " steps: it must be in [0, total], total at least 1");
        }
    }
}
