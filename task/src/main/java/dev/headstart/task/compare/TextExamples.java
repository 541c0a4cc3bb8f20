package dev.headstart.task.compare;

import dev.headstart.io.data.Utf8;
import dev.headstart.task.data.ImageReader;
import dev.headstart.train.measure.DomainGap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A task of texts as token ids.
public interface TextExamples extends ComparedTask {
    /// The texts.
    TextRows rows();

    /// The same network for other texts.
    TextExamples with(TextRows others);

    /// A text as the network takes it.
    int[] encoded(String text);

    /// The token that stands for what the vocabulary lacks, where there is one.
    OptionalInt unknown();

    /// At most so many texts to measure on, evenly spread.
    default TextExamples measuredOn(int most) {
        int all = rows().held().length;
        int count = Math.min(most, all);
        int[] places = IntStream.range(0, count).map(i -> (int) ((long) i * all / count)).toArray();
        return with(new TextRows(rows().labels(), rows().trainingTexts(), rows().training(),
                IntStream.of(places).mapToObj(rows().heldTexts()::get).toList(),
                IntStream.of(places).map(i -> rows().held()[i]).toArray()));
    }

    /// Lines of a file, UTF-8, in place of the texts to measure on. They have no labels.
    @Override
    default ComparedTask unlabelled(Path file, ImageReader reader, int most) throws IOException {
        List<int[]> lines = Utf8.read(file).lines().filter(line -> !line.isBlank()).map(this::encoded).toList();
        return with(new TextRows(rows().labels(), rows().trainingTexts(), rows().training(), lines, new int[lines.size()]))
                .measuredOn(most);
    }

    /// Share of the tokens to learn from that the vocabulary lacks.
    @Override
    default double unknownRate() {
        return unknown().isEmpty() ? 0 : DomainGap.unknownRate(rows().trainingTexts(), unknown().getAsInt());
    }

    /// A published head says nothing of texts here.
    @Override
    default Optional<Learner> published() {
        return Optional.empty();
    }

    @Override
    default String noun() {
        return "texts";
    }

    @Override
    default List<String> labels() {
        return rows().labels();
    }

    @Override
    default int[] training() {
        return rows().training();
    }

    @Override
    default int[] test() {
        return rows().held();
    }

    /// The tokens of an example.
    default int[] tokens(int example) {
        int first = rows().training().length;
        return example < first ? rows().trainingTexts().get(example) : rows().heldTexts().get(example - first);
    }

    @Override
    default int length(int example) {
        return tokens(example).length;
    }

    /// The tokens of some examples.
    default List<int[]> sequences(int... examples) {
        return Arrays.stream(examples).mapToObj(this::tokens).toList();
    }
}
