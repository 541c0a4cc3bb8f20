package dev.headstart.examples;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.generative.Autoencoder;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.nn.generative.DeepBeliefNet;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.nn.loss.Likelihood;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.cluster.Agreement;
import dev.headstart.train.cluster.KMeans;
import dev.headstart.train.objective.ContrastiveDivergence;
import dev.headstart.train.objective.EnergyGap;
import dev.headstart.train.objective.LayerWise;
import dev.headstart.train.objective.Reconstruction;
import java.io.PrintStream;
import java.util.Arrays;

/// Pre-training without labels: a Boltzmann machine, a deep belief net, an autoencoder, and clusters. The data are 16 lamps, of which each row
/// switches on one of four patterns of eight, with a lamp in ten wrong.
public final class WithoutLabelsExample {
    private static final RandomStream RANDOM = RandomStream.of(3);

    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        Tensor data = lamps(400, 1);
        machine(out, data);
        net(out, data);
        autoencoder(out, data);
        clusters(out, data);
    }

    private static int[] patterns(int rows) {
        int[] patterns = new int[rows];
        Arrays.setAll(patterns, i -> i % 4);
        return patterns;
    }

    private static Tensor lamps(int rows, long seed) {
        Tensor wrong = RandomStream.of(seed).uniform(Shape.of(rows, 16), 0, 1);
        float[] on = new float[rows * 16];
        for (int i = 0; i < on.length; i++) {
            boolean lit = ((i % 16 >> i / 16 % 4) & 1) == 1; // pattern p: lamps whose number has bit p
            on[i] = lit ^ wrong.get(i / 16, i % 16) < 0.1 ? 1 : 0;
        }
        return Tensor.wrap(Shape.of(rows, 16), on);
    }

    private static void machine(PrintStream out, Tensor data) {
        Rbm rbm = new Rbm(16, 12, Rbm.Units.BERNOULLI, RANDOM.child("rbm"));
        double before = EnergyGap.of(rbm, data, lamps(400, 2)).explained();
        learn(ContrastiveDivergence.of(rbm, data, 1), rbm.parameters(), 600);
        EnergyGap after = EnergyGap.of(rbm, data, lamps(400, 2));
        out.printf(
                "Boltzmann machine: reconstructions explain %.2f of the variance of unseen rows, before %.2f; free-energy gap %.2f nats%n",
                after.explained(), before, after.gap());
    }

    private static TrainingResult learn(Objective objective, Parameters parameters, int steps) {
        return Trainer.of(objective, parameters, Sgd.of(ParamGroup.of(parameters).rate(0.1)), Batches.of(400, 40, RANDOM.child("batches")),
                RANDOM.child("steps")).run(steps);
    }

    /// Layer by layer, each from what the one below makes of the data; then an ordinary classifier.
    private static void net(PrintStream out, Tensor data) {
        DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, RANDOM.child("net"), 16, 12, 8);
        LayerWise.of(net, (rbm, inputs) -> ContrastiveDivergence.of(rbm, inputs, 1)).train(data, stage -> {
            TrainingResult result = learn(stage.objective(), stage.parameters(), 600);
            out.printf("Deep belief net: layer %d has learnt from %s%n", stage.layer(), stage.inputs().shape());
            return result;
        });
        Task labelled = new Task(lamps(12, 5), patterns(12), 4);
        Task unseen = new Task(lamps(400, 2), patterns(400), 4);
        Sequential pretrained = net.unroll(4, RANDOM.child("head"));
        Sequential random = new DeepBeliefNet(Rbm.Units.BERNOULLI, RANDOM.child("net"), 16, 12, 8).unroll(4, RANDOM.child("head"));
        for (Sequential network : new Sequential[] {pretrained, random}) {
            Task.learn(labelled.objective(network), network.parameters(), labelled.size(), 100);
        }
        out.printf("Deep belief net: after 12 labelled rows %.1f %% of unseen rows are right, without pre-training %.1f %%%n",
                100 * unseen.accuracy(pretrained), 100 * unseen.accuracy(random));
    }

    private static void autoencoder(PrintStream out, Tensor data) {
        Autoencoder model = Autoencoder.fullyConnected(Activation.SIGMOID, true, RANDOM.child("autoencoder"), 16, 12);
        Reconstruction denoising = Reconstruction.of(model, data, Likelihood.BERNOULLI).corrupted(new Corruption.Masking(0.3));
        Tensor unseen = lamps(400, 2);
        Tensor damaged = new Corruption.Masking(0.3).apply(unseen, RANDOM.child("damage"));
        Task.learn(denoising, model.parameters(), 400, 400);
        out.printf("Autoencoder: of rows with 30 %% of the lamps out, %.2f of the variance are explained, mended %.2f%n",
                Reconstruction.explained(unseen, damaged), Reconstruction.explained(unseen, denoising.reconstruct(damaged)));
    }

    private static void clusters(PrintStream out, Tensor data) {
        KMeans means = KMeans.of(data, 4, RANDOM.child("k-means"));
        out.printf("k-means: inertia %.0f; groups agree with the patterns, adjusted Rand index %.2f%n", means.inertia(),
                Agreement.adjustedRandIndex(means.assign(data), patterns(400)));
    }

    private WithoutLabelsExample() {}
}
