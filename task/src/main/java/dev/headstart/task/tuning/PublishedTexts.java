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
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
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

/// A published BERT with a head for the labels of one's own texts.
///
/// @param model the network
/// @param tokenizer the file or folder of its tokenizer, which the model's folder gets too
/// @param head pattern of what is new
/// @param maxLength tokens of a text that are looked at
public record PublishedTexts(BertForSequenceClassification model, Path tokenizer, String head, int maxLength) implements HeadedNetwork {

    /// Opens a published BERT and the texts.
    ///
    /// @param weights of any BERT: its head is left, unless there is one and it is of the same labels
    /// @param config its configuration
    /// @param tokenizer a file or folder of its tokenizer
    /// @param maxLength tokens of a text that are looked at
    /// @param dropout another one than the configuration says; negative for the same
    /// @param keepHead refuse a head of other labels
    /// @param randomWeights take its sizes and tokenizer only
    public static FinetuneTask task(Weights weights, Path config, Path tokenizer, LabelledTable texts, int maxLength, double dropout,
            boolean keepHead, boolean randomWeights, RandomStream random) throws IOException {
        BertConfig sizes = BertConfig.read(config);
        Tokenizer known = Tokenizers.open(tokenizer).with(Options.DEFAULT.truncate(Math.min(maxLength, sizes.maxLength())));
        List<String> labels = texts.rows().names();
        if (keepHead && !sizes.labels().equals(labels)) {
            throw new IOException("--keep-head: the network's head is of " + sizes.labels() + ", the texts are of " + labels
                    + ": they must be the same");
        }
        boolean headToo = !randomWeights && sizes.labels().equals(labels) && hasHead(sizes, weights);
        if (keepHead && !headToo) {
            throw new IOException("--keep-head: " + weights.file() + " has no classifier of " + labels + " on a pooler, although "
                    + config.getFileName() + " names these labels: there is no head to keep");
        }
        BertConfig own = (dropout < 0 ? sizes : sizes.withDropout((float) dropout)).withLabels(labels);
        BertForSequenceClassification model = new BertForSequenceClassification(own, random.child("weights"));
        String head = randomWeights ? "classifier.**" : head(sizes, weights);
        String transfer = randomWeights
                ? "random weights: of " + config + " only the sizes were taken"
                : load(model, weights, head, headToo);
        Map<String, Object> facts = new LinkedHashMap<>(texts.facts());
        facts.put("tokens of a text", Math.min(maxLength, sizes.maxLength()));
        facts.put("SHA-256 of " + config.getFileName(), Hashes.sha256(config));
        for (Path file : Tokenizers.files(tokenizer)) {
            facts.put("SHA-256 of " + file.getFileName(), Hashes.sha256(file));
        }
        if (!randomWeights) {
            facts.put("SHA-256 of " + weights.file().getFileName(), Hashes.sha256(weights.file()));
        }
        LabelledTable.Reading reading = new LabelledTable.Reading(text -> known.encode(text).ids(),
                some -> model.bert().forward(TokenBatch.of(some, own.padding())).slice(1, 0, 1),
                own.withLabels(List.of("any", "other")).json().compact());
        return new FinetuneTask(new PublishedTexts(model, tokenizer, head, Math.min(maxLength, sizes.maxLength())), labels,
                texts.sides(labels, reading, random),
                new FinetuneTask.Source(weights.file().toString(), model.architecture(), headToo, transfer,
                        texts.rows().hash(), facts));
    }

    /// Pattern of what is new on these weights: a pooler that they lack, as after learning hidden words only, belongs to the head.
    ///
    /// @param sizes of the network that the weights are of
    public static String head(BertConfig sizes, Weights weights) {
        boolean pooler = sizes.family() != BertConfig.Family.BERT
                || weights.names().stream().anyMatch(name -> name.endsWith("pooler.dense.weight"));
        return pooler ? "classifier.**" : "**.{pooler,classifier}.**";
    }

    /// Whether there is a whole head for the configuration's labels among the weights: a configuration has labels in any case.
    private static boolean hasHead(BertConfig sizes, Weights weights) {
        boolean classifier = weights.names().stream().filter(name -> name.matches("(.*\\.)?classifier\\.(out_proj\\.)?weight"))
                .anyMatch(name -> weights.shape(name).dim(0) == sizes.labels().size());
        return classifier && head(sizes, weights).equals("classifier.**");
    }

    /// The source's head goes on learning; any other is new.
    private static String load(BertForSequenceClassification model, Weights weights, String head, boolean headToo) throws IOException {
        if (headToo) {
            return model.loadEncoder(weights).toString();
        }
        Parameters fresh = model.parameters().select(head);
        Map<String, Tensor> drawn = new LinkedHashMap<>();
        fresh.byName().forEach((name, parameter) -> drawn.put(name, parameter.value().copy()));
        String report = model.loadEncoder(weights).toString();
        drawn.forEach((name, value) -> fresh.get(name).value().copyInPlace(value));
        return report + "\n" + head + ": a new head for these labels";
    }

    @Override
    public Part part() {
        return model;
    }

    @Override
    public Variable classify(Variable features) {
        return model.logits(features);
    }

    @Override
    public String noun() {
        return "texts";
    }

    @Override
    public double usualRate() {
        return usualRate(model.config().width());
    }

    /// The highest rate for all layers of a BERT when none is given: 0.00003 at the width of 768 that it was found for (Devlin et al. 2018), and as
    /// 1 / width² at others, to two digits, at most 0.0005. A rule of thumb: small networks hardly change at the rate of the large one, and of
    /// width 128, 0.0005 worked (docs/benchmarks/ag-news.md).
    public static double usualRate(int width) {
        double scaled = 3e-5 * 768 * 768 / ((double) width * width);
        return Math.min(5e-4, new BigDecimal(scaled).round(new MathContext(2)).doubleValue());
    }

    @Override
    public double usualHeadRate(double rate) {
        return Math.max(rate, 1e-3);
    }

    /// Logits of each sequence, `[sequences, labels]`. Sequences of similar length are computed together.
    ///
    /// @param batch how many together; it changes no bit
    public static Tensor logits(BertForSequenceClassification model, List<int[]> sequences, int batch) {
        return LengthSorted.rows(sequences.size(), sequences.stream().mapToInt(s -> s.length).toArray(), model.config().labels().size(),
                batch, some -> model.forward(TokenBatch.of(Arrays.stream(some).mapToObj(sequences::get).toList(),
                        model.config().padding())));
    }

    @Override
    public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
        Files.createDirectories(folder);
        SafeTensors.write(folder.resolve(ImageModelFolder.WEIGHTS), model.export(), card);
        model.config().json().write(folder.resolve("config.json"));
        Tokenizers.save(tokenizer, folder, maxLength);
    }
}
