package dev.headstart.task.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.train.measure.Estimate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void counts_have_thousands_set_off() {
        assertEquals("0", Numbers.count(0));
        assertEquals("999", Numbers.count(999));
        assertEquals("-90,000", Numbers.count(-90_000));
        assertEquals("9,223,372,036,854,775,807", Numbers.count(Long.MAX_VALUE));
    }

    @Test
    void decimals_and_significant_digits() {
        assertEquals("0.22", Numbers.fixed(0.2164, 2));
        assertEquals("0.0", Numbers.fixed(-0.01, 1));
        assertEquals("1,234.5", Numbers.fixed(1234.49999, 1));
        assertEquals("2.31", Numbers.significant(2.3149, 3));
        assertEquals("0.00150", Numbers.significant(0.0015, 3));
        assertEquals("10.0", Numbers.significant(9.999, 3));
        assertEquals("3.00e-5", Numbers.significant(3e-5, 3));
        assertEquals("-1.23e10", Numbers.significant(-1.2345e10, 3));
        assertEquals("0", Numbers.significant(0, 3));
        assertEquals("NaN", Numbers.significant(Double.NaN, 3));
        assertEquals("-∞", Numbers.fixed(Double.NEGATIVE_INFINITY, 3));
    }

    @Test
    void percentages_carry_their_spread() {
        assertEquals("21.6 %", Numbers.percent(0.2164));
        assertEquals("NaN", Numbers.percent(Double.NaN));
        assertEquals("21.6 ± 1.2 %", Numbers.percent(new Estimate(0.216, 0.204, 0.228)));
        assertEquals("21.6 %", Numbers.percent(Estimate.of(0.216)));
    }

    @Test
    void durations_have_two_units_at_most() {
        assertEquals("0 ms", Numbers.duration(0));
        assertEquals("0.25 ms", Numbers.duration(0.00025));
        assertEquals("25 ms", Numbers.duration(0.025));
        assertEquals("1.0 s", Numbers.duration(0.9996));
        assertEquals("1.2 s", Numbers.duration(1.2));
        assertEquals("59 s", Numbers.duration(59.4));
        assertEquals("1 min 0 s", Numbers.duration(59.5));
        assertEquals("1 min 20 s", Numbers.duration(80));
        assertEquals("1 h 0 min", Numbers.duration(3599.6));
        assertEquals("2 h 5 min", Numbers.duration(7500));
        assertEquals("3 d 4 h", Numbers.duration(76 * 3600));
        assertEquals("NaN", Numbers.duration(Double.NaN));
        assertEquals("∞", Numbers.duration(Double.POSITIVE_INFINITY));
    }

    @Test
    void bytes_are_powers_of_1024() {
        assertEquals("1023 bytes", Numbers.bytes(1023));
        assertEquals("1.0 KiB", Numbers.bytes(1024));
        assertEquals("1.0 MiB", Numbers.bytes(1024 * 1024 - 1));
        assertEquals("8.0 EiB", Numbers.bytes(Long.MAX_VALUE));
    }

    @Property
    void any_double_has_a_text(@ForAll double value) {
        assertFalse(Numbers.significant(value, 3).isEmpty());
        assertTrue(Numbers.significant(value, 3).length() <= 11, () -> Numbers.significant(value, 3));
        assertFalse(Numbers.duration(value).isEmpty());
    }

    @Test
    void estimates_are_means_with_a_spread() {
        assertEquals(new Estimate(2, 1, 3), Estimate.meanAndDeviation(1, 2, 3));
        assertEquals(new Estimate(2, 0.5, 3.5), Estimate.meanAndRange(0.5, 2, 3.5));
        assertEquals(Estimate.of(7), Estimate.meanAndDeviation(7));
        assertFalse(Estimate.meanAndDeviation(7).hasSpread());
        assertTrue(Double.isNaN(Estimate.meanAndDeviation().mean()));
        assertTrue(Double.isNaN(Estimate.meanAndRange(1, Double.NaN).mean()));
        assertFalse(new Estimate(1, 0, Double.POSITIVE_INFINITY).hasSpread());
        assertThrows(IllegalArgumentException.class, () -> new Estimate(1, 2, 3));
    }

    @Property
    void a_range_holds_its_mean(@ForAll double a, @ForAll double b, @ForAll double c) {
        Estimate estimate = Estimate.meanAndRange(a, b, c);
        boolean held = estimate.low() <= estimate.mean() && estimate.mean() <= estimate.high();
        assertTrue(held || !Double.isFinite(estimate.mean()));
    }
}
