package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.Part;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.model.Finite;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The character encoder of a folder that Headstart wrote, pre-trained or fine-tuned.
///
/// @param source the folder
/// @param sizes of the encoder, perhaps with another dropout than in the folder
public record CharacterNetworks(TextModelFolder source, TextEncoder.Config sizes) implements TextNetworks {
    /// Opens a folder.
    ///
    /// @param dropout another one than it was trained with; negative for the same
    /// @throws IOException when it cannot be read
    public static CharacterNetworks open(Path from, double dropout) throws IOException {
        TextModelFolder source = TextModelFolder.open(from);
        TextEncoder.Config c = source.config();
        return new CharacterNetworks(source, dropout < 0
                ? c
                : new TextEncoder.Config(c.vocabulary(), c.maxLength(), c.width(), c.blocks(), c.heads(), c.hidden(), (float) dropout));
    }

    @Override
    public String name() {
        return source.folder().toString();
    }

    @Override
    public int[] ids(String text) {
        return source.vocabulary().encode(text, sizes.maxLength());
    }

    @Override
    public List<String> labels() {
        return source.labels();
    }

    @Override
    public OptionalInt unknown() {
        return OptionalInt.of(CharVocabulary.UNKNOWN);
    }

    @Override
    public Rates usualRates() {
        return new Rates(1e-3, 1e-3, 1e-3);
    }

    @Override
    public Map<String, Object> facts(Initialization initialization) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("SHA-256 of config.json", Hashes.sha256(source.folder().resolve("config.json")));
        for (String weights : List.of(TextModelFolder.ENCODER, TextModelFolder.CLASSIFIER)) {
            if (initialization != Initialization.RANDOM && Files.exists(source.folder().resolve(weights))) {
                facts.put("SHA-256 of " + weights, Hashes.sha256(source.folder().resolve(weights)));
            }
        }
        return facts;
    }

    @Override
    public Loaded<List<int[]>> build(List<String> labels, Initialization initialization, HeadChoice head, Streams random)
            throws IOException {
        boolean headToo = head == HeadChoice.KEPT;
        if (headToo && !source.labels().equals(labels)) {
            throw new SettingException(Setting.KEEP_HEAD, "the network's head is of " + source.labels() + ", the texts are of " + labels
                    + ": the head must know each of them");
        }
        TextClassifier model = new TextClassifier(sizes, labels.size(), random.weights());
        String transfer = initialization == Initialization.RANDOM
                ? "random weights: of " + source.folder() + " only the vocabulary and the sizes were taken"
                : (headToo ? source.loadInto(model) : source.transferInto(model)).toString();
        Finite.weights(name(), model.parameters());
        if (initialization == Initialization.SHUFFLED) {
            HeadStart.shuffled(model.encoder().parameters(), random.shuffle());
        }
        return new Loaded<>(new Network(model, this), headToo, transfer);
    }

    private record Network(TextClassifier model, CharacterNetworks by) implements HeadedNetwork<List<int[]>> {
        @Override
        public Part part() {
            return model;
        }

        @Override
        public String architecture() {
            return "character encoder, " + by.sizes;
        }

        @Override
        public String head() {
            return "head.**";
        }

        @Override
        public Variable features(List<int[]> batch) {
            return model.features(TokenBatch.of(batch, CharVocabulary.PADDING));
        }

        @Override
        public Variable classify(Variable features) {
            return model.head().forward(features);
        }

        @Override
        public String noun() {
            return by.noun();
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
        public String reading() {
            return by.sizes.toString();
        }

        @Override
        public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
            new TextModelFolder(folder, model.encoder().config(), by.source.vocabulary(), labels).saveClassifier(model, card);
        }
    }
}
