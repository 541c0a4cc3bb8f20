package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// Rows of a table by index: embedding look-up.
///
/// | | |
/// |---|---|
/// | shapes | `table [v, n]`, ids of any shape `→ [ids…, n]` |
/// | backward | each row of dY is added to the row of its id, in order |
/// | errors | an id outside [0, v) |
/// | source | as `torch.nn.functional.embedding` |
///
/// @param ids the rows taken
/// @param table the table's shape
public record GatherRows(Indices ids, Shape table) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable table, Indices ids) {
        return Variable.of(table.value().gatherRows(ids), new GatherRows(ids, table.shape()), table);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.scatterAddRows(ids, table);
    }
}
