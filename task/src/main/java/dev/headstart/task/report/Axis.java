package dev.headstart.task.report;

import dev.headstart.train.measure.Estimate;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/// One axis of a chart: what is measured, in which unit, and how numbers become places.
///
/// @param title what is measured, such as `accuracy`
/// @param unit unit in which numbers are shown; empty when they have none
/// @param kind how numbers become places
/// @param zero whether the axis shows 0 even when no number is near it
/// @param ticks values to mark; empty: the chart chooses
public record Axis(String title, String unit, Kind kind, boolean zero, List<Double> ticks) {
    /// How numbers become places.
    public enum Kind {
        /// Equal steps are equally long.
        LINEAR,
        /// As linear; numbers are fractions, shown as percentages.
        PERCENT,
        /// Equal ratios are equally long; numbers must be above 0.
        LOG
    }

    /// Checks the ticks.
    ///
    /// @throws IllegalArgumentException when a tick is not finite, or not above 0 on a logarithmic axis
    public Axis {
        ticks = List.copyOf(ticks);
        for (double tick : ticks) {
            check(title, kind, tick);
        }
    }

    /// An axis with equal steps.
    public static Axis linear(String title, String unit) {
        return new Axis(title, unit, Kind.LINEAR, false, List.of());
    }

    /// An axis of fractions, shown as percentages.
    public static Axis percent(String title) {
        return new Axis(title, "%", Kind.PERCENT, false, List.of());
    }

    /// A logarithmic axis, marked at these values, or by the chart's choice when none are given.
    public static Axis log(String title, String unit, double... ticks) {
        return new Axis(title, unit, Kind.LOG, false, Arrays.stream(ticks).boxed().toList());
    }

    /// The same axis, showing 0 always.
    public Axis fromZero() {
        return new Axis(title, unit, kind, true, ticks);
    }

    /// `accuracy (%)`
    String label() {
        return unit.isEmpty() ? title : title + " (" + unit + ")";
    }

    /// A number with its unit: `21.6 %`, `0.0125 s`.
    String show(double value) {
        if (kind == Kind.PERCENT) {
            return Numbers.percent(value);
        }
        double size = Math.abs(value);
        boolean whole = value == Math.rint(value) || size >= 100;
        String number = whole && size < 1e7 ? Numbers.count(Math.round(value)) : Numbers.significant(value, 3);
        return unit.isEmpty() ? number : number + " " + unit;
    }

    /// The axis laid out over a range of numbers, none of which lies outside of it.
    ///
    /// @param from pixel of the least number
    /// @param to pixel of the greatest
    /// @param most greatest number of ticks, at least 3
    /// @param rounded whether the axis ends at ticks, or where the numbers end
    Scale scale(double low, double high, double from, double to, int most, boolean rounded) {
        check(title, kind, low);
        check(title, kind, high);
        double factor = kind == Kind.PERCENT ? 100 : 1;
        boolean log = kind == Kind.LOG;
        double least = (zero && !log ? Math.min(0, low) : low) * factor;
        double greatest = (zero && !log ? Math.max(0, high) : high) * factor;
        List<Tick> marks;
        if (ticks.isEmpty()) {
            marks = log ? Tick.logarithmic(least, greatest, most) : Tick.covering(least, greatest, most);
        } else {
            // A fraction times 100 in decimals: 0.07 becomes 7, not 7.000000000000001.
            BigDecimal shown = BigDecimal.valueOf((long) factor);
            marks = ticks.stream().sorted().map(t -> Tick.at(BigDecimal.valueOf(t).multiply(shown).stripTrailingZeros())).toList();
        }
        boolean wide = rounded || !ticks.isEmpty() || !(greatest > least);
        double start = wide ? Math.min(least, marks.getFirst().value()) : least;
        double end = wide ? Math.max(greatest, marks.getLast().value()) : greatest;
        if (!(end > start)) {
            start = log ? start / 2 : start - Math.max(1, Math.abs(start) / 2);
            end = log ? end * 2 : end + Math.max(1, Math.abs(end) / 2);
        }
        Scale scale = new Scale(log, factor, start, end, from, to, List.of());
        double first = start;
        double last = end;
        return scale.with(marks.stream().filter(t -> t.value() >= first && t.value() <= last).toList());
    }

    private static void check(String title, Kind kind, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("axis " + title + ": " + value + " has no place on it");
        }
        if (kind == Kind.LOG && value <= 0) {
            throw new IllegalArgumentException(
                    "axis " + title + ": " + value + " has no place on it: a logarithmic axis needs numbers above 0");
        }
    }

    /// An axis laid out: numbers to pixels.
    record Scale(boolean log, double factor, double start, double end, double from, double to, List<Tick> ticks) {
        Scale with(List<Tick> marks) {
            return new Scale(log, factor, start, end, from, to, marks);
        }

        /// The pixel of a number.
        double pixel(double value) {
            return place(value * factor);
        }

        /// The pixel of a tick.
        double pixel(Tick tick) {
            return place(tick.value());
        }

        private double place(double shown) {
            double part = log
                    ? (StrictMath.log10(shown) - StrictMath.log10(start)) / (StrictMath.log10(end) - StrictMath.log10(start))
                    : (shown - start) / (end - start);
            return from + part * (to - from);
        }
    }

    /// Whether an estimate can be drawn.
    static boolean drawable(Estimate estimate) {
        // Beyond this lies no measurement but a run that diverged; the arithmetic of axes would overflow.
        return Double.isFinite(estimate.mean()) && Math.max(Math.abs(estimate.low()), Math.abs(estimate.high())) <= 1e100;
    }
}
