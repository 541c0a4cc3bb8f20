package dev.headstart.zoo.model;

import dev.headstart.nn.transfer.AxisOrder;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// How a published weight's axes are ordered, as against ours: `Linear` weights `[out, in]`, convolution weights
/// `[out, height, width, in / groups]`. Everything here changes the order of axes, never a number.
public enum Layout implements AxisOrder {
    /// As ours.
    AS_IS,
    /// Convolutions as PyTorch has them: `[out, in / groups, height, width]`.
    OIHW(0, 2, 3, 1),
    /// Convolutions as Keras has them: `[height, width, in / groups, out]`.
    HWIO(3, 0, 1, 2),
    /// Convolutions of each channel as Keras has them: `[height, width, in, multiplier]`.
    HWIM(2, 0, 1, 3),
    /// Convolutions along sequences as PyTorch has them: `[out, in / groups, kernel]`.
    OIW(0, 2, 1),
    /// Convolutions along sequences as Keras has them: `[kernel, in / groups, out]`.
    WIO(2, 0, 1),
    /// Matrices as Keras and GPT-2's `Conv1D` have them: `[in, out]`.
    IN_OUT(1, 0);

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final int[] axes;

    /// @param axes for each of our axes, the published one
    Layout(int... axes) {
        this.axes = axes;
    }

    /// A published tensor as ours. A view.
    @Override
    public Tensor toOurs(Tensor published) {
        return this == AS_IS ? published : published.permute(axes);
    }

    /// Our tensor as it is published. A view.
    public Tensor toPublished(Tensor ours) {
        return this == AS_IS ? ours : ours.permute(inverse());
    }

    /// Our shape of what is published with this shape.
    public Shape toOurs(Shape published) {
        return this == AS_IS ? published : reordered(published, axes);
    }

    /// The published shape of what has this shape here.
    @Override
    public Shape toPublished(Shape ours) {
        return this == AS_IS ? ours : reordered(ours, inverse());
    }

    private static Shape reordered(Shape shape, int[] axes) {
        int[] dims = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            dims[i] = shape.dim(axes[i]);
        }
        return Shape.of(dims);
    }

    private int[] inverse() {
        int[] inverse = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            inverse[axes[i]] = i;
        }
        return inverse;
    }
}
