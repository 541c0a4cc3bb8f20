package dev.headstart.bench;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Matrices;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.List;

/// Attention from scalar kernels one after the other, all weights in memory: what the engine's is compared with before it is timed.
///
/// Arrays are `[batch, time, heads, headDim]`, weights `[batch, heads, time, time]`.
final class ScalarAttention {
    private static final Kernels SCALAR = ScalarKernels.create();

    private final int time;
    private final int headDim;
    private final int entries; // batch · heads
    private final int rowStride;
    private final int[] offsets; // of the entries
    private final int[] squares; // of their weights
    private final float scale;
    private final float[] q; // scaled
    private final float[] k;
    private final float[] v;
    private final float[] weights;

    ScalarAttention(int batch, int time, int heads, int headDim, boolean causal, float[] q, float[] k, float[] v) {
        this.time = time;
        this.headDim = headDim;
        this.entries = batch * heads;
        this.rowStride = heads * headDim;
        this.offsets = new int[entries];
        this.squares = new int[entries];
        for (int e = 0; e < entries; e++) {
            offsets[e] = e / heads * time * rowStride + e % heads * headDim;
            squares[e] = e * time * time;
        }
        this.scale = (float) (1 / Math.sqrt(headDim));
        this.q = scaled(q);
        this.k = k;
        this.v = v;
        this.weights = products(this.q, k);
        for (int row = 0; causal && row < entries * time; row++) {
            Arrays.fill(weights, row * time + row % time + 1, (row + 1) * time, Float.NEGATIVE_INFINITY);
        }
        SCALAR.softmax().softmax(weights, 0, weights, 0, entries * time, time);
    }

    float[] forward() {
        return sums(weights, false, v);
    }

    /// The gradients of queries, keys and values.
    List<float[]> backward(float[] dY) {
        float[] gradients = products(dY, v);
        SCALAR.softmax().softmaxGradient(weights, 0, gradients, 0, gradients, 0, entries * time, time);
        return List.of(scaled(sums(gradients, false, k)), sums(gradients, true, q), sums(weights, true, dY));
    }

    private float[] scaled(float[] x) {
        float[] y = new float[x.length];
        SCALAR.elementwise().affine(x, 0, scale, 0, y, 0, x.length);
        return y;
    }

    /// `a · bᵀ` of each entry.
    private float[] products(float[] a, float[] b) {
        float[] c = new float[entries * time * time];
        gemm().multiply(Workers.sequential(), time, time, headDim, rows(a), rows(b).transposed(), new Matrices(c, squares, time, 1));
        return c;
    }

    /// `a · b` of each entry, or `aᵀ · b`, a as weights are.
    private float[] sums(float[] a, boolean transposed, float[] b) {
        float[] c = new float[b.length];
        Matrices first = new Matrices(a, squares, time, 1);
        gemm().multiply(Workers.sequential(), time, headDim, time, transposed ? first.transposed() : first, rows(b), rows(c));
        return c;
    }

    private Matrices rows(float[] x) {
        return new Matrices(x, offsets, rowStride, 1);
    }

    private static Gemm gemm() {
        return SCALAR.gemm();
    }
}
