package dev.headstart.examples;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// The small world of these examples: 24 numbers that are made of 4 hidden causes and noise. The source task, of which there are many examples, asks
/// for the signs of three causes; the target task, of which there are few, whether two of these signs are the same. So what the lower layers learn
/// for the one they have learnt for the other.
///
/// @param rows `[examples, 24]`
/// @param labels of the rows
/// @param classes number of labels
@SuppressWarnings("ArrayRecordComponent") // never compared
record Task(Tensor rows, int[] labels, int classes) {
    static final int WIDTH = 24;
    private static final int CAUSES = 4;

    /// 8 classes: the signs of three causes.
    static Task source(int examples, long seed) {
        Tensor causes = causes(examples, seed);
        int[] labels = label(examples, i -> sign(causes, i, 0) + 2 * sign(causes, i, 1) + 4 * sign(causes, i, 2));
        return new Task(rows(causes, seed), labels, 8);
    }

    /// 2 classes: whether the first two causes have the same sign.
    static Task target(int examples, long seed) {
        Tensor causes = causes(examples, seed);
        return new Task(rows(causes, seed), label(examples, i -> sign(causes, i, 0) == sign(causes, i, 1) ? 1 : 0), 2);
    }

    /// The same question of other instruments: every second number has the other sign.
    Task turned() {
        float[] signs = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            signs[i] = i % 2 == 0 ? 1 : -1;
        }
        return new Task(rows.times(Tensor.of(Shape.of(WIDTH), signs)), labels, classes);
    }

    private static Tensor causes(int examples, long seed) {
        return RandomStream.of(seed).child("causes").normal(Shape.of(examples, CAUSES), 0, 1);
    }

    private static Tensor rows(Tensor causes, long seed) {
        Tensor mixed = causes.matmul(RandomStream.of(99).normal(Shape.of(CAUSES, WIDTH), 0, 1)).tanh();
        return mixed.plus(RandomStream.of(seed).child("noise").normal(mixed.shape(), 0, 0.3f));
    }

    private static int sign(Tensor causes, int row, int cause) {
        return causes.get(row, cause) > 0 ? 1 : 0;
    }

    private static int[] label(int examples, IntUnaryOperator label) {
        return IntStream.range(0, examples).map(label).toArray();
    }

    int size() {
        return labels.length;
    }

    Variable inputs(int... examples) {
        return Variable.of(rows.gatherRows(Indices.of(examples)));
    }

    Indices labels(int... examples) {
        return Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray());
    }

    /// Cross-entropy of a network's outputs and the labels.
    Objective objective(Layer network) {
        return (examples, random) -> CrossEntropy.PLAIN.of(network.forward(inputs(examples)), labels(examples));
    }

    /// What a network says of all rows, `[examples, classes]`.
    Tensor logits(Layer network) {
        return Mode.inference(() -> network.forward(Variable.of(rows)).value());
    }

    /// The share of rows a network is right about.
    double accuracy(Layer network) {
        Indices guesses = logits(network).argmax();
        return IntStream.range(0, size()).filter(i -> guesses.at(i) == labels[i]).count() / (double) size();
    }

    // ---- networks: 24 → 32 → 32 → classes ----

    /// Random weights: `0.weight`, `2.weight`, and the head `4.weight`.
    static Sequential network(int classes, long seed) {
        return Sequential.fullyConnected(Activation.RELU, RandomStream.of(seed), WIDTH, 32, 32, classes);
    }

    /// A network that has learnt the source task: what elsewhere comes from a file.
    static Sequential pretrained() {
        Sequential network = network(8, 1);
        Task source = source(2000, 1);
        learn(source.objective(network), network.parameters(), source.size(), 300);
        return network;
    }

    /// A copy of a network's body with a new head.
    static Sequential withHead(Sequential network, int classes, long seed) {
        return filled(network(classes, seed), network.parameters().without("4.**"));
    }

    /// A copy of a network that has learnt the source task.
    static Sequential copy(Sequential network) {
        return filled(network(8, 0), network.parameters());
    }

    private static Sequential filled(Sequential network, Parameters from) {
        from.byName().forEach((name, parameter) -> network.parameters().get(name).value().copyInPlace(parameter.value()));
        return network;
    }

    /// What the layers below the head make of inputs, `[examples, 32]`.
    static Variable features(Sequential network, Variable x) {
        Variable y = x;
        for (Layer layer : network.layers().subList(0, 4)) {
            y = layer.forward(y);
        }
        return y;
    }

    /// Some steps of Adam, with batches of 20 of so many examples.
    static TrainingResult learn(Objective objective, Parameters parameters, int examples, int steps) {
        return trainer(objective, parameters, adam(parameters), examples).run(steps);
    }

    static Adam adam(Parameters parameters) {
        return Adam.adamW(List.of(ParamGroup.of(parameters).rate(0.01).decay(0.01)), Schedule.constant(), 1);
    }

    static Trainer trainer(Objective objective, Parameters parameters, Optimizer optimizer, int examples) {
        return Trainer.of(objective, parameters, optimizer, Batches.of(examples, Math.min(20, examples), RandomStream.of(2)),
                RandomStream.of(3));
    }
}
