package dev.headstart.cli;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.ColumnOptions;
import dev.headstart.cli.options.GroupOption;
import dev.headstart.cli.options.LengthOption;
import dev.headstart.cli.options.NetworkOptions;
import dev.headstart.cli.options.ResizeOption;
import dev.headstart.cli.terminal.Notes;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.images.ImageFolder;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.json.Json;
import dev.headstart.task.Evaluate;
import dev.headstart.task.report.Numbers;
import dev.headstart.train.measure.ClassificationScore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart evaluate`: how good a published network is on labelled images or texts.
@Command(name = "evaluate", header = "Measure a published network on labelled images or texts.", description = {
    "Recognises the network by its weight file, prepares the examples as the weights",
    "expect, and prints accuracy and mean cross-entropy. Weights: safetensors, PyTorch,",
    "Keras, NumPy.",
    "Images: IDX (with its labels beside it), CIFAR binary, a folder with a folder of",
    "pictures for each class, or CSV rows of a label and bytes; gzip is read through.",
    "Texts: a CSV file, with --text-column and --label-column.", "",
    "  headstart evaluate --from resnet20.th --data test_batch.bin", ""})
final class EvaluateCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", required = true, paramLabel = "FILE", description = "Weight file, or a folder that finetune wrote.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Option(names = {"--data", "--csv"}, required = true, paramLabel = "PATH",
            description = "Images with labels, a file or a folder, or a table of\ntexts.")
    @SuppressWarnings("NullAway.Init") // required
    private Path data;

    @Option(names = "--labels", paramLabel = "FILE", description = "IDX file of the labels, where it is not found beside the images.")
    private @Nullable Path labels;

    @Mixin
    private final ColumnOptions columns = new ColumnOptions();

    @Mixin
    private final LengthOption length = new LengthOption();

    @Option(names = "--limit", paramLabel = "N", description = "Only N of the images or texts, evenly spread.")
    private @Nullable Integer limit;

    @Mixin
    private final GroupOption groups = new GroupOption();

    @Mixin
    private final ResizeOption resize = new ResizeOption();

    @Option(names = "--batch", paramLabel = "N",
            description = "Images or texts computed together; it changes no bit (default: ${DEFAULT-VALUE}).")
    private int batch = 64;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec)
                .must(!columns.givesTexts() || columns.complete(), "--text-column needs --label-column")
                .must(!columns.givesTexts() || (labels == null && resize.given() == null && groups.given().isEmpty()),
                        "--labels, --resize and --group are for images, --text-column is for texts")
                .must(columns.givesTexts() || !network.givesTokenizer(), "--tokenizer is for texts: give --text-column and --label-column")
                .atLeast(1, "--batch", batch).atLeast(1, "--limit", limit == null ? 1 : limit);
        resize.check(checks);
        length.check(checks);
        return main.compute(this::evaluate);
    }

    private void evaluate() throws IOException {
        Evaluate evaluate = Evaluate.with(network.open(from)).batch(batch).limit(limit == null ? Integer.MAX_VALUE : limit)
                .resize(resize.given()).maxLength(length.given());
        if (columns.givesTexts()) {
            print(evaluate.of(columns.table().rows(data)), "texts");
        } else {
            LabelledImages images = ImageData.open(data, labels, columns.label());
            print(evaluate.of(groups.of(images), data.toString(), images instanceof ImageFolder), "images");
        }
    }

    private void print(Evaluate.Outcome found, String noun) {
        PrintWriter out = spec.commandLine().getOut();
        Notes.say(found.notes());
        ClassificationScore score = found.score();
        double perSecond = score.examples() / found.seconds();
        if (json) {
            out.println(Json.object().put("architecture", found.architecture()).put("weights", from.toString())
                    .put("data", data.toString())
                    .put(noun, score.examples()).put("accuracy", score.accuracy()).put("topFive", score.topFive()).put("loss", score.loss())
                    .put("balancedAccuracy", found.evaluation().balancedAccuracy()).put("macroF1", found.evaluation().macroF1())
                    .put(noun + "PerSecond", perSecond).build().pretty());
            return;
        }
        out.println(found.architecture() + ", " + found.format());
        out.println(found.examples());
        out.println();
        out.println(TextTable.render(found.evaluation().perClass()));
        out.println(TextTable.render(found.evaluation().confusion()));
        out.println(found.evaluation().baseline());
        out.println("accuracy " + Numbers.percent(score.accuracy())
                + (found.labels().size() > 10 ? ", top five " + Numbers.percent(score.topFive()) : "")
                + ", cross-entropy " + Numbers.fixed(score.loss(), 4) + " (" + Numbers.significant(perSecond, 3) + " " + noun
                + " a second)");
        out.flush();
    }
}
