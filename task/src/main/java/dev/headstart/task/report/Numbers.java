package dev.headstart.task.report;

import dev.headstart.train.measure.Estimate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Numbers as people read them, the same in every locale: `90,000`, `21.6 %`, `1 min 20 s`, `3.2 MiB`.
public final class Numbers {
    private static final String[] BYTE_UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Numbers() {}

    /// A whole number with thousands set off by commas: `90,000`.
    public static String count(long count) {
        return grouped(BigDecimal.valueOf(count));
    }

    /// A number with this many decimals: `fixed(0.2164, 2)` is `0.22`; half a unit rounds away from zero.
    public static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? grouped(new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP)) : special(value);
    }

    /// A number with this many significant digits, scientific when very large or small: `2.31`, `0.00150`, `3.00e-5`.
    public static String significant(double value, int digits) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_UP));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent > 6) {
            return scientific(rounded, digits);
        }
        return grouped(rounded.setScale(Math.max(0, digits - 1 - exponent), RoundingMode.HALF_UP));
    }

    /// A fraction as a percentage with one decimal: `percent(0.2164)` is `21.6 %`.
    public static String percent(double fraction) {
        return Double.isFinite(fraction) ? fixed(100 * fraction, 1) + " %" : special(fraction);
    }

    /// Fractions as a percentage and its spread: `21.6 ± 1.2 %`; without a spread, `21.6 %`.
    public static String percent(Estimate fraction) {
        return fraction.hasSpread()
                ? fixed(100 * fraction.mean(), 1) + " ± " + fixed(100 * (fraction.high() - fraction.low()) / 2, 1) + " %"
                : percent(fraction.mean());
    }

    /// A time span, two units at most: `25 ms`, `1.2 s`, `42 s`, `1 min 20 s`, `2 h 5 min`, `3 d 4 h`.
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0 || seconds > 1e12) {
            return special(seconds);
        }
        if (seconds < 0.9995) {
            return fixed(1000 * seconds, seconds < 0.00995 && seconds > 0 ? 2 : 0) + " ms";
        }
        if (seconds < 9.95) {
            return fixed(seconds, 1) + " s";
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        long minutes = Math.round(seconds / 60);
        if (minutes < 24 * 60) {
            return minutes / 60 + " h " + minutes % 60 + " min";
        }
        long hours = Math.round(seconds / 3600);
        return count(hours / 24) + " d " + hours % 24 + " h";
    }

    /// An amount of memory in powers of 1024: `512 bytes`, `3.2 MiB`.
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        double amount = bytes;
        int unit = -1;
        do {
            amount /= 1024;
            unit++;
        } while (amount >= 1023.95);
        return fixed(amount, 1) + " " + BYTE_UNITS[unit];
    }

    /// The digits as given, thousands set off by commas; scientific when that would be long.
    static String plain(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        return exponent > 6 || exponent < -5 ? scientific(stripped, 1) : grouped(value);
    }

    private static String scientific(BigDecimal value, int leastDigits) {
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        BigDecimal mantissa = stripped.scaleByPowerOfTen(-exponent);
        int decimals = Math.max(leastDigits - 1, mantissa.scale());
        return mantissa.setScale(decimals, RoundingMode.UNNECESSARY).toPlainString() + "e" + exponent;
    }

    private static String grouped(BigDecimal value) {
        String digits = value.abs().toPlainString();
        int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        StringBuilder text = new StringBuilder(digits);
        for (int at = point - 3; at > 0; at -= 3) {
            text.insert(at, ',');
        }
        return (value.signum() < 0 ? "-" : "") + text;
    }

    private static String special(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return value < 0 ? "-∞" : "∞";
    }
}
