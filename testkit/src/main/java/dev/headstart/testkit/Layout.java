package dev.headstart.testkit;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.stream.IntStream;

/// Ways in which the same values may lie in memory.
enum Layout {
    /// Axes in the reverse order in memory.
    REVERSED {
        @Override
        Tensor of(Tensor x) {
            int[] order = IntStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray();
            return x.permute(order).copy().permute(order);
        }
    },
    /// Last axis first in memory: each row has a stride.
    LAST_FIRST {
        @Override
        Tensor of(Tensor x) {
            int rank = x.rank();
            int[] there = IntStream.range(0, rank).map(i -> (i + rank - 1) % rank).toArray();
            int[] back = IntStream.range(0, rank).map(i -> (i + 1) % rank).toArray();
            return x.permute(there).copy().permute(back);
        }
    },
    /// Between NaN, which nobody may read, with gaps between rows.
    AMIDST_NAN {
        @Override
        Tensor of(Tensor x) {
            if (x.rank() == 0) {
                return of(x.reshape(1)).reshape(Shape.SCALAR);
            }
            Tensor nan = Tensor.full(x.shape().with(-1, 3), Float.NaN);
            return Tensor.concat(-1, nan, x, nan).slice(-1, 3, 3 + x.dim(-1));
        }
    },
    /// Stretched along the first axis: its rows are one row in memory. The values are other ones.
    FIRST_STRETCHED {
        @Override
        Tensor of(Tensor x) {
            return stretched(x, 0);
        }
    },
    /// Stretched along the last axis: the elements of a row are one number in memory. The values are other ones.
    LAST_STRETCHED {
        @Override
        Tensor of(Tensor x) {
            return stretched(x, -1);
        }
    };

    /// A tensor of x's shape in this layout.
    abstract Tensor of(Tensor x);

    private static Tensor stretched(Tensor x, int axis) {
        return x.size() == 0 || x.rank() == 0 ? x : x.slice(axis, 0, 1).broadcastTo(x.shape());
    }
}
