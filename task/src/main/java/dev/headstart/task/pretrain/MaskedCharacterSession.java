package dev.headstart.task.pretrain;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.task.data.TextPieces;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.pretrain.MaskedCharacters.Sizes;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.objective.MaskedBatch;
import dev.headstart.train.objective.MaskedLanguage;
import dev.headstart.zoo.own.MaskedLanguageModel;
import dev.headstart.zoo.own.TextEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Masked characters, predicted by a character transformer from random weights.
///
/// @param model the network
/// @param objective what it learns from which texts
/// @param vocabulary the characters it knows
/// @param heldOut sorted by length
/// @param provenance where the texts come from
/// @param facts what must be the same when a run is resumed
/// @param masks what is masked of the held-out texts
record MaskedCharacterSession(MaskedLanguageModel model, MaskedLanguage objective, CharVocabulary vocabulary, List<int[]> heldOut,
        Corpus.Provenance provenance, Map<String, Object> facts, RandomStream masks) implements MaskedSession {
    /// Cuts texts, counts characters, makes the network.
    static MaskedCharacterSession of(Corpus corpus, Sizes sizes, RandomStream random) throws IOException {
        List<String> pieces = corpus.texts().stream().flatMap(text -> TextPieces.pieces(text, sizes.length()).stream()).toList();
        CharVocabulary known = CharVocabulary.of(pieces, sizes.characters());
        List<int[]> sequences = pieces.stream().map(piece -> known.encode(piece, sizes.length()))
                .filter(s -> Arrays.stream(s).anyMatch(id -> id >= CharVocabulary.FIRST_ORDINARY)).toList();
        Corpus.Parts<int[]> split = Corpus.holdOut(sequences, "lines of text", random.child("held back"));
        TextEncoder.Config config = new TextEncoder.Config(known.size(), sizes.length(), sizes.width(), sizes.blocks(), sizes.heads(),
                4 * sizes.width(), (float) sizes.dropout());
        MaskedLanguageModel model = new MaskedLanguageModel(config, random.child("weights"));
        MaskedLanguage objective = new MaskedLanguage(model, split.training(), MASKED, CharVocabulary.MASK, CharVocabulary.FIRST_ORDINARY);
        List<int[]> heldOut = split.heldOut().stream().sorted(Comparator.comparingInt(s -> s.length)).toList();
        return new MaskedCharacterSession(model, objective, known, heldOut, corpus.provenance(), facts(corpus, sizes),
                random.child("hidden"));
    }

    private static Map<String, Object> facts(Corpus corpus, Sizes sizes) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("length", sizes.length());
        facts.put("width", sizes.width());
        facts.put("blocks", sizes.blocks());
        facts.put("heads", sizes.heads());
        facts.put("vocabulary", sizes.characters());
        facts.put("dropout", sizes.dropout());
        facts.putAll(corpus.facts());
        return facts;
    }

    @Override
    public Parameters parameters() {
        return model.parameters();
    }

    @Override
    public Batches batches(int batchSize, RandomStream random) {
        return Batches.byLength(objective.sequences().stream().mapToInt(s -> s.length).toArray(), batchSize, random);
    }

    @Override
    public Map<String, Double> measure() {
        long right = 0;
        long all = 0;
        for (int from = 0; from < heldOut.size(); from += EVALUATION_BATCH) {
            List<int[]> part = heldOut.subList(from, Math.min(heldOut.size(), from + EVALUATION_BATCH));
            MaskedBatch masked = objective.mask(part, masks.child(from));
            Indices guesses = Mode.inference(() -> model.forward(masked.tokens(), masked.positions()).value()).argmax();
            for (int i = 0; i < guesses.size(); i++) {
                right += guesses.at(i) == masked.originals().at(i) ? 1 : 0;
            }
            all += guesses.size();
        }
        return Map.of(ACCURACY, (double) right / all);
    }

    @Override
    public String unit() {
        return "characters";
    }

    @Override
    public String texts() {
        List<int[]> training = objective.sequences();
        long characters = training.stream().mapToLong(t -> t.length).sum() + heldOut.stream().mapToLong(t -> t.length).sum();
        return String.format(Locale.ROOT, "%s pieces, %s characters, %s different ones known; %s pieces held out",
                Numbers.count(training.size() + heldOut.size()), Numbers.count(characters),
                Numbers.count(vocabulary.size() - CharVocabulary.FIRST_ORDINARY), Numbers.count(heldOut.size()));
    }

    @Override
    public String network() {
        TextEncoder.Config config = model.encoder().config();
        return Numbers.count(parameters().count()) + " numbers in " + config.blocks() + " blocks of width " + config.width();
    }

    @Override
    public String architecture() {
        return "character encoder, " + model.encoder().config();
    }

    @Override
    public String source() {
        return "random";
    }

    @Override
    public Map<String, Tensor> weights() {
        return TextModelFolder.prefixed("encoder.", model.encoder().parameters());
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        TextEncoder encoder = model.encoder();
        new TextModelFolder(folder, encoder.config(), vocabulary, List.of()).saveEncoder(encoder, card);
    }
}
