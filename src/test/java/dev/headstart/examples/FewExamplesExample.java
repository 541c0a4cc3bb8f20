package dev.headstart.examples;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Image;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.Splits;
import dev.headstart.train.tuning.Mixup;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What helps when examples are few, or the batch does not fit.
public final class FewExamplesExample {
    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        augmentation(out);
        regularisation(out);
        splits(out);
        accumulation(out);
        recompute(out);
    }

    private static void augmentation(PrintStream out) {
        byte[] pixels = new byte[16];
        Arrays.fill(pixels, 0, 6, (byte) 1); // one row and a half
        Image image = new Image(pixels, 4, 4, 1);
        Augmentation augmentation = new Augmentation(1, 0.5, 0); // shifted by up to a pixel, mirrored every other time
        out.println("An image, and what three epochs see of it:");
        RandomStream random = RandomStream.of(1);
        Image[] seen = {image, augmentation.of(image, random.child(0).child(7)), augmentation.of(image, random.child(1).child(7)),
            augmentation.of(image, random.child(2).child(7))};
        for (int row = 0; row < 4; row++) {
            int at = row;
            out.println("  " + Arrays.stream(seen).map(one -> row(one, at)).collect(Collectors.joining("   ")));
        }
        boolean again = Arrays.equals(seen[2].pixels(), augmentation.of(image, random.child(1).child(7)).pixels());
        out.println("  epoch 1 once more gives " + (again ? "the same image" : "another image"));
    }

    private static String row(Image image, int row) {
        return IntStream.range(0, image.width()).mapToObj(column -> image.at(row, column, 0) == 0 ? "." : "#")
                .collect(Collectors.joining());
    }

    /// Mixup and label smoothing: both keep a network from being sure of 30 examples; the figures are for unseen ones. Mixup does not suit the
    /// task: between two rows of one class, with both signs positive or both negative, lie those of the other.
    private static void regularisation(PrintStream out) {
        Task few = Task.target(30, 5);
        Sequential source = Task.pretrained();
        Sequential plain = Task.withHead(source, 2, 1);
        Task.learn(few.objective(plain), plain.parameters(), few.size(), 150);
        tell(out, "labels as they are", plain);

        Sequential mixed = Task.withHead(source, 2, 1);
        Mixup mixup = new Mixup(mixed::forward, (examples, random) -> few.inputs(examples).value(), few.labels(), 0.4, CrossEntropy.PLAIN);
        Task.learn(mixup, mixed.parameters(), few.size(), 150);
        tell(out, "mixup", mixed);

        Sequential smoothed = Task.withHead(source, 2, 1);
        CrossEntropy smoothing = new CrossEntropy(-100, 0.1f, null);
        Task.learn((examples, random) -> smoothing.of(smoothed.forward(few.inputs(examples)), few.labels(examples)), smoothed.parameters(),
                few.size(), 150);
        tell(out, "label smoothing", smoothed);
    }

    private static void tell(PrintStream out, String name, Sequential network) {
        Task unseen = Task.target(500, 6);
        Tensor logits = unseen.logits(network);
        out.printf("%-18s  right %.1f %%, mean confidence %.1f %%, loss %.3f%n", name, 100 * unseen.accuracy(network),
                100 * logits.softmax().max(1).mean().item(),
                CrossEntropy.PLAIN.of(Variable.of(logits), Indices.of(unseen.labels())).value().item());
    }

    private static void splits(PrintStream out) {
        String[] texts = {"a", "b", "c", "d", "e", "f", "g", "a", "i", "j"};
        int[] labels = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1};
        Splits splits = Splits.stratified(labels, RandomStream.of(1), 0.7, 0.3);
        out.println("Training " + Arrays.toString(splits.parts().get(0)) + ", validation " + Arrays.toString(splits.parts().get(1))
                + ", leaks " + splits.leaks(i -> Hashes.sha256(texts[i].getBytes(StandardCharsets.UTF_8))));
        Splits folds = Splits.folds(labels, 3, RandomStream.of(1));
        for (int fold = 0; fold < 3; fold++) {
            out.println("Fold " + fold + ": learn from " + Arrays.toString(folds.without(fold)) + ", measure on "
                    + Arrays.toString(folds.parts().get(fold)));
        }
    }

    private static void accumulation(PrintStream out) {
        Task task = Task.target(200, 5);
        Sequential source = Task.pretrained();
        Sequential whole = Task.withHead(source, 2, 1);
        Sequential parts = Task.withHead(source, 2, 1);
        Task.trainer(task.objective(whole), whole.parameters(), Task.adam(whole.parameters()), task.size()).run(5);
        Task.trainer(task.objective(parts), parts.parameters(), Task.adam(parts.parameters()), task.size()).accumulate(4).run(5);
        Tensor difference = task.logits(whole).minus(task.logits(parts)).abs().max(0, 1);
        out.printf("Five steps with batches of 20, and of 4 times 5: outputs differ by %.0e%n", difference.item());
    }

    private static void recompute(PrintStream out) {
        Task task = Task.target(50, 5);
        Sequential network = Task.network(2, 1);
        Tensor kept = gradient(network, task, network.forward(Variable.of(task.rows())));
        Tensor again = gradient(network, task, Variable.of(task.rows()).recompute(network::forward));
        out.println("Recomputed in backward, the first layer's gradient has " + (kept.bitsEqual(again) ? "the bits" : "other bits than")
                + " it has when everything is kept");
    }

    private static Tensor gradient(Sequential network, Task task, Variable logits) {
        Tensor gradient = CrossEntropy.PLAIN.of(logits, Indices.of(task.labels())).backward().get(network.parameters().get("0.weight"));
        return Objects.requireNonNull(gradient);
    }

    private FewExamplesExample() {}
}
