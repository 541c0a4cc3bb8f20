package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.ExampleOptions;
import dev.headstart.cli.options.OptionNames;
import dev.headstart.cli.options.TuningOptions;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.cli.terminal.Notes;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.FineTune;
import dev.headstart.task.StoppedException;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.RunReport;
import dev.headstart.task.report.Table;
import dev.headstart.task.tuning.CrossValidation;
import dev.headstart.task.tuning.TuningSettings;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.tuning.RateFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart finetune`: a pre-trained network learns the user's own labels.
@Command(name = "finetune", header = "Fine-tune a pre-trained network on your own labelled texts or images.", description = {
    "Gives a pre-trained network a new head, freezes what you say, trains on a table of",
    "texts or on labelled images, keeps the weights that did best on held-out",
    "examples, and says how good they are. The network is a folder that pretrain or",
    "finetune wrote, or a published weight file: BERT for texts; ResNet, VGG and others",
    "for images. Writes a model folder, with report.html, metrics.jsonl and checkpoints.",
    "Run again with the same settings, it resumes where it stopped. What it would take,",
    "headstart plan says beforehand.", "",
    "  headstart finetune --from model --data news.csv --text-column title \\",
    "      --label-column topic --freeze 'encoder.block.[0-1].**' --out classifier",
    "  headstart finetune --from bert/model.safetensors --config bert/config.json \\",
    "      --data news.csv --text-column title --label-column topic --out classifier",
    "  headstart finetune --from resnet50.safetensors --data pictures \\",
    "      --freeze 'layer[1-3].**' --out classifier", ""})
final class FinetuneCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ExampleOptions examples = new ExampleOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the classifier.")
    private @Nullable Path out;

    @Mixin
    private final TuningOptions tuning = new TuningOptions();

    @Option(names = "--folds", paramLabel = "K", description = {
        "Instead: cross-validation. Trains K times, each time without another part of the",
        "examples, says how good it is on those, and saves nothing."})
    private @Nullable Integer folds;

    @Option(names = "--find-rate", description = {
        "Instead: a hundred steps of rising learning rate, what becomes of the loss, and a",
        "suggestion for --rate and --head-rate, in the proportion they have. Saves nothing."})
    private boolean findRate;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec).atLeast(1, "--checkpoint-every", checkpointEvery);
        examples.check(checks);
        tuning.check(checks, examples);
        checks.atLeast(2, "--folds", folds == null ? 2 : folds)
                .must(folds == null || !findRate, "--folds and --find-rate exclude each other")
                .must(folds == null || !examples.measuresOthers(),
                        "--folds holds parts of the examples back: --test is not for it")
                .must(folds == null || !examples.remembers() || tuning.remembers(),
                        "--folds does not say what was forgotten: --old-data has no effect there without --ewc or --rehearse")
                .must((out == null) == (folds != null || findRate),
                        out == null
                                ? "--out is missing: a folder for the classifier"
                                : "--folds and --find-rate save nothing: leave --out away");
        for (String option : List.of("--patience", "--restart", "--checkpoint-every")) {
            checks.must(folds == null || !spec.commandLine().getParseResult().hasMatchedOption(option),
                    option + " has no effect with --folds, which learns to the last step and saves nothing");
        }
        return main.compute(() -> run(spec.commandLine().getOut()));
    }

    private void run(PrintWriter print) throws IOException {
        Progress progress = Terminal.progress();
        FineTune fineTune = tuning.applied(examples.open(), examples).seed(main.seed()).listener(progress);
        if (out != null) {
            train(fineTune.saveIn(out).checkpointEvery(checkpointEvery).restart(restart).whenOpened(this::opened), out, print);
            return;
        }
        FineTune.Prepared prepared = fineTune.prepare();
        Notes.say(prepared.notes());
        print.println(prepared.task().noun() + ": " + prepared.task().examples());
        if (folds != null) {
            prepared.foldLeaks().forEach(print::println);
            print(prepared.crossValidate(folds), print);
        } else {
            prepared.leaks().forEach(print::println);
            print(prepared.rates(), prepared.headAlone(), prepared.settings().rates(), print);
        }
    }

    private static void print(CrossValidation found, PrintWriter print) {
        Table table = new Table("").left("fold").right("examples").right("accuracy");
        int count = found.folds().size();
        for (int fold = 0; fold < count; fold++) {
            Evaluation evaluation = found.folds().get(fold);
            table.row(String.valueOf(fold + 1), evaluation.count(), Numbers.percent(evaluation.accuracy()));
        }
        print.println(TextTable.render(table));
        print.println(String.format(Locale.ROOT, "Accuracy over %d folds: mean %s, standard deviation %s", count,
                Numbers.percent(found.mean()), Numbers.percent(found.deviation())));
        print.flush();
    }

    private static void print(RateFinder found, boolean headAlone, TuningSettings.Rates usual, PrintWriter print) {
        Table table = new Table("").right("rate").right("loss").right("smoothed");
        int size = found.curve().size();
        IntStream.range(0, size).filter(i -> i % 5 == 0 || i == size - 1).mapToObj(found.curve()::get)
                .forEach(p -> table.row(Numbers.significant(p.rate(), 3), Numbers.fixed(p.loss(), 4), Numbers.fixed(p.smoothed(), 4)));
        print.println(TextTable.render(table));
        print.println(Double.isNaN(found.suggestion())
                ? "The loss never falls: there is no rate to suggest."
                : "The loss falls fastest at " + (headAlone ? "--head-rate " : "--rate ") + Numbers.significant(found.suggestion(), 2)
                        + (headAlone
                                ? ""
                                : " with --head-rate " + Numbers.significant(found.suggestion() * usual.head() / usual.body(), 2))
                        + ". That says what does not diverge, not what generalises.");
        print.flush();
    }

    private void opened(Path folder) throws IOException {
        SavedRecipe.of(spec).write(folder);
        main.stopRequest(); // from now on Ctrl-C is a request
    }

    private static FineTune.Result result(FineTune.Prepared prepared) throws IOException {
        try {
            return prepared.run();
        } catch (StoppedException e) {
            throw StopRequest.stopped(e, "finetune");
        }
    }

    private void train(FineTune fineTune, Path folder, PrintWriter print) throws IOException {
        long start = System.nanoTime();
        FineTune.Prepared prepared = fineTune.stopWhen(() -> main.stopRequest().getAsBoolean()).prepare();
        Notes.say(prepared.notes());
        print.println(prepared.task().noun() + ": " + prepared.task().examples());
        prepared.leaks().forEach(print::println);
        ModelSummary summary = prepared.summary();
        print.println(prepared.task().source().transfer());
        print.println();
        print.println(TextTable.render(RunReport.summary(summary)));
        print.println(prepared.economy(OptionNames::of));
        Stream.of(prepared.late()).filter(late -> !late.isEmpty()).forEach(print::println);
        print.flush();
        FineTune.Result result = result(prepared);
        print.println(TextTable.render(result.findings().evaluation().perClass()));
        print.println(TextTable.render(result.findings().evaluation().confusion()));
        result.findings().sentences().forEach(print::println);
        result.training().divergence()
                .ifPresent(said -> Notes.say(List.of(said + ": lower --rate, for one to what --find-rate says")));
        print.println(result.headline());
        print.println("Model: " + folder + ", report: " + folder.resolve("report.html") + " ("
                + Numbers.duration((System.nanoTime() - start) * 1e-9) + ")");
        print.flush();
    }
}
