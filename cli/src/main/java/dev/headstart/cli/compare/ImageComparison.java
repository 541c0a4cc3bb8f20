package dev.headstart.cli.compare;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.Batches;
import dev.headstart.train.ImageClassification;
import dev.headstart.train.Progress;
import dev.headstart.train.Trainer;
import dev.headstart.zoo.Architecture;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Learns one task of images in every way of a [Plan]. Run i of every way has the same images, the same order of them and the same new
/// head; only what it starts from, and what may change, differ. Runs are independent, so each is one thread's work.
///
/// @param architecture of the published network
/// @param weights its file
/// @param preprocessing what the network sees of an image
/// @param training images to choose a few of
/// @param test images to measure accuracy on
/// @param plan the ways
/// @param random of all that is drawn
public record ImageComparison(Architecture architecture, Weights weights, Preprocessing preprocessing, ChosenImages training,
        ChosenImages test,
        Plan plan, RandomStream random) {
    private static final int EVALUATION_BATCH = 50;

    /// All runs, in the order of ways, labels, seeds.
    ///
    /// @throws IOException when an image cannot be read, or the weights do not fit
    public List<Outcome> run(Progress progress) throws IOException {
        List<Outcome.Run> runs = plan.runs();
        progress.start("learn", runs.size());
        Outcome[] outcomes = new Outcome[runs.size()];
        try {
            Workers.current().forEach(outcomes.length, i -> {
                outcomes[i] = learn(runs.get(i));
                synchronized (progress) {
                    progress.step(1);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        progress.finish();
        return List.of(outcomes);
    }

    /// What the transfer into the network with a new head does to which parameter.
    public String transfer() throws IOException {
        ImageClassifier network = (ImageClassifier) architecture.build(random.child("weights"));
        String loaded = network.load(weights).toString();
        return loaded + "\n" + String.join("*, ", network.head()) + "* is replaced by a new head of " + test.classNames().size()
                + " classes";
    }

    private Outcome learn(Outcome.Run run) {
        RandomStream own = random.child("learn").child(run.seed());
        ImageClassifier network;
        try {
            network = start(run.way().start(), run.seed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Parameters parameters = network.parameters();
        switch (run.way().learning()) {
            case EVERYTHING -> {} // all is trainable at first
            case UPPER -> plan.frozen().forEach(pattern -> parameters.select(pattern).freeze());
            case HEAD -> {
                parameters.freeze();
                network.headParameters().unfreeze();
            }
        }
        double body = run.way().start() == Start.PRETRAINED ? plan.rate() : plan.randomRate();
        double top = run.way().start() == Start.PRETRAINED ? plan.headRate() : plan.randomRate();
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(network.bodyParameters()).rate(body).decay(0.01),
                ParamGroup.of(network.headParameters()).rate(top).decay(0.01)),
                Schedule.linear(Math.max(1, plan.steps() / 10), plan.steps()), 1);
        ChosenImages few = few(run.labels(), own.child("images"));
        ImageClassification objective = new ImageClassification(network::forward, few, preprocessing, CrossEntropy.PLAIN);
        ImageClassification held = new ImageClassification(network::forward, test, preprocessing, CrossEntropy.PLAIN);
        Trainer trainer = Trainer
                .of(objective, parameters, optimizer, Batches.of(few.size(), Math.min(plan.batch(), few.size()), own.child("batches")),
                        own.child("steps"))
                .validate(Math.max(1, plan.steps() / plan.points()), "accuracy", () -> accuracy(held));
        return new Outcome(run, trainer.run(plan.steps()));
    }

    private static double accuracy(ImageClassification held) {
        try {
            return held.score(EVALUATION_BATCH).accuracy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ImageClassifier start(Start start, int seed) throws IOException {
        ImageClassifier network = (ImageClassifier) architecture.build(random.child("weights").child(seed));
        if (start != Start.RANDOM) {
            network.load(weights);
        }
        if (start == Start.SHUFFLED) {
            network.parameters().byName().forEach((name, parameter) -> shuffle(parameter, random.child("shuffle").child(seed).child(name)));
        }
        return network.withHead(test.classNames().size(), random.child("head").child(seed));
    }

    private static void shuffle(Parameter parameter, RandomStream random) {
        float[] values = parameter.value().toArray();
        int[] order = random.permutation(values.length);
        float[] mixed = new float[values.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = values[order[i]];
        }
        parameter.value().copyInPlace(Tensor.wrap(parameter.shape(), mixed));
    }

    /// So many images of each class, or all of a class that has fewer.
    private ChosenImages few(int perClass, RandomStream images) {
        int[] places = IntStream.range(0, training.classNames().size()).flatMap(c -> {
            int[] own = IntStream.range(0, training.size()).filter(i -> training.label(i) == c).toArray();
            return Arrays.stream(images.child(c).permutation(own.length)).limit(perClass).map(i -> own[i]);
        }).toArray();
        return training.choose(places);
    }
}
