package dev.headstart.autograd;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A leaf that is learnt: a tensor of its own that optimisers change in place. Trainable until frozen.
///
/// A frozen parameter gets no gradient, and operators whose inputs are all frozen are not recorded. A *buffer* is named, saved and loaded as a
/// parameter but never learnt: running statistics.
///
/// A parameter may be made with its shape and a rule for its first value. The rule is asked when somebody first wants the value, once,
/// whichever thread that is: a large model costs nothing to make, and weights that are loaded first ([#take]) replace numbers nobody drew.
public final class Parameter implements Variable, Source {
    private final Shape shape;
    private final boolean buffer;
    private volatile @Nullable Tensor value;
    private @Nullable Supplier<Tensor> first;
    private volatile boolean trainable;

    /// A parameter that starts from a copy of these values.
    public Parameter(Tensor initial) {
        this(initial, false);
    }

    private Parameter(Tensor initial, boolean buffer) {
        this.shape = initial.shape();
        this.value = initial.copy();
        this.buffer = buffer;
        this.trainable = !buffer;
    }

    private Parameter(Shape shape, Supplier<Tensor> first, boolean buffer) {
        this.shape = shape;
        this.first = first;
        this.buffer = buffer;
        this.trainable = !buffer;
    }

    /// A parameter that starts from a copy of these values.
    public static Parameter of(Tensor initial) {
        return new Parameter(initial);
    }

    /// A parameter whose first value is made when it is first asked for.
    ///
    /// @param first makes a new tensor of this shape, the same whenever it is asked
    public static Parameter of(Shape shape, Supplier<Tensor> first) {
        return new Parameter(shape, first, false);
    }

    /// A buffer that starts from a copy of these values.
    public static Parameter buffer(Tensor initial) {
        return new Parameter(initial, true);
    }

    /// A buffer whose first value is made when it is first asked for.
    ///
    /// @param first makes a new tensor of this shape, the same whenever it is asked
    public static Parameter buffer(Shape shape, Supplier<Tensor> first) {
        return new Parameter(shape, first, true);
    }

    /// Whether this is never learnt.
    public boolean isBuffer() {
        return buffer;
    }

    /// The values, which optimisers change in place.
    @Override
    public Tensor value() {
        Tensor here = value;
        return here == null ? drawn() : here;
    }

    private synchronized Tensor drawn() {
        Tensor here = value;
        Supplier<Tensor> rule = first;
        if (here == null && rule != null) {
            here = checked(rule.get()).standalone();
            value = here;
            first = null;
        }
        return java.util.Objects.requireNonNull(here);
    }

    /// The shape, without asking for the values.
    @Override
    public Shape shape() {
        return shape;
    }

    /// Has these values from now on. The tensor is given away: it becomes the parameter's own, uncopied, when nobody has asked for the values
    /// so far; else its elements are copied over those that are there, which others may hold.
    ///
    /// @throws ShapeException when the shape is another
    public synchronized void take(Tensor values) {
        Tensor here = value;
        if (here == null) {
            value = checked(values).standalone();
            first = null;
        } else {
            here.copyInPlace(checked(values));
        }
    }

    private Tensor checked(Tensor values) {
        if (!values.shape().equals(shape)) {
            throw new ShapeException("parameter: " + shape + ", values" + values.shape() + ": the shapes must be equal");
        }
        return values;
    }

    /// Whether the parameter is learnt, that is, not frozen.
    public boolean isTrainable() {
        return trainable;
    }

    /// No gradient, no decay, no optimiser state from now on.
    public void freeze() {
        trainable = false;
    }

    /// Learnt from now on, unless it is a buffer.
    public void unfreeze() {
        trainable = !buffer;
    }

    @Override
    public boolean requiresGradient() {
        return trainable;
    }

    @Override
    public String toString() {
        return (buffer ? "Buffer " : "Parameter ") + shape + (trainable || buffer ? "" : " frozen");
    }
}
