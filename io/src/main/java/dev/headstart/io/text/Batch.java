package dev.headstart.io.text;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import java.util.List;
import java.util.function.Function;

/// The encodings of several texts, in their order.
///
/// @param encodings one per text
public record Batch(List<Encoding> encodings) {
    public Batch {
        encodings = List.copyOf(encodings);
    }

    /// Ids, `[batch, length]`.
    ///
    /// @throws IllegalArgumentException when the encodings are not equally long: ask for padding
    public Indices ids() {
        return table(Encoding::ids);
    }

    /// Type ids, `[batch, length]`.
    public Indices typeIds() {
        return table(Encoding::typeIds);
    }

    /// 1 for every token to be attended to, 0 for padding, `[batch, length]`.
    public Indices attentionMask() {
        return table(Encoding::attentionMask);
    }

    private Indices table(Function<Encoding, int[]> row) {
        int length = encodings.isEmpty() ? 0 : encodings.getFirst().length();
        int[] all = new int[Math.multiplyExact(encodings.size(), length)];
        for (int i = 0; i < encodings.size(); i++) {
            if (encodings.get(i).length() != length) {
                throw new IllegalArgumentException("batch: text 0 has " + length + " tokens, text " + i + " has "
                        + encodings.get(i).length() + ": pad them (Options.padToLongest)");
            }
            System.arraycopy(row.apply(encodings.get(i)), 0, all, i * length, length);
        }
        return Indices.of(Shape.of(encodings.size(), length), all);
    }
}
