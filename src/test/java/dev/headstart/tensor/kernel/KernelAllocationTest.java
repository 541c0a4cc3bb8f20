package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.machine.Backend;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// What kernels need for a while they put into arrays that a thread keeps.
class KernelAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_BYTES = 512; // tasks and the like
    private static final int MOST_CALLS = 100_000;

    /// The bytes of the most frugal of some calls: before it is compiled, a kernel allocates its vectors.
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
        if (Backend.active().vectorBits() == 0) {
            System.out.println("scalar kernels make their rows anew: they are not counted");
            return;
        }
        long bytes = bytesOf(call);
        assertTrue(bytes <= MOST_BYTES, name + ": a call allocates " + bytes + " bytes");
    }

    @Test
    void what_a_call_allocates_is_counted() {
        float[][] kept = new float[1][];
        long bytes = bytesOf(() -> kept[0] = new float[256]);
        assertTrue(bytes >= 256 * Float.BYTES, bytes + " bytes");
    }

    @Test
    void dropout_keeps_its_random_words() {
        Elementwise kernel = KernelChoice.ACTIVE.elementwise();
        float[] row = new float[256];
        assertFrugal("dropout", () -> kernel.dropout(5, 3, 1 << 30, 2, row, 0, row, 0, row.length));
    }

    @Test
    void sums_of_long_rows_keep_their_blocks() {
        Reduce kernel = KernelChoice.ACTIVE.reduce();
        float[] many = new float[200 * 4096];
        float[] sum = new float[1];
        assertFrugal("sum", () -> kernel.rows(Reduction.SUM, many, 0, 1, many.length, many.length, sum, 0));
        assertFrugal("dot", () -> sum[0] = kernel.dot(many, 0, many, 0, many.length));
    }

    @Test
    void depthwise_convolutions_keep_their_transposed_weights() {
        Conv kernel = KernelChoice.ACTIVE.conv();
        Workers alone = Workers.sequential();
        ConvShape depthwise = new ConvShape(1, 4, 4, 64, 4, 4, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64);
        Slice x = new Slice(new float[4 * 4 * 64], 0);
        Slice y = new Slice(new float[4 * 4 * 64], 0);
        Slice w = new Slice(new float[9 * 64], 0);
        assertFrugal("forward", () -> kernel.forward(alone, depthwise, x, w, y, InitialRows.ZERO));
        assertFrugal("input's gradient", () -> kernel.inputGradient(alone, depthwise, y, w, x));
        assertFrugal("weights' gradient", () -> kernel.weightGradient(alone, depthwise, x, y, w));
    }

    @Test
    void channels_sums_make_no_record_a_row() {
        ChannelNorm kernel = KernelChoice.ACTIVE.channelNorm();
        int rows = 64;
        int n = 40; // whole vectors and some channels more
        Slice x = new Slice(new float[rows * n], 0);
        Slice dY = new Slice(new float[rows * n], 0);
        Slice numbers = new Slice(new float[5 * n], 0);
        Slice sums = new Slice(new float[2 * n], 0);
        assertFrugal("sums", () -> kernel.sums(x, sums, rows, n));
        assertFrugal("deviations", () -> kernel.deviations(x, numbers, sums, rows, n));
        assertFrugal("apply", () -> kernel.apply(x, numbers, dY, true, x, rows, n));
        assertFrugal("sums of gradients", () -> kernel.gradientSums(x, numbers, dY, true, sums, rows, n));
        assertFrugal("gradient", () -> kernel.gradient(x, numbers, dY, true, dY, rows, n));
    }

    @Test
    void max_pooling_makes_no_record_a_pixel() {
        MaxPool kernel = KernelChoice.ACTIVE.maxPool();
        int[] pairs = {0, 2, 4, 6};
        int[] starts = {0, 2, 4, 6, 8};
        Bands bands = new Bands(8, pairs, starts, new float[8]);
        Windows windows = new Windows(bands, bands, 64);
        Windows transposed = windows.transposed();
        Slice x = new Slice(new float[8 * 8 * 64], 0);
        Slice y = new Slice(new float[4 * 4 * 64], 0);
        Slice winners = new Slice(new float[4 * 4 * 64], 0);
        assertFrugal("forward", () -> kernel.forward(windows, x, y, winners, 0, 4));
        assertFrugal("gradient", () -> kernel.gradient(windows, transposed, winners, y, x, 0, 8));
    }
}
