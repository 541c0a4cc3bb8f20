package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Update;

/// Changes in place: what optimisers do to parameters, each one pass over memory. All operands are contiguous and of one shape.
public final class Updates {
    private static final Elementwise ELEMENTWISE = Kernels.ACTIVE.elementwise();
    private static final Update KERNEL = Kernels.ACTIVE.update();

    private Updates() {}

    @FunctionalInterface
    private interface Body {
        void run(int from, int n);
    }

    private static void forEach(int size, Body body) {
        int tasks = size <= 2 * Runs.TASK ? 1 : (size + Runs.TASK - 1) / Runs.TASK;
        int length = tasks == 1 ? size : Runs.TASK;
        Workers.current().forEach(tasks, task -> body.run(task * length, Math.min(length, size - task * length)));
    }

    private static void check(String operator, Tensor target, Tensor... others) {
        if (!target.isContiguous()) {
            throw new ShapeException(operator + ": x" + target.shape() + ": only a contiguous tensor can be changed in place");
        }
        for (Tensor other : others) {
            Shapes.same(operator, target.shape(), other.shape());
        }
    }

    static void copy(Tensor target, Tensor from) {
        check("copyInPlace", target, from);
        Tensor source = from.contiguous();
        System.arraycopy(source.data(), source.offset, target.data(), target.offset, target.size());
    }

    static void axpy(Tensor target, float a, Tensor x) {
        check("axpyInPlace", target, x);
        Tensor source = x.contiguous();
        forEach(target.size(),
                (from, n) -> ELEMENTWISE.axpy(a, source.data(), source.offset + from, target.data(), target.offset + from, n));
    }

    /// One step of stochastic gradient descent on `w`, with the momentum buffer `v`, as PyTorch's `torch.optim.SGD`.
    ///
    /// @param v momentum buffer; not touched when momentum is 0 (w itself may be given)
    /// @param first whether v is still to be filled with the first gradient
    /// @param gradientScale factor on the gradient, for clipping
    public static void sgdInPlace(Tensor w, Tensor gradient, Tensor v, float rate, float momentum, float dampening, boolean nesterov,
            float decay, boolean first, float gradientScale) {
        check("sgd", w, gradient, v);
        check("sgd", v);
        Tensor g = gradient.contiguous();
        forEach(w.size(), (from, n) -> KERNEL.sgd(w.data(), w.offset + from, g.data(), g.offset + from, v.data(), v.offset + from, n, rate,
                momentum, dampening, nesterov, decay, first, gradientScale));
    }

    /// One step of Adam (`decoupled` false) or AdamW (true) on `w` with moments `m` and `v`, as PyTorch's.
    ///
    /// @param step number of this step, from 1
    /// @param gradientScale factor on the gradient, for clipping
    public static void adamInPlace(Tensor w, Tensor gradient, Tensor m, Tensor v, long step, float rate, float beta1, float beta2,
            float eps, float decay, boolean decoupled, float gradientScale) {
        check("adam", w, gradient, m, v);
        check("adam", m);
        check("adam", v);
        Tensor g = gradient.contiguous();
        float stepSize = (float) (rate / (1 - StrictMath.pow(beta1, (double) step)));
        float inverseRootCorrection2 = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, (double) step)));
        float decayFactor = 1 - rate * decay;
        forEach(w.size(),
                (from, n) -> KERNEL.adam(w.data(), w.offset + from, g.data(), g.offset + from, m.data(), m.offset + from, v.data(),
                        v.offset + from, n, beta1, beta2, eps, stepSize, inverseRootCorrection2, decay, decayFactor, decoupled,
                        gradientScale));
    }
}
