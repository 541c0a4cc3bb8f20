package dev.headstart.tensor.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Workers;
import org.junit.jupiter.api.Test;

class CeilingsTest {
    @Test
    void ceilings_are_positive_numbers_on_any_number_of_threads() {
        for (int threads : new int[] {1, 3}) {
            Ceilings ceilings = Ceilings.of(Workers.of(threads));
            for (double ceiling : new double[] {ceilings.flops(), ceilings.bytesPerSecond(), ceilings.flops()}) {
                assertTrue(ceiling > 0 && ceiling < 1e18, threads + " threads: " + ceiling);
            }
        }
    }
}
