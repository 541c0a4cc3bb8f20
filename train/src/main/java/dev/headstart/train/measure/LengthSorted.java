package dev.headstart.train.measure;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Rows for examples, computed in batches of similar length: little is computed for padding. A row's bits do not depend on its batch.
public final class LengthSorted {
    private LengthSorted() {}

    /// A row for each example, in the examples' order, without recording.
    ///
    /// @param examples number of examples
    /// @param lengths of each; empty where all take the same time
    /// @param width of a row
    /// @param batch examples to compute at once
    /// @param rows of some examples, `[examples, width]`
    public static Tensor rows(int examples, int[] lengths, int width, int batch, Function<int[], Variable> rows) {
        int[] order = IntStream.range(0, examples).boxed().sorted(Comparator.comparingInt(i -> lengths.length == 0 ? 0 : lengths[i]))
                .mapToInt(Integer::intValue).toArray();
        float[] all = new float[Math.multiplyExact(examples, width)];
        Workspace workspace = new Workspace();
        for (int from = 0; from < order.length; from += batch) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
            float[] part = workspace.call(() -> Mode.inference(() -> rows.apply(some).value().toArray()));
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(part, i * width, all, some[i] * width, width);
            }
        }
        return Tensor.wrap(Shape.of(examples, width), all);
    }
}
