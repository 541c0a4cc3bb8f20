package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.TaskOptions;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.io.json.Json;
import dev.headstart.task.Probe;
import dev.headstart.task.compare.FeatureScores;
import dev.headstart.task.compare.OpenedTask;
import dev.headstart.task.compare.TaskFeatures;
import dev.headstart.task.report.Numbers;
import dev.headstart.train.measure.DomainGap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart probe`: what a network's features already tell of a task.
@Command(name = "probe", header = "See what a network's features already tell of your labels, without fine-tuning.", description = {
    "Runs the network over the examples once. A linear probe (Alain and Bengio 2016) and the",
    "nearest neighbours are fitted to some, and measured on others; LogME (You et al. 2021)",
    "scores all. Of BERT, the features are the mean of the tokens' vectors.", "",
    "  headstart probe --from resnet18.safetensors --data pictures",
    "  headstart probe --from bert --data news.csv --text-column title \\",
    "      --label-column topic", ""})
final class ProbeCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", required = true, paramLabel = "PATH", description = "The pre-trained network: a weight file or a folder.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Mixin
    private final TaskOptions examples = new TaskOptions();

    @Option(names = "--validation", paramLabel = "X",
            description = "Share of each label's examples to measure on (default: ${DEFAULT-VALUE}).")
    private double validation = 0.25;

    @Option(names = "--test", paramLabel = "PATH",
            description = "Instead: examples to measure on, of the kind and with the columns of --data.")
    private @Nullable Path test;

    @Option(names = "--validation-data", paramLabel = "PATH", hidden = true, description = "As --test: images to measure on.")
    private @Nullable Path validationData;

    @Option(names = "--validation-csv", paramLabel = "FILE", hidden = true, description = "As --test: texts to measure on.")
    private @Nullable Path validationCsv;

    @Option(names = "--per-class", paramLabel = "N",
            description = "Examples of each class to look at, at most; a quarter of them to measure on\n(default: ${DEFAULT-VALUE}).")
    private int perClass = 400;

    @Option(names = "--neighbours", paramLabel = "K", description = "How many neighbours vote (default: ${DEFAULT-VALUE}).")
    private int neighbours = 5;

    @Option(names = "--source-data", paramLabel = "PATH",
            description = "What the network was pre-trained on, images or lines of text: says how far\nthe examples lie from it.")
    private @Nullable Path sourceData;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec);
        examples.check(checks);
        checks.atLeast(4, "--per-class", perClass).atLeast(1, "--neighbours", neighbours)
                .must(validation > 0 && validation < 1, "--validation is " + validation + ": it must be above 0 and below 1")
                .must(examples.areImages() ? validationCsv == null : validationData == null,
                        "--validation-data is for images, --validation-csv for texts")
                .must(test == null || (validationCsv == null && validationData == null), "--test is given twice, by an older name too");
        return main.compute(this::probe);
    }

    private void probe() throws IOException {
        Probe probe = Probe.of(examples.network(from),
                examples.examples(new TaskOptions.HeldOut(validationData == null && examples.areImages() ? test : validationData,
                        validationCsv == null && !examples.areImages() ? test : validationCsv, validation)))
                .perClass(perClass).neighbours(neighbours).seed(main.seed()).listener(Terminal.progress());
        Probe.Result found = (sourceData == null ? probe : probe.source(sourceData, TaskOptions::unlabelled)).run();
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            print.println(json(found).compact());
        } else {
            tell(print, found);
        }
        print.flush();
    }

    private void tell(PrintWriter print, Probe.Result found) {
        OpenedTask opened = found.task();
        TaskFeatures<?> features = found.features();
        FeatureScores scores = found.scores();
        print.println(opened.network() + " from " + from);
        print.println(String.format(Locale.ROOT, "%d features of each of %,d %s to train on and %,d to measure on, of %d classes",
                features.rows().dim(1),
                features.training().length, opened.task().noun(), features.test().length, opened.task().labels().size()));
        print.println();
        print.println(TextTable.render(scores.probe().perClass()));
        print.println(TextTable.render(scores.probe().confusion()));
        print.println(String.format(Locale.ROOT, "A linear probe gets %s of the held-out %s right, %d neighbours %s; LogME %s.",
                Numbers.percent(scores.probe().accuracy()), opened.task().noun(), neighbours,
                Numbers.percent(scores.neighbours().accuracy()), TaskFeatures.score(scores.logMe())));
        found.gap().ifPresent(gap -> TaskFeatures.sentences(gap, opened.task()).forEach(print::println));
    }

    private static Json.Obj json(Probe.Result result) {
        OpenedTask opened = result.task();
        TaskFeatures<?> features = result.features();
        FeatureScores scores = result.scores();
        Json.Builder found = Json.object().put("network", opened.network()).put("features", features.rows().dim(1))
                .put(opened.task().noun(), features.training().length).put("heldBack", features.test().length)
                .put("linearProbe", scores.probe().accuracy()).put("neighbours", scores.neighbours().accuracy())
                .put("logMe", Json.numberOrNull(scores.logMe())).put("labels", Json.strings(opened.task().labels()))
                .put("confusion", scores.probe().json());
        if (result.gap().isPresent()) {
            DomainGap gap = result.gap().get();
            found.put("gap", Json.object().put("frechet", Json.numberOrNull(gap.frechet()))
                    .put("maximumMeanDiscrepancy", Json.numberOrNull(gap.maximumMeanDiscrepancy()))
                    .put("proxyA", Json.numberOrNull(gap.proxyA())).put("unknownRate", opened.task().unknownRate()).build());
        }
        return found.build();
    }
}
