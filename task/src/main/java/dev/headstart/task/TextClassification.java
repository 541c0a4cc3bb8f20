package dev.headstart.task;

import dev.headstart.io.Hashes;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.compare.OpenedTask;
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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
        from.demandTexts();
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
    public OpenedTask open(Pretrained from, RandomStream random, int most) throws IOException {
        from.demandTexts();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("to train on", named(texts.rows()));
        facts.put("to measure on", texts.others() == null ? "a share of " + texts.validation() + " of each label" : named(texts.others()));
        if (from.characters().isPresent()) {
            return opened("character encoder", LabelledTask.of(CharacterNetworks.open(from.from(), -1), texts, random), most, facts);
        }
        facts.put("SHA-256 of the weights", Hashes.sha256(from.weights().file()));
        facts.put("tokens of a text", maxLength);
        BertNetworks networks = BertNetworks.open(from.weights(), from.configuration(), from.tokenizerFiles(), maxLength, -1);
        return opened(String.format(Locale.ROOT, "BERT of %d layers, width %d", networks.sizes().layers(), networks.sizes().width()),
                LabelledTask.of(networks, texts, random), most, facts);
    }

    private static String named(LabelledTexts rows) {
        return Path.of(rows.name()).getFileName() + ", SHA-256 " + rows.hash();
    }

    private static OpenedTask opened(String network, LabelledTask<?> all, int most, Map<String, Object> facts) {
        LabelledTask<?> task = all.measuredOn(most);
        String labels = String.format(Locale.ROOT, " of %d labels (%s)", task.labels().size(), String.join(", ", task.labels()));
        return new OpenedTask(task, network, String.format(Locale.ROOT, "%,d texts", task.training().size()) + labels,
                String.format(Locale.ROOT, "%,d texts", task.test().size()) + labels, facts);
    }

    @Override
    public Predictor<String, Ranking> predictor(Pretrained trained) throws IOException {
        return Predict.with(trained).texts();
    }
}
