package dev.headstart.nn.transfer;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// How the axes of a tensor are ordered in a source of weights, as against a parameter.
public interface AxisOrder {
    /// The same order on both sides.
    AxisOrder SAME = new AxisOrder() {
        @Override
        public Shape toPublished(Shape ours) {
            return ours;
        }

        @Override
        public Tensor toOurs(Tensor published) {
            return published;
        }
    };

    /// The source's shape of a tensor that has this shape as a parameter.
    Shape toPublished(Shape ours);

    /// A source's tensor with the axes in a parameter's order. A view.
    Tensor toOurs(Tensor published);
}
