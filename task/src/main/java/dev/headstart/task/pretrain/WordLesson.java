package dev.headstart.task.pretrain;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.task.objective.BertPretraining;
import dev.headstart.task.report.Numbers;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.objective.MaskedBatch;
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

/// Hidden tokens are to be guessed, by a BERT from random weights or by a published one, which so gets to know the texts of a task (domain- and
/// task-adaptive pre-training: Gururangan et al. 2020, arXiv 2004.10964). What it saves is a published BERT with its masked-language head.
public final class WordLesson implements TextLesson {
    private static final String WEIGHTS = "model.safetensors";

    private final BertForMaskedLM model;
    private final Map<String, Tensor> along;
    private final WordVocabulary vocabulary;
    private final List<int[]> training;
    private final BertPretraining objective;
    private final BertPretraining heldBack;
    private final String origin;
    private final String from;
    private final Corpus.Provenance provenance;
    private final Map<String, Object> facts;

    private WordLesson(Source source, WordVocabulary vocabulary, Corpus corpus, int length, boolean wholeWords, RandomStream random)
            throws IOException {
        this.model = source.model;
        this.along = source.along;
        this.origin = source.origin;
        this.from = source.from;
        this.provenance = corpus.provenance();
        this.vocabulary = vocabulary;
        Corpus.Held<String> split = Corpus.holdBack(corpus.texts(), "texts", random.child("held back"));
        this.training = sequences(split.training(), length);
        List<int[]> held = sequences(split.heldBack(), length).stream().sorted(Comparator.comparingInt(s -> s.length)).toList();
        if (training.isEmpty() || held.isEmpty()) {
            throw new IOException("pretrain: there is no ordinary token in the texts to learn from, or in those held back");
        }
        BertPretraining.Model masked = BertPretraining.masked(model);
        this.objective = BertPretraining.ofSequences(masked, training, vocabulary.masking(HIDDEN, wholeWords));
        this.heldBack = BertPretraining.ofSequences(masked, held, vocabulary.masking(HIDDEN, wholeWords));
        this.facts = new LinkedHashMap<>(source.facts);
        facts.put("length", length);
        facts.put("hidden", wholeWords ? "whole words" : "tokens");
        facts.putAll(vocabulary.facts());
        facts.putAll(corpus.facts());
    }

    /// Sequences that have something to hide.
    private List<int[]> sequences(List<String> texts, int length) {
        return texts.stream().flatMap(text -> vocabulary.sequences(text, length).stream()).filter(vocabulary::hides).toList();
    }

    /// A model before it learns.
    ///
    /// @param along tensors that masked language modelling does not train, saved as they are: a pooler's
    /// @param origin where its weights come from, in words
    /// @param from the file they come from, in its folder; `random` for none
    private record Source(BertForMaskedLM model, Map<String, Tensor> along, String origin, String from, Map<String, Object> facts) {}

    /// Sizes of a network from random weights.
    ///
    /// @param width length of a token's vector
    /// @param blocks transformer blocks
    /// @param heads attention heads
    /// @param length most tokens of a sequence, the special ones included; longer texts are cut
    /// @param dropout share of values dropped while training
    public record Sizes(int width, int blocks, int heads, int length, double dropout) {
        private BertConfig config(WordVocabulary vocabulary) {
            float drop = (float) dropout;
            int padding = vocabulary.padding();
            boolean roberta = vocabulary.isRoberta();
            TransformerSizes sizes = new TransformerSizes(vocabulary.size(), roberta ? length + padding + 1 : length, width, blocks, heads,
                    4 * width);
            return BertConfig.of(roberta ? BertConfig.Family.ROBERTA : BertConfig.Family.BERT, sizes).withDropout(drop)
                    .withPadding(padding);
        }
    }

    /// A network from random weights: BERT's graph, or RoBERTa's where hidden tokens are `<mask>`.
    ///
    /// @param wholeWords hide words of WordPiece as a whole
    public static WordLesson random(Corpus corpus, WordVocabulary vocabulary, Sizes sizes, boolean wholeWords, RandomStream random)
            throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("width", sizes.width);
        facts.put("blocks", sizes.blocks);
        facts.put("heads", sizes.heads);
        facts.put("dropout", sizes.dropout);
        BertForMaskedLM model = new BertForMaskedLM(sizes.config(vocabulary), random.child("weights"));
        return new WordLesson(new Source(model, Map.of(), "random weights", "random", facts), vocabulary, corpus, sizes.length, wholeWords,
                random);
    }

    /// A published network goes on learning. Its encoder must be complete; a masked-language head is taken where it has one.
    ///
    /// @param from its weights
    /// @param config its configuration
    /// @param length most tokens of a sequence; no more than it has positions for
    /// @param dropout another one than the configuration says; negative for the same
    /// @param wholeWords hide words of WordPiece as a whole
    public static WordLesson continued(Corpus corpus, WordVocabulary vocabulary, Weights from, Path config, int length, double dropout,
            boolean wholeWords, RandomStream random) throws IOException {
        BertConfig read = BertConfig.read(config);
        BertConfig sizes = dropout < 0 ? read : read.withDropout((float) dropout);
        if (vocabulary.size() > sizes.vocabulary()) {
            throw new IOException(from.file() + ": the tokenizer has " + vocabulary.size() + " tokens, the network knows "
                    + sizes.vocabulary() + ": it is the tokenizer of another network");
        }
        BertForMaskedLM model = new BertForMaskedLM(sizes, random.child("weights"));
        String transfer = model.loadEncoder(from).toString();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("SHA-256 of " + config.getFileName(), Hashes.sha256(config));
        facts.put("SHA-256 of " + from.file().getFileName(), Hashes.sha256(from.file()));
        facts.put("dropout", dropout < 0 ? "as before" : dropout);
        Path file = from.file().toAbsolutePath().normalize();
        Path name = file.subpath(Math.max(0, file.getNameCount() - 2), file.getNameCount());
        return new WordLesson(
                new Source(model, pooler(model, from), "from " + from.file() + "\n" + transfer, name.toString(), facts), vocabulary, corpus,
                Math.min(length, sizes.maxLength()), wholeWords, random);
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
    public BertForMaskedLM model() {
        return model;
    }

    @Override
    public Parameters parameters() {
        return model.parameters();
    }

    @Override
    public BertPretraining objective() {
        return objective;
    }

    @Override
    public int[] lengths() {
        return training.stream().mapToInt(s -> s.length).toArray();
    }

    @Override
    public double accuracy(RandomStream random) {
        long right = 0;
        long all = 0;
        for (int from = 0; from < heldBack.examples(); from += EVALUATION_BATCH) {
            int[] some = IntStream.range(from, Math.min(heldBack.examples(), from + EVALUATION_BATCH)).toArray();
            MaskedBatch masked = heldBack.batch(some, random.child(from)).masked();
            Indices guesses = Mode.inference(() -> model.forward(masked.tokens(), masked.positions()).value()).argmax();
            right += IntStream.range(0, guesses.size()).filter(i -> guesses.at(i) == masked.originals().at(i)).count();
            all += guesses.size();
        }
        return (double) right / all;
    }

    @Override
    public String unit() {
        return "tokens";
    }

    @Override
    public String texts() {
        return String.format(Locale.ROOT, "%s sequences, %s tokens, %s different ones known; %s more sequences held back",
                Numbers.count(training.size()),
                Numbers.count(training.stream().mapToLong(t -> t.length).sum()), Numbers.count(vocabulary.size()),
                Numbers.count(heldBack.examples()));
    }

    @Override
    public String network() {
        BertConfig config = model.config();
        return model.architecture() + ", " + Numbers.count(parameters().count()) + " numbers in " + config.layers() + " blocks of width "
                + config.width() + ", " + origin;
    }

    @Override
    public Map<String, Object> facts() {
        return facts;
    }

    @Override
    public String architecture() {
        return model.architecture();
    }

    @Override
    public String source() {
        return from;
    }

    @Override
    public Corpus.Provenance provenance() {
        return provenance;
    }

    @Override
    public Map<String, Tensor> weights() {
        Map<String, Tensor> tensors = new LinkedHashMap<>(model.export());
        tensors.putAll(along);
        return tensors;
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        SafeTensors.write(folder.resolve(WEIGHTS), weights(), card);
        model.config().json().write(folder.resolve("config.json"));
        vocabulary.save(folder);
    }
}
