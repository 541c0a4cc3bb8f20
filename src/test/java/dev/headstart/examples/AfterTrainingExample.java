package dev.headstart.examples;

import dev.headstart.io.Hashes;
import dev.headstart.nn.Sequential;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.TensorBoard;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Calibration;
import dev.headstart.train.measure.Forgetting;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.train.measure.Overfitting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What is watched while a model learns, and measured and written down afterwards.
public final class AfterTrainingExample {
    private final Sequential source = Task.pretrained();
    private final Task few = Task.target(30, 5);
    private final Task held = Task.target(300, 6);
    private final PrintStream out;

    private AfterTrainingExample(PrintStream out) {
        this.out = out;
    }

    public static void main(String... args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        AfterTrainingExample example = new AfterTrainingExample(out);
        Sequential tuned = example.overfitting();
        example.calibration(tuned);
        example.forgetting();
        example.headStart();
        example.written(tuned);
    }

    /// Stops when three measurements in a row were no better than the best, and ends with the best weights.
    private Sequential overfitting() {
        Sequential network = Task.withHead(source, 2, 1);
        Overfitting watch = new Overfitting(0.01);
        TrainingResult result = Task.trainer(few.objective(network), network.parameters(), Task.adam(network.parameters()), few.size())
                .validate(5, "accuracy", () -> watch.add(few.accuracy(network), held.accuracy(network))).earlyStopping(3).run(300);
        out.println("Overfitting: " + watch);
        out.printf("Early stopping: after %d of 300 steps; the weights are those of step %d, accuracy %.3f%n", result.steps(),
                result.bestStep(),
                held.accuracy(network));
        return network;
    }

    /// The temperature is found on one half of the held-out examples and judged on the other.
    private void calibration(Sequential network) {
        Sequential sure = Task.withHead(source, 2, 1);
        Task.learn(few.objective(sure), sure.parameters(), few.size(), 150);
        Tensor logits = held.logits(sure);
        int[] first = IntStream.range(0, 150).map(i -> held.labels()[i]).toArray();
        int[] second = IntStream.range(150, 300).map(i -> held.labels()[i]).toArray();
        double t = Calibration.temperature(logits.slice(0, 0, 150), first);
        Tensor others = logits.slice(0, 150, 300);
        out.printf("Calibration: error %.3f; at temperature %.2f %.3f; with early stopping %.3f%n", Calibration.of(others, second).error(),
                t,
                Calibration.of(others.times((float) (1 / t)), second).error(),
                Calibration.of(held.logits(network).slice(0, 150, 300), second).error());
    }

    private void forgetting() {
        Sequential network = Task.copy(source);
        Task old = Task.source(500, 11);
        Task fresh = Task.source(300, 12).turned();
        double before = old.accuracy(network);
        Task.learn(fresh.objective(network), network.parameters(), fresh.size(), 60);
        out.println("Forgetting: " + Forgetting.of(before, old.accuracy(network), Task.source(500, 13).turned().accuracy(network)));
    }

    /// Five seeds of each side: fewer differ by luck. The control has the same numbers in an order that means nothing: what it gains
    /// is their scale.
    private void headStart() {
        Sequential shuffled = Task.copy(source);
        HeadStart.shuffled(shuffled.parameters(), RandomStream.of(4));
        List<TrainingResult> with = IntStream.range(0, 5).mapToObj(seed -> curve(source, seed)).toList();
        List<TrainingResult> without = IntStream.range(0, 5).mapToObj(seed -> curve(Task.network(8, 70 + seed), seed)).toList();
        List<TrainingResult> control = IntStream.range(0, 5).mapToObj(seed -> curve(shuffled, seed)).toList();
        HeadStart start = HeadStart.compare(with, without, 0.8);
        out.printf("Head start: %+.3f at the first measurement, %+.3f at the best, %.0f steps to 80 %% in place of %.0f: %s%n",
                start.jumpStart().mean(), start.asymptote().mean(), start.stepsToTarget().mean(), start.stepsWithout().mean(),
                start.helps() ? "it helps" : "it does not help");
        HeadStart none = HeadStart.compare(control, without, 0.8);
        out.printf("Shuffled weights: %+.3f at the first measurement, %+.3f at the best: %s%n", none.jumpStart().mean(),
                none.asymptote().mean(),
                none.helps() ? "they help" : "they do not help");
    }

    private TrainingResult curve(Sequential from, long seed) {
        Task task = Task.target(300, 20 + seed);
        Sequential network = Task.withHead(from, 2, seed);
        return Task.trainer(task.objective(network), network.parameters(), Task.adam(network.parameters()), task.size())
                .validate(10, "accuracy", () -> held.accuracy(network)).run(80);
    }

    private void written(Sequential network) throws IOException {
        Path folder = Files.createTempDirectory("after-training");
        TensorBoard board = TensorBoard.create(folder, 1_700_000_000L);
        for (int step = 1; step <= 3; step++) {
            board.scalar("loss/train", step, 1.0 / step, 1_700_000_000.0 + step);
        }
        out.println("TensorBoard: " + board.file().getFileName() + ", " + Files.size(board.file()) + " bytes");
        Files.delete(board.file());
        Files.delete(folder);
        String data = Hashes.sha256(few.rows().toString().getBytes(StandardCharsets.UTF_8));
        ModelCard card = new ModelCard("same-signs", "24-32-32-2", "24-32-32-8 on the source task", "30 rows of the target task", data, 5,
                "example",
                ModelCard.hash(network.parameters()), Map.of("rate", "0.01"), Map.of("accuracy", held.accuracy(network)),
                "Only for rows of this kind.");
        out.println("The card, for README.md:");
        card.markdown().lines().filter(line -> !line.isBlank()).forEach(line -> out.println("  " + line));
    }
}
