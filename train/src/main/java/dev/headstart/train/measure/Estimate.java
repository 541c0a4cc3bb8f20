package dev.headstart.train.measure;

import java.util.Arrays;

/// A figure and its spread over repeated runs. Without a spread `low` and `high` equal `mean`; a missing figure is NaN.
///
/// @param mean the figure
/// @param low lower end of the spread, at most `mean`
/// @param high upper end of the spread, at least `mean`
public record Estimate(double mean, double low, double high) {
    /// Checks the order of the three; a spread that is not finite is dropped.
    ///
    /// @throws IllegalArgumentException when the mean lies outside of its spread
    public Estimate {
        if (low > mean || high < mean) {
            throw new IllegalArgumentException(
                    "estimate: " + mean + " in " + low + " to " + high + ": the mean lies outside of its spread");
        }
        if (!Double.isFinite(mean) || !Double.isFinite(low) || !Double.isFinite(high)) {
            low = mean;
            high = mean;
        }
    }

    /// A figure measured once.
    public static Estimate of(double value) {
        return new Estimate(value, value, value);
    }

    /// Mean ± sample standard deviation (n - 1 in the denominator) over the runs; no spread for a single run.
    public static Estimate meanAndDeviation(double... runs) {
        double mean = mean(runs);
        double squares = 0;
        for (double run : runs) {
            squares += (run - mean) * (run - mean);
        }
        double deviation = runs.length < 2 ? 0 : Math.sqrt(squares / (runs.length - 1));
        return new Estimate(mean, mean - deviation, mean + deviation);
    }

    /// Mean, and least and greatest of the runs.
    public static Estimate meanAndRange(double... runs) {
        double mean = mean(runs);
        double least = Arrays.stream(runs).min().orElse(mean);
        double greatest = Arrays.stream(runs).max().orElse(mean);
        // The mean of equal numbers may be rounded past them.
        return new Estimate(mean, Math.min(least, mean), Math.max(greatest, mean));
    }

    /// Whether there is more than the figure itself.
    public boolean hasSpread() {
        return low < high;
    }

    private static double mean(double... runs) {
        double sum = 0;
        for (double run : runs) {
            sum += run;
        }
        return runs.length == 0 ? Double.NaN : sum / runs.length;
    }
}
