package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.Part;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.model.Finite;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.train.measure.LengthSorted;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A published BERT. A pooler that the file lacks, as after masked language modelling alone, belongs to the new head.
///
/// @param weights of any BERT
/// @param config the file of its configuration
/// @param sizes the configuration, perhaps with another dropout
/// @param tokenizer the file or folder of its tokenizer, which the folder of a fine-tuned network gets too
/// @param encoder cuts texts to the length that the network takes
/// @param maxLength tokens of a text that are looked at
public record BertNetworks(Weights weights, Path config, BertConfig sizes, Path tokenizer, Tokenizer encoder, int maxLength)
        implements
            TextNetworks {
    private static final String CLASSIFIER = "classifier.**";

    /// Opens a published BERT.
    ///
    /// @param config its configuration
    /// @param tokenizer a file or folder of its tokenizer
    /// @param maxLength tokens of a text that are looked at
    /// @param dropout another one than the configuration says; negative for the same
    /// @throws IOException when a file cannot be read
    public static BertNetworks open(Weights weights, Path config, Path tokenizer, int maxLength, double dropout) throws IOException {
        BertConfig sizes = BertConfig.read(config);
        int most = Math.min(maxLength, sizes.maxLength());
        return new BertNetworks(weights, config, dropout < 0 ? sizes : sizes.withDropout((float) dropout), tokenizer,
                Tokenizers.demandRows(Tokenizers.open(tokenizer), tokenizer, sizes.vocabulary()).with(Options.DEFAULT.truncate(most)),
                most);
    }

    @Override
    public String name() {
        return weights.file().toString();
    }

    @Override
    public int[] ids(String text) {
        return encoder.encode(text).ids();
    }

    @Override
    public List<String> labels() {
        return sizes.problem() == BertConfig.Problem.SINGLE_LABEL ? sizes.labels() : List.of();
    }

    @Override
    public OptionalInt unknown() {
        return Stream.of("[UNK]", "<unk>").map(encoder::id).filter(OptionalInt::isPresent).findFirst().orElse(OptionalInt.empty());
    }

    @Override
    public Rates usualRates() {
        double rate = usualRate(sizes.width());
        return new Rates(rate, 1e-3, Math.max(rate, 3e-4));
    }

    /// The highest rate for all layers of a BERT when none is given: 0.00003 at the width of 768 that it was found for (Devlin et al. 2018), and as
    /// 1 / width² at others, to two digits, at most 0.0005. A rule of thumb: small networks hardly change at the rate of the large one, and of
    /// width 128, 0.0005 worked (docs/benchmarks/ag-news.md).
    public static double usualRate(int width) {
        double scaled = 3e-5 * 768 * 768 / ((double) width * width);
        return Math.min(5e-4, new BigDecimal(scaled).round(new MathContext(2)).doubleValue());
    }

    @Override
    public Map<String, Object> facts(Initialization initialization) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tokens of a text", maxLength);
        facts.put("SHA-256 of " + config.getFileName(), Hashes.sha256(config));
        for (Path file : Tokenizers.files(tokenizer)) {
            facts.put("SHA-256 of " + file.getFileName(), Hashes.sha256(file));
        }
        if (initialization != Initialization.RANDOM) {
            facts.put("SHA-256 of " + weights.file().getFileName(), Hashes.sha256(weights.file()));
        }
        return facts;
    }

    @Override
    public Loaded<List<int[]>> build(List<String> labels, Initialization initialization, HeadChoice head, Streams random)
            throws IOException {
        boolean fromFile = initialization != Initialization.RANDOM;
        boolean headToo = fromFile && head != HeadChoice.NEW && labels().equals(labels) && hasHead();
        if (head == HeadChoice.KEPT && !headToo) {
            throw noHead(labels);
        }
        BertForSequenceClassification model = new BertForSequenceClassification(
                sizes.withLabels(labels).withProblem(BertConfig.Problem.SINGLE_LABEL), random.weights());
        // without weights there is no pooler to miss; comparisons train the same parameters from every initialization
        String pattern = fromFile || head == HeadChoice.NEW ? head() : wholeHead();
        String transfer = fromFile ? load(model, pattern, headToo) : "random weights: of " + config + " only the sizes were taken";
        Finite.weights(name(), model.parameters());
        if (initialization == Initialization.SHUFFLED) {
            HeadStart.shuffled(model.parameters().without(pattern), random.shuffle());
        }
        return new Loaded<>(new Network(model, pattern, this), headToo, transfer);
    }

    private SettingException noHead(List<String> labels) {
        if (sizes.problem() != BertConfig.Problem.SINGLE_LABEL) {
            return new SettingException(Setting.KEEP_HEAD, "the head of " + weights.file() + " is for " + sizes.problem().type()
                    + ", not for one label of several: there is no head to keep");
        }
        return new SettingException(Setting.KEEP_HEAD, sizes.labels().equals(labels)
                ? weights.file() + " has no classifier of " + labels + " on a pooler, although " + config.getFileName()
                        + " names these labels: there is no head to keep"
                : "the network's head is of " + sizes.labels() + ", the texts are of " + labels
                        + ": the head must know each of them");
    }

    /// Pattern of what is new on these weights.
    private String head() {
        boolean pooler = sizes.family() != BertConfig.Family.BERT
                || weights.names().stream().anyMatch(name -> name.endsWith("pooler.dense.weight"));
        return pooler ? wholeHead() : "**.{pooler,classifier}.**";
    }

    private String wholeHead() {
        return sizes.family() == BertConfig.Family.DISTILBERT ? "{pre_classifier,classifier}.**" : CLASSIFIER;
    }

    /// Whether there is a whole head for the configuration's labels among the weights: a configuration has labels in any case.
    private boolean hasHead() {
        boolean classifier = weights.names().stream().filter(name -> name.matches("(.*\\.)?classifier\\.(out_proj\\.)?weight"))
                .anyMatch(name -> weights.shape(name).dim(0) == sizes.labels().size());
        return classifier && head().equals(wholeHead());
    }

    /// Loads the weights, those of the head where it is kept: otherwise the head stays as it was initialised.
    private String load(BertForSequenceClassification model, String head, boolean headToo) throws IOException {
        if (headToo) {
            return model.loadEncoder(weights) + "\n" + head + ": the head of these labels, which the file has";
        }
        Parameters fresh = model.parameters().select(head);
        Map<String, Tensor> initial = new LinkedHashMap<>();
        fresh.byName().forEach((name, parameter) -> initial.put(name, parameter.value().copy()));
        String report = model.loadEncoder(weights).toString();
        initial.forEach((name, value) -> fresh.get(name).value().copyInPlace(value));
        return report + "\n" + head + ": a new head for these labels";
    }

    /// Logits of sequences, `[sequences, labels]`.
    ///
    /// @param batch how many together; it changes no bit
    public static Tensor logits(BertForSequenceClassification model, List<int[]> sequences, int batch) {
        return LengthSorted.rows(sequences.size(), sequences.stream().mapToInt(ids -> ids.length).toArray(), model.config().labels().size(),
                batch, some -> model.forward(TokenBatch.of(Arrays.stream(some).mapToObj(sequences::get).toList(),
                        model.config().padding())));
    }

    private record Network(BertForSequenceClassification model, String head, BertNetworks by) implements HeadedNetwork<List<int[]>> {
        @Override
        public Part part() {
            return model;
        }

        @Override
        public String architecture() {
            return model.architecture();
        }

        /// The first token's vectors, `[examples, 1, width]`.
        @Override
        public Variable features(List<int[]> batch) {
            return model.bert().forward(TokenBatch.of(batch, model.config().padding())).slice(1, 0, 1);
        }

        /// The mean of each text's tokens, padding left out.
        @Override
        public Variable vectors(List<int[]> batch) {
            TokenBatch tokens = TokenBatch.of(batch, model.config().padding());
            Variable x = model.bert().forward(tokens); // [examples, time, width]
            Tensor kept = tokens.kept();
            if (kept == null) {
                return x.mean(1);
            }
            Tensor share = kept.dividedBy(kept.sum(1).reshape(tokens.size(), 1));
            return Variable.of(share.reshape(tokens.size(), 1, tokens.time())).matmul(x).reshape(tokens.size(), model.config().width());
        }

        @Override
        public Variable classify(Variable features) {
            return model.logits(features);
        }

        @Override
        public String noun() {
            return by.noun();
        }

        @Override
        public double usualRate() {
            return BertNetworks.usualRate(model.config().width());
        }

        @Override
        public double usualHeadRate(double rate) {
            return Math.max(rate, 1e-3);
        }

        @Override
        public String reading() {
            return model.config().withLabels(List.of("any", "other")).json().compact();
        }

        @Override
        public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
            Files.createDirectories(folder);
            SafeTensors.write(folder.resolve(ImageModelFolder.WEIGHTS), model.export(), card);
            model.config().json().write(folder.resolve("config.json"));
            Tokenizers.save(by.tokenizer, folder, by.maxLength);
        }
    }
}
