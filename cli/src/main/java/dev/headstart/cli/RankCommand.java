package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.TaskOptions;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.io.json.Json;
import dev.headstart.task.Rank;
import dev.headstart.task.compare.FeatureScores;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.compare.TaskFeatures;
import dev.headstart.task.compare.TunedResults;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.task.report.TextWidth;
import dev.headstart.train.measure.Scores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart rank`: which of several networks to fine-tune, before one is.
@Command(name = "rank", header = "Order pre-trained networks by how well they suit your examples, without fine-tuning.", description = {
    "Runs each network over the images or texts once and scores its features: LogME (higher",
    "is better; You et al. 2021), LEEP of its own head's guesses (higher is better; Nguyen",
    "et al. 2020; images only), accuracy of the nearest neighbours and of a linear probe on",
    "held-out examples. The order is that of LogME; Kendall's tau says how far the others",
    "agree, and with --results, how far each agrees with what fine-tuning gave.", "",
    "  headstart rank --data pictures resnet18.pth resnet50.safetensors vgg16.pth", ""})
final class RankCommand implements Callable<Integer> {
    private static final int NEIGHBOURS = 5;
    private static final double HELD_OUT = 0.25;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "WEIGHTS", description = "Weight files of networks, or their folders.")
    private List<Path> candidates = List.of();

    @Mixin
    private final TaskOptions examples = new TaskOptions();

    @Option(names = "--per-class", paramLabel = "N",
            description = "Examples of each class to look at, at most (default: ${DEFAULT-VALUE}).")
    private int perClass = 100;

    @Option(names = "--source-data", paramLabel = "PATH",
            description = "What the networks were pre-trained on, images or lines of text: says how far\nthe examples lie from it.")
    private @Nullable Path sourceData;

    @Option(names = "--results", paramLabel = "FILE",
            description = "The report.json that compare wrote for a network; one for each, in their order.")
    private List<Path> results = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /// The scores of a network.
    ///
    /// @param tuned accuracy after fine-tuning; NaN when it is not known
    private record Candidate(Path from, Rank.Candidate ranked, double tuned) {
        String name() {
            return ranked.found().task().network();
        }

        FeatureScores scores() {
            return ranked.found().scores();
        }

        double logMe() {
            return ranked.logMe();
        }
    }

    /// A column: the title, and a network's figure.
    private record Score(String name, ToDoubleFunction<Candidate> of) {}

    private static final List<Score> SCORES = List.of(new Score("LogME", Candidate::logMe),
            new Score("LEEP", c -> c.scores().leep()), new Score("neighbours", c -> c.scores().neighbours().accuracy()),
            new Score("probe", c -> c.scores().probe().accuracy()));

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec);
        examples.check(checks);
        checks.atLeast(4, "--per-class", perClass).must(results.isEmpty() || results.size() == candidates.size(),
                "--results is given " + results.size() + " times for " + candidates.size() + " networks: one for each is needed");
        return main.compute(this::rank);
    }

    private void rank() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Rank all = Rank.on(examples.examples(new TaskOptions.HeldOut(null, null, HELD_OUT))).perClass(perClass).seed(main.seed())
                .listener(Terminal.progress());
        Rank rank = sourceData == null ? all : all.source(sourceData, TaskOptions::unlabelled);
        List<Candidate> found = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            found.add(candidate(rank, i, out));
        }
        found.sort(Comparator.comparing(Candidate::ranked, Rank.Candidate.ORDER));
        if (json) {
            out.println(json(found).compact());
        } else {
            out.println();
            out.println(TextTable.render(table(found)));
            found.forEach(c -> c.ranked.found().gap().ifPresent(gap -> TaskFeatures.sentences(gap, c.ranked.found().task().task())
                    .forEach(sentence -> out.println(c.from + ": " + sentence))));
            if (found.size() > 1) {
                out.println("Kendall's tau with LogME: " + agreement(found, Candidate::logMe, SCORES.subList(1, SCORES.size())));
            }
            if (found.size() > 1 && !results.isEmpty()) {
                out.println("Kendall's tau with the fine-tuned accuracy: " + agreement(found, Candidate::tuned, SCORES));
            }
        }
        out.flush();
    }

    private Candidate candidate(Rank rank, int number, PrintWriter out) throws IOException {
        Path from = candidates.get(number);
        Rank.Candidate ranked = rank.score(examples.network(from));
        if (number == 0 && !json) {
            LabelledTask<?> task = ranked.found().task().task();
            TaskFeatures<?> features = ranked.found().features();
            out.println(String.format(Locale.ROOT, "looked at: %,d and, held out, %,d %s of %d classes (%s)", features.training().length,
                    features.test().length, task.noun(), task.labels().size(), TextWidth.cut(String.join(", ", task.labels()), 80)));
            out.flush();
        }
        return new Candidate(from, ranked, results.isEmpty() ? Double.NaN : TunedResults.accuracy(results.get(number)));
    }

    private static String agreement(List<Candidate> found, ToDoubleFunction<Candidate> with, List<Score> scores) {
        double[] order = found.stream().mapToDouble(with).toArray();
        return String.join(", ", scores.stream().map(s -> s.name + " " + tau(order, found.stream().mapToDouble(s.of).toArray())).toList());
    }

    private static String tau(double[] a, double[] b) {
        double tau = Scores.kendall(a, b);
        return Double.isNaN(tau) ? "-" : Numbers.fixed(tau, 2);
    }

    private Table table(List<Candidate> found) {
        Table table = new Table("The best is first").left("weights").left("network").right("LogME").right("LEEP")
                .right(NEIGHBOURS + " neighbours").right("linear probe").right("fine-tuned");
        for (Candidate c : found) {
            table.row(c.from.toString(), c.name(), TaskFeatures.score(c.logMe()), TaskFeatures.score(c.scores().leep()),
                    Numbers.percent(c.scores().neighbours().accuracy()), Numbers.percent(c.scores().probe().accuracy()),
                    Double.isNaN(c.tuned) ? "-" : Numbers.percent(c.tuned));
        }
        return table;
    }

    private Json.Obj json(List<Candidate> found) {
        Json.Builder all = Json.object().put("networks", new Json.Arr(found.stream().<Json>map(c -> Json.object()
                .put("weights", c.from.toString()).put("network", c.name()).put("logMe", Json.numberOrNull(c.logMe()))
                .put("leep", Json.numberOrNull(c.scores().leep())).put("neighbours", c.scores().neighbours().accuracy())
                .put("probe", c.scores().probe().accuracy()).put("tuned", Json.numberOrNull(c.tuned)).build()).toList()));
        if (found.size() > 1 && !results.isEmpty()) {
            Json.Builder taus = Json.object();
            double[] tuned = found.stream().mapToDouble(Candidate::tuned).toArray();
            SCORES.forEach(s -> taus.put(s.name, Json.numberOrNull(Scores.kendall(tuned, found.stream().mapToDouble(s.of).toArray()))));
            all.put("kendallWithTuned", taus.build());
        }
        return all.build();
    }
}
