package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Start;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// What kernels need for a while they put into arrays that a thread keeps, once they are compiled.
class KernelAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST_CALLS = 100_000;
    private static final long MOST_BYTES = 512; // tasks and the like

    /// Bytes that the most frugal of some calls allocates.
    private static long bytesOf(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int i = 0; least > MOST_BYTES && i < MOST_CALLS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void assertFrugal(String name, Runnable call) {
        if (Kernels.ACTIVE.vectorBits() == 0) {
            System.out.println("scalar kernels make their rows anew: they are not counted");
            return;
        }
        long bytes = bytesOf(call);
        assertTrue(bytes <= MOST_BYTES, name + ": a call allocates " + bytes + " bytes");
    }

    @Test
    void what_is_allocated_is_counted() {
        float[][] kept = new float[1][];
        int[] calls = {0};
        long bytes = bytesOf(() -> kept[0] = new float[256 + calls[0]++ % 2]);
        assertTrue(bytes >= 256 * Float.BYTES && kept[0].length > 0, bytes + " bytes");
    }

    @Test
    void dropout_allocates_nothing() {
        float[] x = new float[256];
        assertFrugal("dropout", () -> Kernels.ACTIVE.elementwise().dropout(5, 3, 1 << 30, 2, x, 0, x, 0, x.length));
    }

    @Test
    void sums_of_long_rows_allocate_nothing() {
        float[] x = new float[200 * 4096];
        float[] y = new float[1];
        assertFrugal("sum", () -> Kernels.ACTIVE.reduce().rows(Reduction.SUM, x, 0, 1, x.length, x.length, y, 0));
        assertFrugal("dot", () -> y[0] = Kernels.ACTIVE.reduce().dot(x, 0, x, 0, x.length));
    }

    @Test
    void depthwise_convolutions_allocate_nothing() {
        Conv kernel = Kernels.ACTIVE.conv();
        Workers alone = Workers.sequential();
        ConvShape s = new ConvShape(1, 4, 4, 64, 4, 4, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64);
        float[] x = new float[4 * 4 * 64];
        float[] y = new float[x.length];
        float[] w = new float[9 * 64];
        assertFrugal("forward", () -> kernel.forward(alone, s, x, 0, w, 0, y, 0, Start.ZERO));
        assertFrugal("inputGradient", () -> kernel.inputGradient(alone, s, y, 0, w, 0, x, 0));
        assertFrugal("weightGradient", () -> kernel.weightGradient(alone, s, x, 0, y, 0, w, 0));
    }
}
