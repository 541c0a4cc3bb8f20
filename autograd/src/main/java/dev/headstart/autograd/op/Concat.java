package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;
import java.util.Arrays;

/// Variables joined along an axis.
///
/// | | |
/// |---|---|
/// | shapes | equal but for the axis `→` its extents added |
/// | backward | each part gets its slice of dY |
/// | errors | no parts; the other axes differ |
/// | source | as `torch.cat` |
///
/// @param axis the axis
/// @param starts where each part begins along the axis; one more, the end
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Concat(int axis, int[] starts) implements Op {
    /// Applies the operator.
    public static Variable apply(int axis, Variable... parts) {
        Tensor y = Tensor.concat(axis, Arrays.stream(parts).map(Variable::value).toArray(Tensor[]::new));
        int[] starts = new int[parts.length + 1];
        for (int i = 0; i < parts.length; i++) {
            starts[i + 1] = starts[i] + parts[i].shape().dim(axis);
        }
        return Variable.of(y, new Concat(axis, starts), parts);
    }

    @Override
    public Tensor gradient(int input, Tensor dY) {
        return dY.slice(axis, starts[input], starts[input + 1]);
    }
}
