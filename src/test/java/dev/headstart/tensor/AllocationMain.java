package dev.headstart.tensor;

import com.sun.management.ThreadMXBean;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Start;
import java.lang.management.ManagementFactory;

/// Prints the bytes that a call of some kernels allocates, one kernel a line, and those of a call that allocates 1 KB.
final class AllocationMain {
    static final long MOST_BYTES = 512; // tasks and the like
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST_CALLS = 100_000;

    private AllocationMain() {}

    public static void main(String[] args) {
        float[][] kept = new float[1][];
        print("control", () -> kept[0] = new float[256]);
        float[] row = new float[256];
        print("dropout", () -> Kernels.ACTIVE.elementwise().dropout(5, 3, 1 << 30, 2, row, 0, row, 0, row.length));
        float[] many = new float[200 * 4096];
        float[] sum = new float[1];
        print("sum", () -> Kernels.ACTIVE.reduce().rows(Reduction.SUM, many, 0, 1, many.length, many.length, sum, 0));
        print("dot", () -> sum[0] = Kernels.ACTIVE.reduce().dot(many, 0, many, 0, many.length));
        Conv kernel = Kernels.ACTIVE.conv();
        Workers alone = Workers.sequential();
        ConvShape depthwise = new ConvShape(1, 4, 4, 64, 4, 4, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64);
        float[] x = new float[4 * 4 * 64];
        float[] y = new float[x.length];
        float[] w = new float[9 * 64];
        print("forward", () -> kernel.forward(alone, depthwise, x, 0, w, 0, y, 0, Start.ZERO));
        print("inputGradient", () -> kernel.inputGradient(alone, depthwise, y, 0, w, 0, x, 0));
        print("weightGradient", () -> kernel.weightGradient(alone, depthwise, x, 0, y, 0, w, 0));
    }

    /// The bytes of the most frugal of some calls: before it is compiled, a kernel allocates its vectors.
    private static void print(String name, Runnable call) {
        long least = Long.MAX_VALUE;
        for (int i = 0; least > MOST_BYTES && i < MOST_CALLS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.println("bytes " + name + " " + least);
    }
}
