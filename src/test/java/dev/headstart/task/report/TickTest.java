package dev.headstart.task.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TickTest {
    @Property(tries = 500)
    void linear_ticks_cover_the_range_evenly_and_are_neither_few_nor_many(
            @ForAll("numbers") double a, @ForAll("numbers") double b, @ForAll @IntRange(min = 3, max = 12) int most) {
        double low = Math.min(a, b);
        double high = Math.max(a, b);
        List<Tick> ticks = Tick.covering(low, high, most);
        assertAxis(ticks, low, high, most);
        double step = (ticks.getLast().value() - ticks.getFirst().value()) / (ticks.size() - 1);
        for (int i = 1; i < ticks.size(); i++) {
            assertEquals(step, ticks.get(i).value() - ticks.get(i - 1).value(), 1e-6 * step);
        }
    }

    @Property(tries = 500)
    void logarithmic_ticks_cover_the_range(
            @ForAll("positive") double a, @ForAll("positive") double b, @ForAll @IntRange(min = 3, max = 12) int most) {
        assertAxis(Tick.logarithmic(Math.min(a, b), Math.max(a, b), most), Math.min(a, b), Math.max(a, b), most);
    }

    @Property(tries = 200)
    void a_narrow_range_around_a_large_number_still_has_ticks(@ForAll("positive") double value) {
        assertAxis(Tick.covering(value, Math.nextUp(value), 5), value, Math.nextUp(value), 5);
        assertAxis(Tick.covering(-value, -value, 5), -value, -value, 5);
    }

    @Test
    void ticks_are_the_numbers_a_person_would_choose() {
        assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8"), labels(Tick.covering(0.03, 0.71, 7)));
        assertEquals(List.of("-10", "0", "10", "20"), labels(Tick.covering(-3, 17, 5)));
        assertEquals(List.of("0", "500", "1,000", "1,500"), labels(Tick.covering(0, 1500, 5)));
        assertEquals(List.of("0", "0.5", "1.0"), labels(Tick.covering(0, 0, 3)));
        assertEquals(List.of("2", "5", "10", "20", "50"), labels(Tick.logarithmic(2, 50, 6)));
        assertEquals(List.of("1e-6", "0.0001", "0.01", "1", "100"), labels(Tick.logarithmic(2e-5, 3, 5)));
    }

    @Provide
    Arbitrary<Double> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.doubles().between(-1e6, 1e6), Arbitraries.doubles().between(-1e100, 1e100),
                Arbitraries.integers().between(-20, 20).map(i -> i / 10.0));
    }

    @Provide
    Arbitrary<Double> positive() {
        return Arbitraries.doubles().between(-90, 90).map(exponent -> Math.pow(10, exponent));
    }

    private static void assertAxis(List<Tick> ticks, double low, double high, int most) {
        assertTrue(ticks.size() >= 2 && ticks.size() <= most, () -> "number of ticks: " + ticks);
        assertTrue(ticks.getFirst().value() <= low, () -> "first tick is above " + low + ": " + ticks);
        assertTrue(ticks.getLast().value() >= high, () -> "last tick is below " + high + ": " + ticks);
        for (int i = 1; i < ticks.size(); i++) {
            assertTrue(ticks.get(i - 1).value() < ticks.get(i).value(), () -> "order: " + ticks);
        }
        assertEquals(ticks.size(), new HashSet<>(labels(ticks)).size(), () -> "labels repeat: " + ticks);
    }

    private static List<String> labels(List<Tick> ticks) {
        return ticks.stream().map(Tick::label).toList();
    }
}
