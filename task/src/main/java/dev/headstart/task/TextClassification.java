package dev.headstart.task;

import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.goal.Predictor;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.BertNetworks;
import dev.headstart.task.tuning.CharacterNetworks;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.task.tuning.TextNetworks;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts with one label each.
///
/// ```java
/// List<String> labels = …; // one of each text
/// TextClassification task = TextClassification.of(LabelledTexts.of("reviews", texts, labels)).maxLength(64);
/// ```
public final class TextClassification implements Classification<String> {
    private final LabelledTable texts;
    private final int maxLength;

    private TextClassification(LabelledTable texts, int maxLength) {
        this.texts = texts;
        this.maxLength = maxLength;
    }

    /// Texts of which a tenth of each label is held out.
    ///
    /// @throws IOException when there are fewer than 2 labels
    public static TextClassification of(LabelledTexts texts) throws IOException {
        return of(LabelledTable.of(texts, null, null, 0.1, Map.of()));
    }

    /// Texts to train on, and texts to measure on.
    ///
    /// @throws IOException when there are fewer than 2 labels
    public static TextClassification of(LabelledTexts training, LabelledTexts heldOut) throws IOException {
        return of(LabelledTable.of(training, heldOut, null, 0.1, Map.of()));
    }

    /// Texts that are split already.
    public static TextClassification of(LabelledTable texts) {
        return new TextClassification(texts, 128);
    }

    /// The same task with another length: a text is cut to this number of tokens.
    ///
    /// @throws IllegalArgumentException below 2
    public TextClassification maxLength(int tokens) {
        if (tokens < 2) {
            throw new IllegalArgumentException("text classification: the length is " + tokens + " tokens: at least 2 are needed");
        }
        return new TextClassification(texts, tokens);
    }

    @Override
    public String noun() {
        return "texts";
    }

    @Override
    public List<String> labels() {
        return texts.rows().names();
    }

    @Override
    public FinetuneTask session(Pretrained from, Preparation preparation, RandomStream random) throws IOException {
        @Nullable
        Double given = preparation.dropout();
        double dropout = given == null ? -1 : given;
        TextNetworks networks = from.characters().isPresent()
                ? CharacterNetworks.open(from.from(), dropout)
                : BertNetworks.open(from.weights(), from.configuration(), from.tokenizerFiles(), maxLength, dropout);
        return FinetuneTask.of(networks, texts, preparation.randomWeights() ? Initialization.RANDOM : Initialization.PRETRAINED,
                preparation.keepHead(), random);
    }

    @Override
    public Predictor<String, Ranking> predictor(Pretrained trained) throws IOException {
        return Predict.with(trained).texts();
    }
}
