package dev.headstart.task.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// A mark on an axis: where it is, and the number beside it.
record Tick(double value, String label) {
    private static final int[] MANTISSAS = {1, 2, 5};

    static Tick at(BigDecimal value) {
        return new Tick(value.doubleValue(), Numbers.plain(value));
    }

    static Tick at(double value) {
        return at(BigDecimal.valueOf(value));
    }

    /// Multiples of 1, 2 or 5 times a power of ten, evenly spaced, the first at or below `low`, the last at or above `high`.
    ///
    /// A range that is empty, or too narrow for doubles to divide, is widened first.
    ///
    /// @param most greatest number of ticks, at least 3; there are never fewer than 2
    static List<Tick> covering(double low, double high, int most) {
        double from = low;
        double to = high;
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (!(high - low > 1e-9 * size)) {
            double margin = size < 1e-100 ? 1 : size / 2;
            from = Math.min(low, size < 1e-100 ? 0 : low - margin);
            to = high + margin;
        }
        int exponent = (int) Math.floor(StrictMath.log10((to - from) / most)) - 1;
        while (true) {
            for (int mantissa : MANTISSAS) {
                BigDecimal step = BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent);
                long first = (long) Math.floor(from / step.doubleValue());
                long last = (long) Math.ceil(to / step.doubleValue());
                // Division may have rounded across a multiple.
                first -= multiple(step, first).doubleValue() > from ? 1 : 0;
                last += multiple(step, last).doubleValue() < to ? 1 : 0;
                if (last - first < most) {
                    return multiples(step, first, last);
                }
            }
            exponent++;
        }
    }

    /// 1, 2 and 5 times powers of ten, or only powers of ten when those are too many, the first at or below `low`, the last at or above
    /// `high`.
    ///
    /// @param low above 0
    /// @param most greatest number of ticks, at least 3; there are never fewer than 2
    static List<Tick> logarithmic(double low, double high, int most) {
        int bottom = (int) Math.floor(StrictMath.log10(low)) - 1;
        int top = (int) Math.ceil(StrictMath.log10(high)) + 1;
        List<BigDecimal> steps = new ArrayList<>();
        for (int exponent = bottom; exponent <= top; exponent++) {
            for (int mantissa : MANTISSAS) {
                steps.add(BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent));
            }
        }
        List<Tick> ticks = needed(steps, low, high);
        for (int stride = 1; ticks.size() > most; stride++) {
            List<BigDecimal> powers = new ArrayList<>();
            for (int exponent = Math.floorDiv(bottom, stride) * stride; exponent < top + stride; exponent += stride) {
                powers.add(BigDecimal.ONE.scaleByPowerOfTen(exponent));
            }
            ticks = needed(powers, low, high);
        }
        return ticks;
    }

    private static List<Tick> needed(List<BigDecimal> ascending, double low, double high) {
        int first = 0;
        while (first + 2 < ascending.size() && ascending.get(first + 1).doubleValue() <= low) {
            first++;
        }
        int last = ascending.size() - 1;
        while (last - 1 > first && ascending.get(last - 1).doubleValue() >= high) {
            last--;
        }
        return ascending.subList(first, last + 1).stream().map(Tick::at).toList();
    }

    private static List<Tick> multiples(BigDecimal step, long first, long last) {
        List<Tick> ticks = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            ticks.add(at(multiple(step, i)));
        }
        return List.copyOf(ticks);
    }

    private static BigDecimal multiple(BigDecimal step, long times) {
        return step.multiply(BigDecimal.valueOf(times));
    }
}
