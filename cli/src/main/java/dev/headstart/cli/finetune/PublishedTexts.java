package dev.headstart.cli.finetune;

import dev.headstart.autograd.Mode;
import dev.headstart.cli.data.Evaluation;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.Part;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.zoo.BertConfig;
import dev.headstart.zoo.BertForSequenceClassification;
import dev.headstart.zoo.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A published BERT with a new head for the labels of one's own texts.
///
/// @param model the network
/// @param rows token ids with labels
/// @param tokenizer the file or folder of its tokenizer, which the model's folder gets too
/// @param maxLength tokens of a text that are looked at
/// @param transfer what was carried over
/// @param facts what must be the same when a run goes on
public record PublishedTexts(BertForSequenceClassification model, TextRows<int[]> rows, Path tokenizer, int maxLength, String transfer,
        Map<String, Object> facts) implements TextTask {
    private static final int EVALUATION_BATCH = 32;

    /// Opens a published BERT and the texts.
    ///
    /// @param weights of any BERT: its head, if it has one, is left
    /// @param config its configuration
    /// @param tokenizer a file or folder of its tokenizer
    /// @param maxLength tokens of a text that are looked at
    /// @param dropout another one than the configuration says; negative for the same
    /// @param randomWeights take its sizes and tokenizer only
    public static PublishedTexts open(Weights weights, Path config, Path tokenizer, LabelledTable texts, int maxLength, double dropout,
            boolean randomWeights, RandomStream random) throws IOException {
        BertConfig sizes = BertConfig.read(config);
        Tokenizer known = Tokenizers.open(tokenizer).with(Options.DEFAULT.truncate(Math.min(maxLength, sizes.maxLength())));
        TextRows<int[]> rows = texts.rows(random.child("validation"), text -> known.encode(text).ids());
        BertConfig own = (dropout < 0 ? sizes : sizes.withDropout((float) dropout)).withLabels(rows.labels());
        BertForSequenceClassification model = new BertForSequenceClassification(own, random.child("weights"));
        String transfer = randomWeights
                ? "random weights: of " + config + " only the sizes were taken"
                : load(model, weights, sizes.labels().equals(rows.labels()));
        Map<String, Object> facts = new LinkedHashMap<>(texts.facts());
        facts.put("tokens of a text", Math.min(maxLength, sizes.maxLength()));
        facts.put("SHA-256 of " + config.getFileName(), Hashes.sha256(config));
        for (Path file : Tokenizers.files(tokenizer)) {
            facts.put("SHA-256 of " + file.getFileName(), Hashes.sha256(file));
        }
        if (!randomWeights) {
            facts.put("SHA-256 of " + weights.file().getFileName(), Hashes.sha256(weights.file()));
        }
        return new PublishedTexts(model, rows, tokenizer, Math.min(maxLength, sizes.maxLength()), transfer, facts);
    }

    /// A head of the same labels goes on learning; any other is new.
    private static String load(BertForSequenceClassification model, Weights weights, boolean sameLabels) throws IOException {
        if (sameLabels) {
            return model.loadEncoder(weights).toString();
        }
        Map<String, Tensor> head = new LinkedHashMap<>();
        model.parameters().select("classifier.**").byName().forEach((name, parameter) -> head.put(name, parameter.value().copy()));
        String report = model.loadEncoder(weights).toString();
        head.forEach((name, value) -> model.parameters().get(name).value().copyInPlace(value));
        return report + "\nclassifier.**: a new head for these labels";
    }

    @Override
    public Part network() {
        return model;
    }

    @Override
    public String head() {
        return "classifier.**";
    }

    @Override
    public Objective objective() {
        return (examples, random) -> {
            TokenBatch batch = TokenBatch.of(Arrays.stream(examples).mapToObj(rows.trainingTexts()::get).toList(),
                    model.config().padding());
            return model.loss(batch, Indices.of(Arrays.stream(examples).map(i -> rows.training()[i]).toArray()));
        };
    }

    @Override
    public double accuracy() {
        return evaluation().accuracy();
    }

    @Override
    public Evaluation evaluation() {
        return Evaluation.of(rows.labels(), rows.held(), logits(model, rows.heldTexts(), EVALUATION_BATCH).argmax().toArray());
    }

    /// Logits of each sequence, `[sequences, labels]`. Sequences of similar length are computed together.
    ///
    /// @param batch how many together; it changes no bit
    public static Tensor logits(BertForSequenceClassification model, List<int[]> sequences, int batch) {
        int[] order = IntStream.range(0, sequences.size()).boxed().sorted(Comparator.comparingInt(i -> sequences.get(i).length))
                .mapToInt(Integer::intValue).toArray();
        int[] place = new int[order.length];
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < order.length; from += batch) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
            TokenBatch tokens = TokenBatch.of(Arrays.stream(some).mapToObj(sequences::get).toList(), model.config().padding());
            parts.add(Mode.inference(() -> model.forward(tokens).value()));
            for (int i = 0; i < some.length; i++) {
                place[some[i]] = from + i;
            }
        }
        return Tensor.concat(0, parts.toArray(Tensor[]::new)).gatherRows(Indices.of(place));
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        SafeTensors.write(folder.resolve(ImageModelFolder.WEIGHTS), model.export());
        model.config().json().write(folder.resolve("config.json"));
        Tokenizers.save(tokenizer, folder, maxLength);
    }
}
