package dev.headstart.task.compare;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.zoo.own.TextClassifier;
import java.io.IOException;
import java.util.OptionalInt;

/// A task of texts, and the character encoder of a folder that `headstart pretrain` or `finetune` wrote.
///
/// @param source the folder
/// @param rows characters with labels
/// @param random of all that is drawn
public record CharacterTask(TextModelFolder source, TextRows rows, RandomStream random) implements TextExamples {
    /// The texts as the folder's encoder takes them.
    public static CharacterTask of(TextModelFolder source, LabelledTable texts, RandomStream random) throws IOException {
        int most = source.config().maxLength();
        return new CharacterTask(source, TextRows.of(texts, random.child("held back"), text -> source.vocabulary().encode(text, most)),
                random);
    }

    @Override
    public CharacterTask with(TextRows others) {
        return new CharacterTask(source, others, random);
    }

    @Override
    public int[] encoded(String text) {
        return source.vocabulary().encode(text, source.config().maxLength());
    }

    @Override
    public OptionalInt unknown() {
        return OptionalInt.of(CharVocabulary.UNKNOWN);
    }

    @Override
    public String transfer() throws IOException {
        return source.transferInto(new TextClassifier(source.config(), labels().size(), random.child("weights"))).toString();
    }

    @Override
    public Learner learner(Start start, int seed) throws IOException {
        TextClassifier model = new TextClassifier(source.config(), labels().size(), random.child("weights").child(seed));
        if (start != Start.RANDOM) {
            source.transferInto(model);
        }
        if (start == Start.SHUFFLED) {
            HeadStart.shuffled(model.encoder().parameters(), random.child("shuffle").child(seed));
        }
        return new Network(model, this);
    }

    private record Network(TextClassifier model, CharacterTask task) implements Learner {
        @Override
        public Parameters parameters() {
            return model.parameters();
        }

        @Override
        public String head() {
            return "head.**";
        }

        @Override
        public Variable features(int... examples) {
            return model.features(TokenBatch.of(task.sequences(examples), CharVocabulary.PADDING));
        }

        @Override
        public Variable logits(Variable features) {
            return model.head().forward(features);
        }
    }
}
