package dev.headstart.train.tuning;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.conv.AdaptiveAvgPool2d;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.train.Objective;
import java.util.Arrays;

/// A small network and task: images of which the channel with the most light is the label.
final class Small {
    static final int EXAMPLES = 48;
    final Sequential model = new Sequential(new Conv2d(3, 8, 3, Conv2dGeometry.DEFAULT.padding(1), RandomStream.of(1).child("a")),
            new BatchNorm(8), Activation.RELU, new Conv2d(8, 8, 3, Conv2dGeometry.DEFAULT.padding(1), RandomStream.of(1).child("b")),
            new BatchNorm(8), Activation.RELU, AdaptiveAvgPool2d.global(), new Flatten(),
            new Linear(8, 3, RandomStream.of(1).child("c")));
    final Parameters parameters = model.parameters();
    final Tensor images;
    final int[] labels = new int[EXAMPLES];

    Small() {
        this(0);
    }

    /// @param shift of the labels: another task
    Small(int shift) {
        float[] pixels = RandomStream.of(5).normal(Shape.of(EXAMPLES, 6, 6, 3), 0, 1).toArray();
        for (int i = 0; i < EXAMPLES; i++) {
            labels[i] = (i + shift) % 3;
            for (int pixel = 0; pixel < 36; pixel++) {
                pixels[(i * 36 + pixel) * 3 + i % 3] += 1;
            }
        }
        images = Tensor.wrap(Shape.of(EXAMPLES, 6, 6, 3), pixels);
    }

    Tensor batch(int... examples) {
        return images.reshape(EXAMPLES, 108).gatherRows(Indices.of(examples)).reshape(examples.length, 6, 6, 3);
    }

    Indices labels(int... examples) {
        return Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray());
    }

    Objective objective() {
        return (examples, random) -> CrossEntropy.PLAIN.of(model.forward(Variable.of(batch(examples))), labels(examples));
    }

    /// What the layers below the last give.
    Variable features(Variable x) {
        Variable y = x;
        for (int i = 0; i < 8; i++) {
            y = model.layers().get(i).forward(y);
        }
        return y;
    }

    Linear head() {
        return (Linear) model.layers().getLast();
    }

    double accuracy() {
        int[] all = new int[EXAMPLES];
        Arrays.setAll(all, i -> i);
        Indices guesses = model.forward(Variable.of(images)).value().argmax();
        return Arrays.stream(all).filter(i -> guesses.at(i) == labels[i]).count() / (double) EXAMPLES;
    }
}
