package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.tensor.RandomStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Texts as token ids.
///
/// @param texts ids of each
/// @param labels of each
/// @param body what the head sees of some texts, `[texts, width]`
/// @param reading the network's sizes
@SuppressWarnings("ArrayRecordComponent") // never compared
record TextExamples(List<int[]> texts, int[] labels, Function<List<int[]>, Variable> body, String reading)
        implements
            Examples {
    @Override
    public TextExamples choose(int... places) {
        return new TextExamples(some(places), Arrays.stream(places).map(i -> labels[i]).toArray(), body, reading);
    }

    private List<int[]> some(int... places) {
        return Arrays.stream(places).mapToObj(texts::get).toList();
    }

    @Override
    public Variable features(int[] examples, RandomStream random) {
        return body.apply(some(examples));
    }

    @Override
    public int[] lengths() {
        return texts.stream().mapToInt(text -> text.length).toArray();
    }

    @Override
    public String hash(int example) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * texts.get(example).length);
        bytes.asIntBuffer().put(texts.get(example));
        return Hashes.sha256(bytes.array());
    }
}
