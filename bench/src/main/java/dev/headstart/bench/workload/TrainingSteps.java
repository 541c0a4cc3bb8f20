package dev.headstart.bench.workload;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.bench.workload.Workload.Bound;
import dev.headstart.bench.workload.Workload.Work;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.loss.Losses;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whole training steps: forward, loss, backward, optimiser. Their arithmetic is that of the matrix products alone.
final class TrainingSteps {
    private TrainingSteps() {}

    /// Linear layers with ReLU between them; SGD with momentum 0.9 on cross-entropy.
    static Workload mlp(int batch, RandomStream random, int... widths) {
        double flop = 0;
        for (int i = 1; i < widths.length; i++) { // forward, dW, and dX except for the data
            flop += (i == 1 ? 2 : 3) * 2.0 * batch * widths[i - 1] * widths[i];
        }
        String sizes = Arrays.stream(widths).mapToObj(String::valueOf).collect(Collectors.joining("-"));
        return new Workload("train mlp " + sizes + " b" + batch, Bound.COMPUTE, flop, () -> {
            List<Layer> layers = new ArrayList<>();
            for (int i = 1; i < widths.length; i++) {
                layers.add(new Linear(widths[i - 1], widths[i], random.child("layer." + i)));
                if (i < widths.length - 1) {
                    layers.add(Activation.RELU);
                }
            }
            Sequential model = new Sequential(layers.toArray(Layer[]::new));
            Variable x = Variable.of(random.child("x").normal(Shape.of(batch, widths[0]), 0, 1));
            Indices labels = ids(random.child("labels"), widths[widths.length - 1], Shape.of(batch));
            Optimizer sgd = Sgd.of(List.of(ParamGroup.of(model.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY,
                    0.9, false);
            return step(() -> Losses.crossEntropy(model.forward(x), labels), sgd, random);
        });
    }

    /// Images of random pixels through a model; SGD with momentum 0.9 on cross-entropy.
    static Workload images(String name, double flopPerImage, Shape images, int classes, Function<RandomStream, Layer> model,
            RandomStream random) {
        int batch = images.dim(0);
        return new Workload("train " + name + " b" + batch, Bound.COMPUTE, flopPerImage * batch, () -> {
            Layer built = model.apply(random.child("model"));
            Variable x = Variable.of(random.child("x").normal(images, 0, 1));
            Indices labels = ids(random.child("labels"), classes, Shape.of(batch));
            Optimizer sgd = Sgd.of(List.of(ParamGroup.of(built.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY,
                    0.9, false);
            return step(() -> Losses.crossEntropy(built.forward(x), labels), sgd, random);
        });
    }

    /// Forward, backward, optimiser; gives the loss.
    static Work step(Supplier<Variable> loss, Optimizer optimizer, RandomStream random) {
        return () -> {
            Variable now = Mode.training(random, loss);
            optimizer.step(now.backward());
            return now.value();
        };
    }

    /// Random ids.
    static Indices ids(RandomStream random, int bound, Shape shape) {
        return Indices.of(shape, IntStream.range(0, shape.size()).map(i -> random.below(bound, i)).toArray());
    }
}
