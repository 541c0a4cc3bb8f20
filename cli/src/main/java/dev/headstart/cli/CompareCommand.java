package dev.headstart.cli;

import dev.headstart.cli.compare.Comparison;
import dev.headstart.cli.compare.ComparisonReport;
import dev.headstart.cli.compare.ImageTask;
import dev.headstart.cli.compare.Learning;
import dev.headstart.cli.compare.Outcomes;
import dev.headstart.cli.compare.Plan;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.cli.data.ImageData;
import dev.headstart.io.Hashes;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.TextTable;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart compare`: what a published network's weights are worth on one's own images.
@Command(name = "compare", header = "See what a pre-trained network is worth on your own images.", description = {
    "Learns the same task from pre-trained, shuffled and random weights, with few labels",
    "and several seeds. Of pre-trained weights everything learns (full), the upper part",
    "(partial), the new head alone (head), the head first and then everything (probe), or",
    "one level more every few steps (gradual). Prints accuracy, the steps needed and what",
    "was gained, and writes report.html and report.json.", "",
    "  headstart compare --from resnet20.th --data train.bin --test test.bin \\",
    "      --group animal=bird,cat,deer,dog,frog,horse \\",
    "      --group vehicle=airplane,automobile,ship,truck \\",
    "      --freeze 'conv1.**' --freeze 'bn1.**' --freeze 'layer[1-2].**' --out animals", ""})
final class CompareCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", required = true, paramLabel = "FILE", description = "Weight file of an image classifier.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Option(names = "--config", paramLabel = "FILE", description = "Its configuration, where the weights do not tell it.")
    private @Nullable Path config;

    @Option(names = "--data", required = true, paramLabel = "PATH", description = "Labelled images to learn a few of.")
    @SuppressWarnings("NullAway.Init") // required
    private Path data;

    @Option(names = "--test", required = true, paramLabel = "PATH", description = "Labelled images to measure accuracy on.")
    @SuppressWarnings("NullAway.Init") // required
    private Path test;

    @Option(names = "--test-limit", paramLabel = "N", description = "N of these only, evenly spread.")
    private @Nullable Integer testLimit;

    @Option(names = "--group", paramLabel = "NAME=CLASS,…",
            description = {"A class of the new task, made of classes of the data; several times.",
                "Without, the task is the data's own."})
    private List<String> groups = List.of();

    @Option(names = "--resize", paramLabel = "N", description = "Shorter side to resize images to, before a square of it is cut out.")
    private @Nullable Integer resize;

    @Option(names = "--modes", split = ",", paramLabel = "MODE",
            description = "What learns: full, partial, head, probe, gradual (default: full,partial,head).")
    private List<Learning> modes = List.of(Learning.FULL, Learning.PARTIAL, Learning.HEAD);

    @Option(names = "--labels", split = ",", paramLabel = "N", description = "Images per class to learn from (default: 10,50).")
    private List<Integer> labels = List.of(10, 50);

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
    private int seeds = 5;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of each run (default: ${DEFAULT-VALUE}).")
    private int steps = 100;

    @Option(names = "--batch", paramLabel = "N", description = "Images of a step (default: ${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--points", paramLabel = "N", description = "Measurements on the way (default: ${DEFAULT-VALUE}).")
    private int points = 5;

    @Option(names = "--rate", paramLabel = "X", description = "Learning rate of pre-trained weights (default: ${DEFAULT-VALUE}).")
    private double rate = 3e-4;

    @Option(names = "--head-rate", paramLabel = "X", description = "Learning rate of the new head on them (default: ${DEFAULT-VALUE}).")
    private double headRate = 3e-3;

    @Option(names = "--random-rate", paramLabel = "X",
            description = "Learning rate of random and shuffled weights (default: ${DEFAULT-VALUE}).")
    private double randomRate = 3e-3;

    @Option(names = "--freeze", paramLabel = "PATTERN",
            description = {"Parameters that keep their values in partial, such as 'layer[1-2].**'; several",
                "times (default: the lower half of the levels)."})
    private List<String> freeze = List.of();

    @Option(names = "--probe-steps", paramLabel = "N",
            description = "Steps of the head alone in probe (default: a third of the steps).")
    private @Nullable Integer probeSteps;

    @Option(names = "--gradual-every", paramLabel = "N",
            description = {"Steps from one level to the next in gradual (default: as many as bring it to the", "last one after half of the steps)."})
    private @Nullable Integer gradualEvery;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for report.html and report.json.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Override
    public Integer call() throws IOException {
        new Checks(spec).atLeast(1, "--seeds", seeds).atLeast(1, "--steps", steps).atLeast(1, "--batch", batch)
                .atLeast(1, "--points", points).rate("--rate", rate).rate("--head-rate", headRate).rate("--random-rate", randomRate)
                .atLeast(1, "--probe-steps", probeSteps == null ? 1 : probeSteps)
                .atLeast(1, "--gradual-every", gradualEvery == null ? 1 : gradualEvery)
                .must(!modes.isEmpty(), "--modes: at least one is needed").atLeast(1, "--test-limit", testLimit == null ? 1 : testLimit).atLeast(8, "--resize", resize == null ? 8 : resize)
                .must(!labels.isEmpty() && labels.stream().allMatch(n -> n > 0), "--labels: numbers of at least 1 are needed");
        return main.compute(this::compare);
    }

    private void compare() throws IOException {
        long start = System.nanoTime();
        PublishedModel model = PublishedModel.open(from, config);
        ImageClassifier network = model.classifier();
        freeze.forEach(pattern -> network.parameters().select(pattern)); // says so when a pattern matches nothing
        Preprocessing preprocessing = model.preprocessing(network, resize);
        ChosenImages training = images(data);
        ChosenImages held = images(test);
        held = testLimit == null ? held : held.spread(testLimit);
        demandSameClasses(training, held);
        PrintWriter print = spec.commandLine().getOut();
        print.println(model.architecture().name() + " from " + from);
        print.println("to learn from: " + training);
        print.println("to measure on: " + held);
        print.flush();
        Plan plan = plan();
        Files.createDirectories(out);
        Map<String, Object> settings = settings(model, training, held, preprocessing);
        RandomStream random = RandomStream.of(main.seed()).child("compare");
        ImageTask task = new ImageTask(model.architecture(), model.weights(), preprocessing, training, held, random);
        Outcomes outcomes = new Outcomes(plan, new Comparison(task, plan, random).run(Terminal.progress()));
        settings.put("seconds in all", Numbers.fixed((System.nanoTime() - start) * 1e-9, 1));
        ComparisonReport report = new ComparisonReport(outcomes, task.noun(), task.labels().size(), settings);
        report.json().write(out.resolve("report.json"));
        report.html(task.transfer()).write(out.resolve("report.html"));
        print.println();
        report.tables().forEach(table -> print.println(TextTable.render(table)));
        print.println(report.headline());
        print.println("Report: " + out.resolve("report.html") + " (" + Numbers.duration((System.nanoTime() - start) * 1e-9) + ")");
        print.flush();
    }

    private Plan plan() {
        return new Plan(modes.stream().distinct().toList(), labels.stream().sorted().distinct().toList(), seeds, steps, batch, points, rate,
                headRate, randomRate, freeze, probeSteps == null ? Math.max(1, steps / 3) : probeSteps, gradualEvery == null ? 0 : gradualEvery);
    }

    private ChosenImages images(Path path) throws IOException {
        ChosenImages all = ChosenImages.all(ImageData.open(path, null));
        return groups.isEmpty() ? all : all.grouped(groups);
    }

    private void demandSameClasses(ChosenImages training, ChosenImages held) throws IOException {
        if (!training.classNames().equals(held.classNames())) {
            throw new IOException(test + ": its classes are " + String.join(", ", held.classNames()) + ", those of " + data + " are "
                    + String.join(", ", training.classNames()) + ": they must be the same");
        }
        if (training.size() == 0 || held.size() == 0 || training.classNames().size() < 2) {
            throw new IOException(data + ", " + test + ": images of at least 2 classes are needed in both");
        }
    }

    private Map<String, Object> settings(PublishedModel model, ChosenImages training, ChosenImages held, Preprocessing preprocessing)
            throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("network", model.architecture().name());
        settings.put("SHA-256 of the weights", Hashes.sha256(model.weights().file()));
        settings.put("to learn from", data.getFileName() + ": " + training);
        settings.put("to measure on", test.getFileName() + ": " + held);
        settings.put("preprocessing", preprocessing);
        settings.put("seed", main.seed());
        settings.put("runs of each kind", seeds);
        settings.put("steps", steps);
        settings.put("batch", batch);
        settings.put("optimiser", "AdamW, decay 0.01, 10 % warm-up, linear to 0, clipping at norm 1");
        settings.put("rates", rate + ", of the head " + headRate + "; from random or shuffled weights " + randomRate);
        settings.put("frozen where the upper part learns", freeze.isEmpty() ? "the lower half of the levels" : String.join(", ", freeze));
        settings.put("steps of the head alone in probe", plan().probeSteps());
        settings.put("steps from level to level in gradual", gradualEvery == null ? "half of all by the number of levels" : gradualEvery);
        return settings;
    }
}
