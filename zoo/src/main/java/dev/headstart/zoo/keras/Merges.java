package dev.headstart.zoo.keras;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;

/// Layers of several inputs.
final class Merges {
    private Merges() {}

    static BuiltLayer layer(String kind, Fields fields) throws IOException {
        if (kind.equals("Concatenate")) {
            List<Integer> axis = fields.integers("axis");
            return concatenation(axis.isEmpty() ? -1 : axis.getFirst(), fields);
        }
        BinaryOperator<Variable> pair = operator(kind);
        boolean mean = kind.equals("Average");
        Operator operator = inputs -> {
            List<Variable> aligned = aligned(inputs);
            Variable sum = aligned.getFirst();
            for (Variable next : aligned.subList(1, aligned.size())) {
                sum = pair.apply(sum, next);
            }
            return mean ? sum.times(1f / inputs.size()) : sum;
        };
        return new BuiltLayer(operator, null, null, List.of(), in -> broadcast(in, fields));
    }

    /// The operator of a layer, or of `keras.ops`.
    static BinaryOperator<Variable> operator(String kind) {
        return switch (kind) {
            case "Subtract" -> Variable::minus;
            case "Multiply" -> Variable::times;
            case "Divide", "TrueDivide" -> Variable::dividedBy;
            default -> Variable::plus;
        };
    }

    /// Inputs of lower rank get extents of 1 behind the batch's.
    private static List<Variable> aligned(List<Variable> inputs) {
        int rank = inputs.stream().mapToInt(x -> x.shape().rank()).max().orElseThrow();
        List<Variable> aligned = new ArrayList<>();
        for (Variable x : inputs) {
            int[] dims = new int[rank];
            Arrays.fill(dims, 1);
            Shape own = x.shape();
            dims[0] = own.dim(0);
            System.arraycopy(own.dims(), 1, dims, rank - own.rank() + 1, own.rank() - 1);
            aligned.add(own.rank() == rank ? x : x.reshape(dims));
        }
        return aligned;
    }

    static Extents broadcast(List<Extents> inputs, Fields fields) throws IOException {
        int rank = inputs.stream().mapToInt(Extents::rank).max().orElseThrow();
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        for (Extents input : inputs) {
            for (int i = 0; i < input.rank(); i++) {
                int at = rank - input.rank() + i;
                int extent = input.get(i);
                if (dims[at] != extent && dims[at] > 1 && extent > 1) {
                    throw fields.refused("its inputs are " + inputs + ": their extents differ");
                }
                dims[at] = extent == 1 || (extent == Extents.OPEN && dims[at] > 1) ? dims[at] : extent;
            }
        }
        return Extents.of(dims);
    }

    private static BuiltLayer concatenation(int axis, Fields fields) {
        return new BuiltLayer(inputs -> Variable.concat(axis < 0 ? axis + inputs.getFirst().shape().rank() : axis,
                inputs.toArray(Variable[]::new)), null, null, List.of(), in -> {
                    Extents first = in.getFirst();
                    int at = axis < 0 ? axis + first.rank() : axis - 1; // extents are without the batch
                    if (at < 0 || at >= first.rank() || in.stream().anyMatch(other -> other.rank() != first.rank())) {
                        throw fields.refused("its inputs are " + in + ": they cannot be joined along axis " + axis);
                    }
                    List<Integer> dims = new ArrayList<>(first.dims());
                    int sum = 0;
                    for (Extents other : in) {
                        sum = sum == Extents.OPEN || other.get(at) == Extents.OPEN ? Extents.OPEN : sum + other.get(at);
                    }
                    dims.set(at, sum);
                    return new Extents(dims);
                });
    }
}
