package dev.headstart.examples;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.tuning.FrozenPrefix;
import dev.headstart.train.tuning.Snapshot;
import java.io.PrintStream;

/// What is frozen is computed once: a head learns for ten epochs, and each example goes through the body one time.
public final class FrozenPrefixExample {
    private static final int STEPS = 100;

    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        Task task = Task.target(200, 5);
        Sequential network = Task.withHead(Task.pretrained(), task.classes(), 1);
        Layer head = network.layers().getLast();
        network.parameters().only("4.**");
        Snapshot start = Snapshot.of(network.parameters());

        Task.learn(task.objective(network), network.parameters(), task.size(), STEPS);
        Tensor expected = network.parameters().get("4.weight").value().copy();

        start.restore(network.parameters());
        FrozenPrefix body = FrozenPrefix.of(network.parameters().without("4.**"), task.size(),
                (examples, random) -> Task.features(network, task.inputs(examples)));
        Objective overCache = (examples, random) -> CrossEntropy.PLAIN.of(head.forward(body.of(examples)), task.labels(examples));
        Task.learn(overCache, network.parameters(), task.size(), STEPS);

        out.println("The body computed " + body.computed() + " rows for " + STEPS * 20 + " asked");
        out.println("The head has " + (expected.bitsEqual(network.parameters().get("4.weight").value()) ? "the bits" : "other bits than")
                + " it gets without the cache");

        network.parameters().get("2.weight").unfreeze();
        try {
            body.of(0);
        } catch (IllegalStateException e) {
            out.println("Refused: " + e.getMessage());
        }
        network.parameters().only("4.**");
        FrozenPrefix noisy = FrozenPrefix.of(network.parameters().without("4.**"), task.size(), (examples, random) -> Task.features(network,
                task.inputs(examples).plus(Variable.of(random.child("noise").normal(task.inputs(examples).shape(), 0, 0.1f)))));
        try {
            noisy.of(0);
        } catch (IllegalStateException e) {
            out.println("Refused: " + e.getMessage());
        }
    }

    private FrozenPrefixExample() {}
}
