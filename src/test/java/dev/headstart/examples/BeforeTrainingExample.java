package dev.headstart.examples;

import dev.headstart.nn.Sequential;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.measure.DomainGap;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.train.measure.Plan;
import dev.headstart.train.measure.Scores;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which of several networks to fine-tune, how far their data are from ours, and what it will cost: before any step.
public final class BeforeTrainingExample {
    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        rank(out);
        gap(out);
        plan(out);
    }

    private static void rank(PrintStream out) {
        Map<String, Sequential> candidates = new LinkedHashMap<>();
        candidates.put("learnt for 300 steps", Task.pretrained());
        Sequential early = Task.network(8, 1);
        Task.learn(Task.source(2000, 1).objective(early), early.parameters(), 2000, 30);
        candidates.put("learnt for 30 steps", early);
        candidates.put("random", Task.network(8, 1));
        Sequential shuffled = Task.pretrained();
        HeadStart.shuffled(shuffled.parameters(), RandomStream.of(4));
        candidates.put("learnt, then shuffled", shuffled);

        List<double[]> columns = new ArrayList<>();
        out.println("candidate                 LogME    LEEP     NCE    5-NN   probe   fine-tuned");
        candidates.forEach((name, network) -> {
            double[] scores = scores(network);
            columns.add(scores);
            out.printf("%-22s %8.3f%8.3f%8.3f%8.3f%8.3f     %.3f%n", name, scores[0], scores[1], scores[2], scores[3], scores[4],
                    scores[5]);
        });
        out.print("Kendall's tau         ");
        for (int score = 0; score < 5; score++) {
            out.printf("%8.3f", Scores.kendall(column(columns, score), column(columns, 5)));
        }
        out.println();
    }

    /// LogME, LEEP, NCE, nearest neighbours, linear probe, and what they are to foretell: the accuracy after fine-tuning.
    private static double[] scores(Sequential network) {
        Task task = Task.target(100, 5);
        Task unseen = Task.target(500, 6);
        Tensor features = Task.features(network, task.inputs(all(task))).value();
        Tensor others = Task.features(network, unseen.inputs(all(unseen))).value();
        Tensor said = task.logits(network);
        Sequential tuned = Task.withHead(network, 2, 1);
        Task.learn(task.objective(tuned), tuned.parameters(), task.size(), 60);
        return new double[] {Scores.logMe(features, task.labels()), Scores.leep(said, task.labels()),
            Scores.nce(said.argmax().toArray(), task.labels()), Scores.nearestNeighbours(features, 5, task.labels()),
            Scores.linearProbe(features, task.labels(), others, unseen.labels(), RandomStream.of(3)), unseen.accuracy(tuned)};
    }

    private static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }

    private static void gap(PrintStream out) {
        Sequential network = Task.pretrained();
        Task source = Task.source(200, 9);
        for (Task task : List.of(Task.target(200, 5), Task.target(200, 5).turned())) {
            DomainGap gap = DomainGap.between(Task.features(network, source.inputs(all(source))).value(),
                    Task.features(network, task.inputs(all(task))).value(), RandomStream.of(3));
            out.printf("Gap: Fréchet %.2f, MMD %.3f, proxy A-distance %.2f%n", gap.frechet(), gap.maximumMeanDiscrepancy(), gap.proxyA());
            gap.warnings(0).forEach(warning -> out.println("  " + warning));
        }
        out.printf("Tokens nobody knows: %.0f %%%n",
                100 * DomainGap.unknownRate(List.of(new int[] {1, 5, 9, 1}, new int[] {6, 7, 8, 9}), 1));
    }

    /// Of a head alone, and of everything.
    private static void plan(PrintStream out) {
        BertForSequenceClassification bert = new BertForSequenceClassification(BertConfig.of(500, 64, 2, 2, 256).withLabels(2),
                RandomStream.of(1));
        Objective objective = (examples, random) -> bert.loss(texts(examples.length), Indices.of(new int[examples.length]));
        for (String learns : List.of("classifier.**", "**")) {
            bert.parameters().only(learns);
            out.println("If " + learns + " learns:");
            Plan.of(objective, bert.parameters(), 2, 32, 10_000, RandomStream.of(3)).toString().lines()
                    .forEach(line -> out.println("  " + line));
        }
    }

    /// Texts of 32 tokens: which ones does not matter.
    private static TokenBatch texts(int count) {
        return TokenBatch.of(Indices.of(Shape.of(count, 32), new int[count * 32]));
    }

    private static int[] all(Task task) {
        int[] all = new int[task.size()];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private BeforeTrainingExample() {}
}
