package dev.headstart.cli;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.Split;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Progress;
import dev.headstart.train.measure.Scores;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.Table;
import dev.headstart.train.report.TextTable;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart rank`: which of several networks to fine-tune, before one is.
@Command(name = "rank", header = "Order pre-trained networks by how well they suit your images, without fine-tuning.", description = {
    "Runs each network over the images once and scores its features: LogME (higher is",
    "better; You et al. 2021), LEEP of its own head's guesses (higher is better; Nguyen et",
    "al. 2020), accuracy of the nearest neighbours, and of a linear probe on held-back",
    "images. The order is that of LogME; Kendall's tau says how far the others agree.", "",
    "  headstart rank --data pictures resnet18.safetensors resnet50.safetensors vgg16.pth", ""})
final class RankCommand implements Callable<Integer> {
    private static final int BATCH = 32;
    private static final int NEIGHBOURS = 5;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "WEIGHTS", description = "Weight files of image networks, or their folders.")
    private List<Path> candidates = List.of();

    @Option(names = "--data", required = true, paramLabel = "PATH", description = "Labelled images of the task.")
    @SuppressWarnings("NullAway.Init") // required
    private Path data;

    @Option(names = "--group", paramLabel = "NAME=CLASS,…", description = "A class of the task made of classes of the data; several times.")
    private List<String> groups = List.of();

    @Option(names = "--per-class", paramLabel = "N", description = "Images of each class to look at, at most (default: ${DEFAULT-VALUE}).")
    private int perClass = 100;

    @Option(names = "--resize", paramLabel = "N",
            description = "Shorter side to resize images to, before a square of it is cut out (default: as the weights expect).")
    private @Nullable Integer resize;

    /// The scores of a network.
    private record Score(Path from, String name, double logMe, double leep, double neighbours, double probe) {}

    @Override
    public Integer call() throws IOException {
        new Checks(spec).atLeast(4, "--per-class", perClass).atLeast(8, "--resize", resize == null ? 8 : resize);
        return main.compute(this::rank);
    }

    private void rank() throws IOException {
        RandomStream random = RandomStream.of(main.seed()).child("rank");
        ChosenImages all = ChosenImages.all(ImageData.open(data, null));
        ChosenImages images = some(groups.isEmpty() ? all : all.grouped(groups), random.child("images"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("looked at: " + images);
        out.flush();
        List<Score> scores = new ArrayList<>();
        for (Path candidate : candidates) {
            scores.add(score(candidate, images, random));
        }
        scores.sort(
                Comparator.comparingDouble((Score score) -> Double.isNaN(score.logMe) ? Double.NEGATIVE_INFINITY : score.logMe).reversed());
        out.println();
        out.println(TextTable.render(table(scores)));
        if (scores.size() > 1) {
            double[] logMe = scores.stream().mapToDouble(Score::logMe).toArray();
            out.println("Kendall's tau with LogME: LEEP " + tau(logMe, scores.stream().mapToDouble(Score::leep).toArray()) + ", neighbours "
                    + tau(logMe, scores.stream().mapToDouble(Score::neighbours).toArray()) + ", probe "
                    + tau(logMe, scores.stream().mapToDouble(Score::probe).toArray()));
        }
        out.flush();
    }

    private static String tau(double[] a, double[] b) {
        double tau = Scores.kendall(a, b);
        return Double.isNaN(tau) ? "-" : Numbers.fixed(tau, 2);
    }

    /// Features that are all the same have no score.
    private static String score(double value) {
        return Double.isNaN(value) ? "-" : Numbers.fixed(value, 3);
    }

    private static Table table(List<Score> scores) {
        Table table = new Table("The best is first").left("weights").left("network").right("LogME").right("LEEP")
                .right(NEIGHBOURS + " neighbours")
                .right("linear probe");
        for (Score s : scores) {
            table.row(s.from.toString(), s.name, score(s.logMe), score(s.leep), Numbers.percent(s.neighbours),
                    Numbers.percent(s.probe));
        }
        return table;
    }

    /// So many of each class.
    private ChosenImages some(ChosenImages images, RandomStream random) throws IOException {
        int[] places = IntStream.range(0, images.classNames().size()).flatMap(c -> {
            int[] own = IntStream.range(0, images.size()).filter(i -> images.label(i) == c).toArray();
            return Arrays.stream(random.child(c).permutation(own.length)).limit(perClass).map(i -> own[i]);
        }).toArray();
        ChosenImages chosen = images.choose(places);
        if (Arrays.stream(chosen.labels()).distinct().count() < 2) {
            throw new IOException(data + ": images of at least 2 classes are needed");
        }
        return chosen;
    }

    private Score score(Path from, ChosenImages images, RandomStream random) throws IOException {
        PublishedModel model = PublishedModel.open(from, null);
        ImageClassifier network = model.classifier();
        Preprocessing preprocessing = model.preprocessing(network, resize);
        List<Tensor> features = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        Progress progress = Terminal.progress();
        progress.start(String.valueOf(from.getFileName()), Math.ceilDiv(images.size(), BATCH));
        for (int at = 0; at < images.size(); at += BATCH) {
            int[] batch = IntStream.range(at, Math.min(images.size(), at + BATCH)).toArray();
            Variable x = Variable.of(images.batch(batch, preprocessing));
            features.add(Mode.inference(() -> network.features(x).value()));
            logits.add(Mode.inference(() -> network.forward(x).value()));
            progress.step(batch.length);
        }
        progress.finish();
        Tensor rows = Tensor.concat(0, features.toArray(Tensor[]::new));
        int[] labels = images.labels();
        Split split = Split.stratified(labels, images.classNames().size(), 0.25, random.child("validation"));
        double probe = Scores.linearProbe(rows.gatherRows(Indices.of(split.training())), some(labels, split.training()),
                rows.gatherRows(Indices.of(split.validation())), some(labels, split.validation()), random.child("probe"));
        return new Score(from, model.architecture().name(), Scores.logMe(rows, labels),
                Scores.leep(Tensor.concat(0, logits.toArray(Tensor[]::new)), labels),
                Scores.nearestNeighbours(rows, NEIGHBOURS, labels), probe);
    }

    private static int[] some(int[] numbers, int[] which) {
        return Arrays.stream(which).map(i -> numbers[i]).toArray();
    }
}
