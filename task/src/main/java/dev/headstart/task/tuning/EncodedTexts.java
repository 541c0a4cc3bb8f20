package dev.headstart.task.tuning;

import dev.headstart.io.Hashes;
import dev.headstart.io.data.Utf8;
import dev.headstart.task.data.ImageReader;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.measure.DomainGap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Texts as token ids.
///
/// @param networks whose vocabulary they are encoded with
/// @param texts ids of each
/// @param labels of each
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EncodedTexts(TextNetworks networks, List<int[]> texts, int[] labels) implements Encoded<List<int[]>> {
    /// The rows of a table.
    ///
    /// @param labels what there is to tell apart
    /// @throws IOException when a row has another label
    public static EncodedTexts of(TextNetworks networks, LabelledTexts rows, List<String> labels) throws IOException {
        return new EncodedTexts(networks, rows.texts().stream().map(networks::ids).toList(), rows.numbers(labels));
    }

    @Override
    public EncodedTexts choose(int... places) {
        return new EncodedTexts(networks, some(places), Arrays.stream(places).map(i -> labels[i]).toArray());
    }

    private List<int[]> some(int... places) {
        return Arrays.stream(places).mapToObj(texts::get).toList();
    }

    @Override
    public List<int[]> batch(int[] examples, RandomStream random) {
        return some(examples);
    }

    @Override
    public int[] lengths() {
        return texts.stream().mapToInt(text -> text.length).toArray();
    }

    @Override
    public EncodedTexts others(Path from, ImageReader reader) throws IOException {
        List<int[]> lines = Utf8.read(from).lines().filter(line -> !line.isBlank()).map(networks::ids).toList();
        return new EncodedTexts(networks, lines, new int[lines.size()]);
    }

    @Override
    public double unknownRate() {
        return networks.unknown().isEmpty() ? 0 : DomainGap.unknownRate(texts, networks.unknown().getAsInt());
    }

    @Override
    public String hash(int example) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * texts.get(example).length);
        bytes.asIntBuffer().put(texts.get(example));
        return Hashes.sha256(bytes.array());
    }
}
