package dev.headstart.zoo.text;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import java.util.stream.IntStream;

/// The vectors that have a label. Heads of large vocabularies need not look at the others: masked language models learn from 15 % of the
/// positions.
///
/// @param rows `[labelled, width]`
/// @param labels `[labelled]`
public record Labelled(Variable rows, Indices labels) {
    /// Those of x that have one.
    ///
    /// @param x `[…, width]`
    /// @param labels `[…]`; negative ones do not count
    public static Labelled of(String operator, Variable x, Indices labels) {
        Shape shape = x.shape();
        int width = shape.dim(-1);
        if (shape.size() != labels.size() * width || shape.rank() != labels.shape().rank() + 1) {
            throw new ShapeException(operator + ": x" + shape + ", labels" + labels.shape() + ": one label for each position is needed");
        }
        int[] all = labels.toArray();
        int[] counted = IntStream.range(0, all.length).filter(i -> all[i] >= 0).toArray();
        Variable rows = x.reshape(-1, width);
        Indices own = Indices.of(IntStream.of(counted).map(i -> all[i]).toArray());
        return new Labelled(counted.length == all.length ? rows : rows.gatherRows(Indices.of(counted)), own);
    }
}
