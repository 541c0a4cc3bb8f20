package dev.headstart.task.pretrain;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.objective.BertPretraining;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.objective.MaskedBatch;
import dev.headstart.train.objective.TokenMasking;
import dev.headstart.zoo.text.TransformerSizes;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Masked tokens, predicted by a BERT. What it saves is a published BERT with its masked-language head.
final class MaskedWordSession implements MaskedSession {
    private static final String WEIGHTS = "model.safetensors";

    private final Network network;
    private final WordVocabulary vocabulary;
    private final List<int[]> training;
    private final BertPretraining objective;
    private final BertPretraining heldOut;
    private final RandomStream masks;
    private final Corpus.Provenance provenance;
    private final Map<String, Object> facts;

    private MaskedWordSession(Network network, WordVocabulary vocabulary, MaskedWords goal, int length, RandomStream random)
            throws IOException {
        this.network = network;
        this.provenance = goal.corpus().provenance();
        this.vocabulary = vocabulary;
        this.masks = random.child("hidden");
        Corpus.Parts<String> split = Corpus.holdOut(goal.corpus().texts(), "texts", random.child("held back"));
        this.training = sequences(split.training(), length);
        List<int[]> held = sequences(split.heldOut(), length).stream().sorted(Comparator.comparingInt(s -> s.length)).toList();
        if (training.isEmpty() || held.isEmpty()) {
            throw new IOException("pretrain: there is no ordinary token in the texts to train on, or in those held out");
        }
        BertPretraining.Model masked = BertPretraining.masked(network.model);
        TokenMasking masking = vocabulary.masking(MASKED, goal.wholeWords());
        this.objective = BertPretraining.ofSequences(masked, training, masking);
        this.heldOut = BertPretraining.ofSequences(masked, held, masking);
        this.facts = new LinkedHashMap<>(network.facts);
        facts.put("length", length);
        facts.put("hidden", goal.wholeWords() ? "whole words" : "tokens");
        facts.putAll(vocabulary.facts());
        facts.putAll(goal.corpus().facts());
    }

    /// Sequences that have something to mask.
    private List<int[]> sequences(List<String> texts, int length) {
        return texts.stream().flatMap(text -> vocabulary.sequences(text, length).stream()).filter(vocabulary::hasOrdinary).toList();
    }

    /// A network before it is trained.
    ///
    /// @param along tensors that masked language modelling does not train, saved as they are: a pooler's
    /// @param origin where its weights come from, in words
    /// @param source the file they come from, in its folder; `random` for none
    private record Network(BertForMaskedLM model, Map<String, Tensor> along, String origin, String source, Map<String, Object> facts) {}

    private static BertConfig config(WordVocabulary vocabulary, MaskedWords.Sizes sizes, int length) {
        int padding = vocabulary.padding();
        boolean roberta = vocabulary.isRoberta();
        TransformerSizes all = new TransformerSizes(vocabulary.size(), roberta ? length + padding + 1 : length, sizes.width(),
                sizes.blocks(),
                sizes.heads(), 4 * sizes.width());
        return BertConfig.of(roberta ? BertConfig.Family.ROBERTA : BertConfig.Family.BERT, all).withDropout((float) sizes.dropout())
                .withPadding(padding);
    }

    /// A network from random weights: BERT's graph, or RoBERTa's where masked tokens are `<mask>`.
    static MaskedWordSession random(MaskedWords goal, WordVocabulary vocabulary, MaskedWords.Sizes sizes, RandomStream random)
            throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("width", sizes.width());
        facts.put("blocks", sizes.blocks());
        facts.put("heads", sizes.heads());
        facts.put("dropout", sizes.dropout());
        BertForMaskedLM model = new BertForMaskedLM(config(vocabulary, sizes, goal.length()), random.child("weights"));
        return new MaskedWordSession(new Network(model, Map.of(), "random weights", "random", facts), vocabulary, goal, goal.length(),
                random);
    }

    /// A published network. Its encoder must be complete; a masked-language head is taken where it has one. A sequence is no longer than the
    /// network has positions for.
    static MaskedWordSession continued(MaskedWords goal, Pretrained from, Preparation preparation, RandomStream random) throws IOException {
        WordVocabulary vocabulary = WordVocabulary.open(from.tokenizerFiles());
        Weights weights = from.weights();
        Path config = from.configuration();
        @Nullable
        Double dropout = preparation.dropout();
        BertConfig read = BertConfig.readTied(config);
        BertConfig sizes = dropout == null ? read : read.withDropout(dropout.floatValue());
        vocabulary.demandRows(sizes.vocabulary());
        BertForMaskedLM model = new BertForMaskedLM(sizes, random.child("weights"));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("SHA-256 of " + config.getFileName(), Hashes.sha256(config));
        facts.put("SHA-256 of " + weights.file().getFileName(), Hashes.sha256(weights.file()));
        facts.put("dropout", dropout == null ? "as before" : dropout);
        int length = Math.min(goal.length(), sizes.maxLength());
        if (preparation.randomWeights()) {
            facts.put("weights", "random");
            String origin = "random weights: of " + weights.file() + " only the sizes were taken";
            return new MaskedWordSession(new Network(model, Map.of(), origin, "random", facts), vocabulary, goal, length, random);
        }
        String transfer = model.loadEncoder(weights).toString();
        Path file = weights.file().toAbsolutePath().normalize();
        Path name = file.subpath(Math.max(0, file.getNameCount() - 2), file.getNameCount());
        String origin = "from " + weights.file() + "\n" + transfer;
        return new MaskedWordSession(new Network(model, pooler(model, weights), origin, name.toString(), facts), vocabulary, goal, length,
                random);
    }

    /// The pooler in a file, under the names of a model with a head.
    private static Map<String, Tensor> pooler(BertForMaskedLM model, Weights from) throws IOException {
        Map<String, Tensor> found = new LinkedHashMap<>();
        for (String name : from.names()) {
            int at = name.indexOf("pooler.dense.");
            if (at >= 0) {
                found.put(model.prefix() + name.substring(at), from.tensor(name));
            }
        }
        return found;
    }

    /// The network.
    BertForMaskedLM model() {
        return network.model;
    }

    @Override
    public Parameters parameters() {
        return network.model.parameters();
    }

    @Override
    public BertPretraining objective() {
        return objective;
    }

    @Override
    public Batches batches(int batchSize, RandomStream random) {
        return Batches.byLength(lengths(), batchSize, random);
    }

    /// The length of each sequence to train on.
    int[] lengths() {
        return training.stream().mapToInt(s -> s.length).toArray();
    }

    @Override
    public Map<String, Double> measure() {
        long right = 0;
        long all = 0;
        for (int from = 0; from < heldOut.examples(); from += EVALUATION_BATCH) {
            int[] some = IntStream.range(from, Math.min(heldOut.examples(), from + EVALUATION_BATCH)).toArray();
            MaskedBatch masked = heldOut.batch(some, masks.child(from)).masked();
            Indices guesses = Mode.inference(() -> network.model.forward(masked.tokens(), masked.positions()).value()).argmax();
            right += IntStream.range(0, guesses.size()).filter(i -> guesses.at(i) == masked.originals().at(i)).count();
            all += guesses.size();
        }
        return Map.of(ACCURACY, (double) right / all);
    }

    @Override
    public String unit() {
        return "tokens";
    }

    @Override
    public String texts() {
        return String.format(Locale.ROOT, "%s sequences, %s tokens, %s different ones known; %s more sequences held out",
                Numbers.count(training.size()),
                Numbers.count(training.stream().mapToLong(t -> t.length).sum()), Numbers.count(vocabulary.size()),
                Numbers.count(heldOut.examples()));
    }

    @Override
    public String network() {
        BertConfig config = network.model.config();
        return network.model.architecture() + ", " + Numbers.count(parameters().count()) + " numbers in " + config.layers()
                + " blocks of width "
                + config.width() + ", " + network.origin;
    }

    @Override
    public Map<String, Object> facts() {
        return facts;
    }

    @Override
    public String architecture() {
        return network.model.architecture();
    }

    @Override
    public String source() {
        return network.source;
    }

    @Override
    public Corpus.Provenance provenance() {
        return provenance;
    }

    @Override
    public Map<String, Tensor> weights() {
        Map<String, Tensor> tensors = new LinkedHashMap<>(network.model.export());
        tensors.putAll(network.along);
        return tensors;
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        SafeTensors.write(folder.resolve(WEIGHTS), weights(), card);
        network.model.config().json().write(folder.resolve("config.json"));
        vocabulary.save(folder);
    }
}
