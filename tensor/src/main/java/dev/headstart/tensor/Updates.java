package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Update;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.util.List;

/// Changes in place: what optimisers do to parameters, each one pass over memory. All operands are contiguous and of one shape.
///
/// Changes of many tensors are made together, see [#run]: which thread changes which part of a tensor makes no difference to its bits.
public final class Updates {
    private static final Elementwise ELEMENTWISE = KernelChoice.ACTIVE.elementwise();
    private static final Update KERNEL = KernelChoice.ACTIVE.update();

    private Updates() {}

    /// A change of one tensor that is yet to be made. Its parts are made in any order, several at once.
    ///
    /// @param size number of elements of the tensor
    /// @param part changes some of them
    public record Change(int size, Part part) {}

    /// What changes part of a tensor.
    @FunctionalInterface
    public interface Part {
        /// Changes n elements, beginning with element `from`.
        void run(int from, int n);
    }

    /// Makes changes of different tensors, shared out evenly over the current workers as if all were one tensor.
    public static void run(List<Change> changes) {
        Joined.forEach(changes.size(), i -> changes.get(i).size, Runs.TASK, (i, from, to) -> changes.get(i).part.run(from, to - from));
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
        run(List.of(new Change(target.size(),
                (from, n) -> ELEMENTWISE.axpy(a, source.data(), source.offset + from, target.data(), target.offset + from, n))));
    }

    /// One step of stochastic gradient descent on `w`, with the momentum buffer `v`, as PyTorch's `torch.optim.SGD`.
    ///
    /// @param v momentum buffer; not touched when momentum is 0 (w itself may be given)
    /// @param first whether v is still to be filled with the first gradient
    /// @param gradientScale factor on the gradient, for clipping
    public static Change sgd(Tensor w, Tensor gradient, Tensor v, float rate, float momentum, float dampening, boolean nesterov,
            float decay, boolean first, float gradientScale) {
        check("sgd", w, gradient, v);
        check("sgd", v);
        Tensor g = gradient.contiguous();
        Update.SgdStep numbers = new Update.SgdStep(rate, momentum, dampening, nesterov, decay, first, gradientScale);
        return new Change(w.size(), (from, n) -> KERNEL.sgd(w.elements(from), g.elements(from), v.elements(from), n, numbers));
    }

    /// One step of Adam (`decoupled` false) or AdamW (true) on `w` with moments `m` and `v`, as PyTorch's.
    ///
    /// @param step number of this step, from 1
    /// @param gradientScale factor on the gradient, for clipping
    public static Change adam(Tensor w, Tensor gradient, Tensor m, Tensor v, long step, float rate, float beta1, float beta2,
            float eps, float decay, boolean decoupled, float gradientScale) {
        check("adam", w, gradient, m, v);
        check("adam", m);
        check("adam", v);
        Tensor g = gradient.contiguous();
        float stepSize = (float) (rate / (1 - StrictMath.pow(beta1, (double) step)));
        float inverseRootCorrection2 = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, (double) step)));
        float decayFactor = 1 - rate * decay;
        Update.AdamStep numbers = new Update.AdamStep(beta1, beta2, eps, stepSize, inverseRootCorrection2, decay, decayFactor, decoupled,
                gradientScale);
        return new Change(w.size(),
                (from, n) -> KERNEL.adam(w.elements(from), g.elements(from), m.elements(from), v.elements(from), n, numbers));
    }
}
