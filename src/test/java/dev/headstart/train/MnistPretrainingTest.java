package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.io.data.Idx;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.generative.DeepBeliefNet;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.cluster.KMeans;
import dev.headstart.train.objective.ContrastiveDivergence;
import dev.headstart.train.objective.FeatureClassification;
import dev.headstart.train.objective.LayerWise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Learning without labels on MNIST itself, a small part of it. The whole experiment is `dev.headstart.bench.FewLabels`.
@Tag("shared")
class MnistPretrainingTest {
    private static final int SEEN = 5000;

    /// Images of 784 pixels from 0 to 1, and their labels.
    private record Digits(Tensor images, Indices labels) {
        static Optional<Digits> find() throws IOException {
            Optional<Path> folder = Shared.find("data/mnist");
            if (folder.isEmpty()) {
                return Optional.empty();
            }
            Tensor pixels = Idx.read(folder.get().resolve("t10k-images-idx3-ubyte.gz")).tensor();
            return Optional.of(new Digits(pixels.times(1 / 255f).reshape(pixels.dim(0), 784),
                    Idx.read(folder.get().resolve("t10k-labels-idx1-ubyte.gz")).indices()));
        }

        /// Error on the images that were not seen, after learning 100 labels of those that were.
        double error(Sequential network) {
            int[] left = new int[10];
            Arrays.fill(left, 10);
            int[] chosen = IntStream.range(0, SEEN).filter(i -> left[labels.at(i)]-- > 0).toArray();
            int[] own = Arrays.stream(chosen).map(labels::at).toArray();
            Trainer.of(new FeatureClassification(network, images.gatherRows(Indices.of(chosen)), own), network.parameters(),
                    Adam.adam(List.of(ParamGroup.of(network.parameters()).rate(2e-3)), Schedule.linear(20, 400), Double.POSITIVE_INFINITY),
                    Batches.of(100, 20, RandomStream.of(1)), RandomStream.of(2)).run(400);
            int[] others = IntStream.range(SEEN, labels.size()).map(labels::at).toArray();
            return 1 - FeatureClassification.accuracy(network, images.slice(0, SEEN, labels.size()), others);
        }
    }

    @Test
    void a_belief_net_is_a_head_start_with_a_hundred_labels() throws IOException {
        Optional<Digits> digits = Digits.find();
        if (digits.isEmpty()) {
            return;
        }
        Workers.sequential().run(() -> learn(digits.get()));
    }

    private static void learn(Digits digits) {
        RandomStream random = RandomStream.of(1);
        DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, random.child("net"), 784, 200);
        LayerWise.of(net, (rbm, inputs) -> ContrastiveDivergence.of(rbm, inputs, 1)).train(digits.images.slice(0, 0, SEEN),
                stage -> Trainer.of(stage.objective(), stage.parameters(),
                        Sgd.of(List.of(ParamGroup.of(stage.parameters()).rate(0.1)), Schedule.linear(0, 400), Double.POSITIVE_INFINITY,
                                0.5,
                                step -> 1, false),
                        Batches.of(SEEN, 50, random.child("batches")), random.child("steps")).run(400));
        double pretrained = digits.error(net.unroll(10, random.child("head")));
        double fresh = digits.error(Sequential.fullyConnected(Activation.SIGMOID, random.child("fresh"), 784, 200, 10));
        System.out.printf("test error with 100 labels: %.2f %% from a belief net, %.2f %% from random weights%n", 100 * pretrained,
                100 * fresh);
        assertTrue(pretrained < fresh - 0.01, pretrained + " against " + fresh);
    }

    @Test
    void clusters_of_digits_are_those_of_scikit_learn() throws IOException {
        Optional<Digits> digits = Digits.find();
        if (digits.isEmpty()) {
            return;
        }
        Tensor rows = digits.get().images.slice(0, 0, SEEN);
        KMeans clusters = KMeans.lloyd(rows, rows.slice(0, 0, 20).copy(), 10, 0);
        // sklearn.cluster.KMeans(20, init=rows[:20], n_init=1, max_iter=10, tol=0).fit(rows).inertia_, version 1.9.1
        assertEquals(168543.125, clusters.inertia(), 1);
    }
}
