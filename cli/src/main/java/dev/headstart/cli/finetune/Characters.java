package dev.headstart.cli.finetune;

import dev.headstart.cli.data.Evaluation;
import dev.headstart.io.Hashes;
import dev.headstart.nn.CrossEntropy;
import dev.headstart.nn.Part;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Objective;
import dev.headstart.train.TextClassification;
import dev.headstart.train.TextModelFolder;
import dev.headstart.zoo.TextClassifier;
import dev.headstart.zoo.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The character encoder of a folder that `headstart pretrain` or `finetune` wrote.
///
/// @param model the network
/// @param target the folder it will be in
/// @param rows texts with labels
/// @param transfer what was carried over
/// @param facts what must be the same when a run goes on
public record Characters(TextClassifier model, TextModelFolder target, TextRows<int[]> rows, String transfer,
        Map<String, Object> facts) implements TextTask {
    /// Whether this is such a folder, or is meant as one.
    public static boolean isFolder(Path from) throws IOException {
        Path config = from.resolve("config.json");
        return Files.isDirectory(from) && (!Files.exists(config) || Files.readString(config).contains("headstart-text-model"));
    }

    /// Opens the encoder and the texts.
    ///
    /// @param dropout another one than it was trained with; negative for the same
    /// @param randomWeights take its sizes and vocabulary only
    public static Characters open(Path from, Path out, LabelledTable texts, double dropout, boolean randomWeights, RandomStream random)
            throws IOException {
        TextModelFolder source = TextModelFolder.open(from);
        TextEncoder.Config sizes = config(source.config(), dropout);
        TextRows<int[]> rows = texts.rows(random.child("validation"), text -> source.vocabulary().encode(text, sizes.maxLength()));
        TextModelFolder target = new TextModelFolder(out, sizes, source.vocabulary(), rows.labels());
        TextClassifier model = new TextClassifier(sizes, rows.labels().size(), random.child("weights"));
        String transfer = randomWeights
                ? "random weights: of " + from + " only the vocabulary and the sizes were taken"
                : source.transferInto(model).toString();
        Map<String, Object> facts = new LinkedHashMap<>(texts.facts());
        facts.put("SHA-256 of config.json", Hashes.sha256(from.resolve("config.json")));
        for (String weights : List.of(TextModelFolder.ENCODER, TextModelFolder.CLASSIFIER)) {
            if (!randomWeights && Files.exists(from.resolve(weights))) {
                facts.put("SHA-256 of " + weights, Hashes.sha256(from.resolve(weights)));
            }
        }
        return new Characters(model, target, rows, transfer, facts);
    }

    private static TextEncoder.Config config(TextEncoder.Config c, double dropout) {
        return dropout < 0
                ? c
                : new TextEncoder.Config(c.vocabulary(), c.maxLength(), c.width(), c.blocks(), c.heads(), c.hidden(), (float) dropout);
    }

    @Override
    public Part network() {
        return model;
    }

    @Override
    public String head() {
        return "head.**";
    }

    @Override
    public Objective objective() {
        return new TextClassification(model, rows.trainingTexts(), rows.training(), CrossEntropy.PLAIN);
    }

    @Override
    public double accuracy() {
        return new TextClassification(model, rows.heldTexts(), rows.held(), CrossEntropy.PLAIN).score().accuracy();
    }

    @Override
    public Evaluation evaluation() {
        return Evaluation.of(rows.labels(), rows.held(), TextClassification.logits(model, rows.heldTexts()).argmax().toArray());
    }

    @Override
    public void save(Path folder) throws IOException {
        target.saveClassifier(model);
    }
}
