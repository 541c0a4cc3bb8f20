package dev.headstart.cli.finetune;

import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;

/// A task of texts as token ids.
interface TextTask extends FinetuneTask {
    /// The texts.
    TextRows<int[]> rows();

    @Override
    default String examples() {
        return rows().described();
    }

    @Override
    default String noun() {
        return "texts";
    }

    @Override
    default int size() {
        return rows().training().length;
    }

    /// Batches of texts of similar length, so that little is computed for padding.
    @Override
    default Batches batches(int batchSize, RandomStream random) {
        return Batches.byLength(rows().trainingTexts().stream().mapToInt(text -> text.length).toArray(), batchSize, random);
    }
}
