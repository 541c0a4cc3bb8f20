package dev.headstart.cli.compare;

import dev.headstart.cli.finetune.TextRows;
import java.util.Arrays;
import java.util.List;

/// A task of texts as token ids.
interface TextExamples extends ComparedTask {
    /// The texts.
    TextRows<int[]> rows();

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
