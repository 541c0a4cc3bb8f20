package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.TaskOptions;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.Compare;
import dev.headstart.task.compare.OpenedTask;
import dev.headstart.task.compare.TuningMode;
import dev.headstart.task.report.Numbers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart compare`: what a pre-trained network's weights are worth on one's own images or texts.
@Command(name = "compare", header = "See what a pre-trained network is worth on your own images or texts.", description = {
    "Trains the same task from pre-trained, shuffled and random weights, with few labels",
    "and several seeds. Of pre-trained weights everything is trained (full), the upper part",
    "(partial), the new head alone (head), the head first and then everything (probe), or",
    "one level more every few steps (gradual). Prints accuracy, the steps needed and what",
    "was gained, and writes report.html and report.json.", "",
    "  headstart compare --from resnet20.th --data train.bin --test test.bin \\",
    "      --group animal=bird,cat,deer,dog,frog,horse \\",
    "      --group vehicle=airplane,automobile,ship,truck \\",
    "      --freeze '{conv1,bn1,layer[1-2]}.**' --out animals",
    "  headstart compare --from bert --data train.csv --test test.csv \\",
    "      --text-column title --label-column topic --modes full,head --out topics", ""})
final class CompareCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", required = true, paramLabel = "FILE", description = "The pre-trained network: a weight file or a folder.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Mixin
    private final TaskOptions examples = new TaskOptions();

    @Option(names = "--test", paramLabel = "PATH",
            description = "Examples to measure accuracy on, of the kind and with the columns of --data.")
    private @Nullable Path test;

    @Option(names = "--test-csv", paramLabel = "FILE", hidden = true, description = "As --test: labelled texts.")
    private @Nullable Path testCsv;

    @Option(names = "--test-limit", paramLabel = "N", description = "N of these only, evenly spread.")
    private @Nullable Integer testLimit;

    @Option(names = "--modes", split = ",", paramLabel = "MODE",
            description = "What is trained: full, partial, head, probe, gradual (default: full,partial,head).")
    private List<TuningMode> modes = List.of();

    @Option(names = "--labels", split = ",", paramLabel = "N",
            description = {"Examples per class to train on (default: 10,50, or as many as the",
                "smallest class has)."})
    private List<Integer> labels = List.of();

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
    private int seeds = 5;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of each run (default: ${DEFAULT-VALUE}).")
    private int steps = 100;

    @Option(names = "--batch", paramLabel = "N", description = "Examples of a step (default: ${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--points", paramLabel = "N", description = "Measurements on the way (default: ${DEFAULT-VALUE}).")
    private int points = 5;

    @Option(names = "--rate", paramLabel = "X",
            description = {"Learning rate of pre-trained weights (default: 0.0003 for images, 0.001 for a",
                "folder that pretrain wrote, for a BERT of width w 0.00003 (768 / w)², at most",
                "0.0005)."})
    private @Nullable Double rate;

    @Option(names = "--head-rate", paramLabel = "X",
            description = "Learning rate of the new head on them (default: 0.003 for images, 0.001 for texts).")
    private @Nullable Double headRate;

    @Option(names = "--random-rate", paramLabel = "X",
            description = {"Learning rate of random and shuffled weights (default: 0.003 for images, 0.001 for",
                "a folder that pretrain wrote, for a BERT 0.0003, or that of --rate where it is higher)."})
    private @Nullable Double randomRate;

    @Option(names = "--freeze", paramLabel = "PATTERN",
            description = {"Parameters that keep their values in partial, such as 'layer[1-2].**'; several",
                "times (default: the lower half of the levels)."})
    private List<String> freeze = List.of();

    @Option(names = "--probe-steps", paramLabel = "N",
            description = "Steps of the head alone in probe (default: a third of the steps).")
    private @Nullable Integer probeSteps;

    @Option(names = "--gradual-every", paramLabel = "N",
            description = {"Steps from one level to the next in gradual (default: as many as bring it to the",
                "last one after half of the steps)."})
    private @Nullable Integer gradualEvery;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for report.html and report.json.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec);
        examples.check(checks);
        checks.atLeast(1, "--seeds", seeds).atLeast(1, "--steps", steps).atLeast(1, "--batch", batch).atLeast(1, "--points", points)
                .rate("--rate", rate == null ? 1 : rate).rate("--head-rate", headRate == null ? 1 : headRate)
                .rate("--random-rate", randomRate == null ? 1 : randomRate)
                .atLeast(1, "--probe-steps", probeSteps == null ? 1 : probeSteps)
                .atLeast(1, "--gradual-every", gradualEvery == null ? 1 : gradualEvery)
                .atLeast(1, "--test-limit", testLimit == null ? 1 : testLimit)
                .must(labels.stream().allMatch(n -> n > 0), "--labels: numbers of at least 1 are needed")
                .must(examples.areImages() ? test != null && testCsv == null : (testCsv == null) != (test == null),
                        "examples to measure on are needed: --test");
        return main.compute(this::compare);
    }

    private TaskOptions.HeldOut heldOut() {
        return examples.areImages()
                ? new TaskOptions.HeldOut(test, null, 0)
                : new TaskOptions.HeldOut(null, testCsv == null ? test : testCsv, 0);
    }

    private void compare() throws IOException {
        long start = System.nanoTime();
        PrintWriter print = spec.commandLine().getOut();
        Compare.Prepared prepared = comparison().prepare();
        OpenedTask task = prepared.task();
        print.println(task.network() + " from " + from);
        print.println("to train on: " + task.training());
        print.println("to measure on: " + task.measured());
        print.flush();
        Compare.Result result = prepared.run();
        print.println();
        result.report().tables().forEach(table -> print.println(TextTable.render(table)));
        print.println(result.headline());
        print.println("Report: " + out.resolve("report.html") + " (" + Numbers.duration((System.nanoTime() - start) * 1e-9) + ")");
        print.flush();
    }

    private Compare comparison() throws IOException {
        Compare all = Compare.of(examples.network(from), examples.examples(heldOut()))
                .modes(modes.toArray(TuningMode[]::new)).seeds(seeds)
                .steps(steps).batch(batch).points(points).freeze(freeze.toArray(String[]::new)).seed(main.seed())
                .listener(Terminal.progress()).saveIn(out).whenOpened(folder -> SavedRecipe.of(spec).write(folder));
        Compare few = labels.isEmpty() ? all : all.labels(labels.stream().mapToInt(Integer::intValue).toArray());
        Compare limited = testLimit == null ? few : few.measuredOn(testLimit);
        Compare probing = probeSteps == null ? limited : limited.probeSteps(probeSteps);
        return rated(gradualEvery == null ? probing : probing.gradualEvery(gradualEvery));
    }

    private Compare rated(Compare all) {
        Compare body = rate == null ? all : all.rate(rate);
        Compare head = headRate == null ? body : body.headRate(headRate);
        return randomRate == null ? head : head.randomRate(randomRate);
    }
}
