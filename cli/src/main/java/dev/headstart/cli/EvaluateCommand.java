package dev.headstart.cli;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.TextData;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.images.ImageFolder;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.json.Json;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.task.Evaluate;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.report.Numbers;
import dev.headstart.train.measure.ClassificationScore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
        Pretrained model = Pretrained.open(from, config);
        Evaluate evaluate = Evaluate.with(tokenizer == null ? model : model.withTokenizer(tokenizer)).batch(batch)
                .limit(limit == null ? Integer.MAX_VALUE : limit).resize(resize).maxLength(maxLength);
        if (labelColumn == null) {
            LabelledImages images = ImageData.open(data, labels);
            print(evaluate.of(groups.isEmpty() ? images : ChosenImages.all(images).grouped(groups), data.toString(),
                    images instanceof ImageFolder), "images");
        } else {
            print(evaluate.of(TextData.csv(data, textColumns, labelColumn, !noHeader)), "texts");
        }
    }

    private void print(Evaluate.Outcome found, String noun) {
        PrintWriter out = spec.commandLine().getOut();
        ClassificationScore score = found.score();
        double perSecond = score.examples() / found.seconds();
        if (json) {
            out.println(Json.object().put("architecture", found.architecture()).put("weights", from.toString())
                    .put("data", data.toString())
                    .put(noun, score.examples()).put("accuracy", score.accuracy()).put("topFive", score.topFive()).put("loss", score.loss())
                    .put(noun + "PerSecond", perSecond).build().pretty());
            return;
        }
        out.println(found.architecture() + ", " + found.format());
        out.println(found.examples());
        out.println();
        out.println(TextTable.render(found.evaluation().perClass()));
        out.println(TextTable.render(found.evaluation().confusion()));
        out.println("accuracy " + Numbers.percent(score.accuracy())
                + (found.labels().size() > 10 ? ", top five " + Numbers.percent(score.topFive()) : "")
                + ", cross-entropy " + Numbers.fixed(score.loss(), 4) + " (" + Numbers.significant(perSecond, 3) + " " + noun
                + " a second)");
        out.flush();
    }
}
