package dev.headstart.cli;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.TextData;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.PublishedModel;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.images.ImageFolder;
import dev.headstart.io.json.Json;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.tuning.PublishedTexts;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.ClassificationScore;
import dev.headstart.train.objective.ImageClassification;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart evaluate`: how good a published network is on labelled images or texts.
@Command(name = "evaluate", header = "Measure a published network on labelled images or texts.", description = {
    "Tells the network by the weight file, prepares the examples as its weights expect, and",
    "prints accuracy and mean cross-entropy. Weights: safetensors, PyTorch, Keras, NumPy.",
    "Images: IDX (with its labels beside it), CIFAR binary, a folder with a folder of",
    "pictures for each class, or CSV rows of a label and bytes; gzip is read through.",
    "Texts: a CSV file, with --text-column and --label-column.", "",
    "  headstart evaluate --from resnet20.th --data test_batch.bin", ""})
final class EvaluateCommand implements Callable<Integer> {
    private static final int DEFAULT_LENGTH = 128;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", required = true, paramLabel = "FILE", description = "Weight file, or a folder that finetune wrote.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Option(names = "--config", paramLabel = "FILE",
            description = "The network's configuration, where the weights do not tell it: the JSON of Keras.")
    private @Nullable Path config;

    @Option(names = "--data", required = true, paramLabel = "PATH", description = "Images with labels: a file or a folder.")
    @SuppressWarnings("NullAway.Init") // required
    private Path data;

    @Option(names = "--labels", paramLabel = "FILE", description = "IDX file of the labels, where it is not found beside the images.")
    private @Nullable Path labels;

    @Option(names = "--text-column", paramLabel = "COLUMN",
            description = {"Column of the texts, where the data is a CSV file of texts for a BERT with a",
                "head for labels. Several are joined by a space."})
    private List<String> textColumns = List.of();

    @Option(names = "--label-column", paramLabel = "COLUMN", description = "Column of their labels.")
    private @Nullable String labelColumn;

    @Option(names = "--no-header", description = "The first row of the CSV file is data; columns are given by number.")
    private boolean noHeader;

    @Option(names = "--tokenizer", paramLabel = "PATH", description = "Tokenizer for the texts (default: the folder of the weights).")
    private @Nullable Path tokenizer;

    @Option(names = "--max-length", paramLabel = "N",
            description = "Tokens of a text that are looked at (default: as in fine-tuning, or 128).")
    private @Nullable Integer maxLength;

    @Option(names = "--limit", paramLabel = "N", description = "Only N of the images or texts, evenly spread.")
    private @Nullable Integer limit;

    @Option(names = "--group", paramLabel = "NAME=CLASS,…",
            description = "A class of the network made of classes of the data; several times.")
    private List<String> groups = List.of();

    @Option(names = "--resize", paramLabel = "N",
            description = "Shorter side to resize images to, before a square of it is cut out (default: as the weights expect).")
    private @Nullable Integer resize;

    @Option(names = "--batch", paramLabel = "N",
            description = "Images or texts computed together; it changes no bit (default: ${DEFAULT-VALUE}).")
    private int batch = 64;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        new Checks(spec).must(labelColumn == null == textColumns.isEmpty(), "--text-column and --label-column go together")
                .must(labelColumn == null || (labels == null && resize == null && groups.isEmpty()),
                        "--labels, --resize and --group are for images, --label-column is for texts")
                .must(labelColumn != null || tokenizer == null, "--tokenizer is for texts: give --text-column and --label-column")
                .atLeast(8, "--resize", resize == null ? 8 : resize)
                .atLeast(2, "--max-length", maxLength == null ? 2 : maxLength).atLeast(1, "--batch", batch)
                .atLeast(1, "--limit", limit == null ? 1 : limit);
        return main.compute(this::evaluate);
    }

    private void evaluate() throws IOException {
        PublishedModel model = PublishedModel.open(from, config);
        if (labelColumn == null) {
            images(model);
        } else {
            texts(model, labelColumn);
        }
    }

    private void texts(PublishedModel model, String column) throws IOException {
        if (!(model.load() instanceof BertForSequenceClassification network)) {
            throw new IOException(
                    from + ": " + model.architecture().name() + " does not label texts: a BERT with a head for labels is needed");
        }
        LabelledTexts rows = TextData.csv(data, textColumns, column, !noHeader);
        List<String> names = network.config().labels();
        int[] some = ChosenImages.spread(rows.texts().size(), limit == null ? Integer.MAX_VALUE : limit);
        int count = some.length;
        int looked = maxLength != null ? maxLength : Tokenizers.maxLength(model.folder()).orElse(DEFAULT_LENGTH);
        Tokenizer known = Tokenizers.open(tokenizer != null ? tokenizer : model.folder())
                .with(Options.DEFAULT.truncate(Math.min(looked, network.config().maxLength())));
        List<int[]> sequences = Arrays.stream(some).mapToObj(i -> known.encode(rows.texts().get(i)).ids()).toList();
        int[] numbers = rows.numbers(names);
        int[] right = Arrays.stream(some).map(i -> numbers[i]).toArray();
        long start = System.nanoTime();
        Tensor logits = PublishedTexts.logits(network, sequences, batch);
        double seconds = (System.nanoTime() - start) * 1e-9;
        ClassificationScore.Tally tally = new ClassificationScore.Tally(names);
        tally.add(logits, right);
        print(model, data + ": " + Numbers.count(count) + " texts", "texts", tally.score(), names, seconds);
    }

    private void images(PublishedModel model) throws IOException {
        ChosenImages images = ChosenImages.all(ImageData.open(data, labels));
        images = groups.isEmpty() ? images : images.grouped(groups);
        Optional<List<String>> known = model.classNames();
        images = known.isPresent() ? images.under(known.get()) : images;
        images = limit == null ? images : images.spread(limit);
        if (images.size() == 0) {
            throw new IOException(data + ": there are no images in it");
        }
        PublishedModel.ImageNetwork network = model.images(resize);
        int classes = network.classes().orElse(images.classNames().size());
        if (images.all() instanceof ImageFolder && images.classNames().size() != classes) {
            throw new IOException(data + ": it has folders of " + images.classNames().size() + " classes, the network tells " + classes
                    + " apart, and nothing says which is which: name folders for all of them");
        }
        long start = System.nanoTime();
        ClassificationScore score = new ImageClassification(network.logits(), images, network.preprocessing(), CrossEntropy.PLAIN)
                .score(batch);
        double seconds = (System.nanoTime() - start) * 1e-9;
        print(model, images.toString(), "images", score, names(images.classNames(), score.confusion().length), seconds);
    }

    private void print(PublishedModel model, String examples, String noun, ClassificationScore score, List<String> names, double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.object().put("architecture", model.architecture().name()).put("weights", from.toString())
                    .put("data", data.toString())
                    .put(noun, score.examples()).put("accuracy", score.accuracy()).put("topFive", score.topFive()).put("loss", score.loss())
                    .put(noun + "PerSecond", score.examples() / seconds).build().pretty());
            return;
        }
        Evaluation evaluation = new Evaluation(names, score.confusion());
        out.println(model.architecture().name() + ", " + model.weights().format());
        out.println(examples);
        out.println();
        out.println(TextTable.render(evaluation.perClass()));
        out.println(TextTable.render(evaluation.confusion()));
        out.println("accuracy " + Numbers.percent(score.accuracy())
                + (names.size() > 10 ? ", top five " + Numbers.percent(score.topFive()) : "")
                + ", cross-entropy " + Numbers.fixed(score.loss(), 4) + " (" + Numbers.significant(score.examples() / seconds, 3) + " "
                + noun
                + " a second)");
        out.flush();
    }

    /// The names of the network's classes: numbers where the data has none.
    private static List<String> names(List<String> known, int classes) {
        return IntStream.range(0, classes).mapToObj(c -> c < known.size() ? known.get(c) : String.valueOf(c)).toList();
    }
}
