package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;

import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The probe of the arithmetic ceiling does the arithmetic it is counted for.
class FmaChainsTwinTest {
    private static final FmaChains SCALAR = ScalarKernels.create().fmaChains();
    private static final FmaChains ACTIVE = KernelChoice.ACTIVE.fmaChains();
    private static final int BEFORE = 3;

    @Test
    void chains_have_the_bits_of_one_multiply_add_after_another() {
        for (int groups : new int[] {0, 1, 5}) {
            for (int times : new int[] {0, 1, 2, 7}) {
                int n = groups * FmaChains.WIDTH;
                float[] x = KernelCases.floats(BEFORE + n + 1, Values.ORDINARY, new Random(groups));
                float[] expected = x.clone();
                for (int i = BEFORE; i < BEFORE + n; i++) {
                    for (int t = 0; t < times; t++) {
                        expected[i] = Math.fma(expected[i], 0.7f, 0.1f);
                    }
                }
                float[] scalar = x.clone();
                SCALAR.run(0.7f, 0.1f, scalar, BEFORE, n, times);
                ACTIVE.run(0.7f, 0.1f, x, BEFORE, n, times);

                assertSameBits(expected, scalar, "scalar, " + groups + " groups, " + times + " times");
                assertSameBits(expected, x, "active, " + groups + " groups, " + times + " times");
            }
        }
    }
}
