package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.Part;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The character encoder of a folder that `headstart pretrain` or `finetune` wrote, with a new head.
///
/// @param model the network
/// @param vocabulary the characters it knows
public record Characters(TextClassifier model, CharVocabulary vocabulary) implements HeadedNetwork {
    /// Opens the encoder and the texts.
    ///
    /// @param dropout another one than it was trained with; negative for the same
    /// @param keepHead the head learns on: it must be of these labels
    /// @param randomWeights take its sizes and vocabulary only
    public static FinetuneTask task(Path from, LabelledTable texts, double dropout, boolean keepHead, boolean randomWeights,
            RandomStream random) throws IOException {
        TextModelFolder source = TextModelFolder.open(from);
        TextEncoder.Config sizes = config(source.config(), dropout);
        List<String> labels = texts.rows().names();
        if (keepHead && !source.labels().equals(labels)) {
            throw new IOException("--keep-head: the network's head is of " + source.labels() + ", the texts are of " + labels
                    + ": they must be the same");
        }
        TextClassifier model = new TextClassifier(sizes, labels.size(), random.child("weights"));
        String transfer = randomWeights
                ? "random weights: of " + from + " only the vocabulary and the sizes were taken"
                : load(source, model, keepHead).toString();
        Map<String, Object> facts = new LinkedHashMap<>(texts.facts());
        facts.put("SHA-256 of config.json", Hashes.sha256(from.resolve("config.json")));
        for (String weights : List.of(TextModelFolder.ENCODER, TextModelFolder.CLASSIFIER)) {
            if (!randomWeights && Files.exists(from.resolve(weights))) {
                facts.put("SHA-256 of " + weights, Hashes.sha256(from.resolve(weights)));
            }
        }
        LabelledTable.Reading reading = new LabelledTable.Reading(text -> source.vocabulary().encode(text, sizes.maxLength()),
                some -> model.features(TokenBatch.of(some, CharVocabulary.PADDING)), sizes.toString());
        return new FinetuneTask(new Characters(model, source.vocabulary()), labels, texts.sides(labels, reading, random),
                new FinetuneTask.Source(from.toString(), "character encoder, " + sizes, keepHead, transfer, texts.rows().hash(),
                        facts));
    }

    private static TransferReport load(TextModelFolder source, TextClassifier model, boolean headToo) throws IOException {
        return headToo ? source.loadInto(model) : source.transferInto(model);
    }

    private static TextEncoder.Config config(TextEncoder.Config c, double dropout) {
        return dropout < 0
                ? c
                : new TextEncoder.Config(c.vocabulary(), c.maxLength(), c.width(), c.blocks(), c.heads(), c.hidden(), (float) dropout);
    }

    @Override
    public Part part() {
        return model;
    }

    @Override
    public String head() {
        return "head.**";
    }

    @Override
    public Variable classify(Variable features) {
        return model.head().forward(features);
    }

    @Override
    public String noun() {
        return "texts";
    }

    @Override
    public double usualRate() {
        return 1e-3;
    }

    @Override
    public double usualHeadRate(double rate) {
        return rate;
    }

    @Override
    public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
        new TextModelFolder(folder, model.encoder().config(), vocabulary, labels).saveClassifier(model, card);
    }
}
