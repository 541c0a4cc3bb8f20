package dev.headstart.bench;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Idx;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.generative.Autoencoder;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.nn.generative.DeepBeliefNet;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.nn.loss.Likelihood;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.objective.ContrastiveDivergence;
import dev.headstart.train.objective.EnergyGap;
import dev.headstart.train.objective.FeatureClassification;
import dev.headstart.train.objective.LayerWise;
import dev.headstart.train.objective.LayerWise.Stage;
import dev.headstart.train.objective.Reconstruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What pre-training without labels is worth on MNIST: a deep belief net 784-500-500-2000 and a stack of denoising autoencoders of the same sizes, each
/// trained on the 60,000 training images without their labels, unrolled into 784-500-500-2000-10, fine-tuned on 100, 1,000 and 60,000 labels, beside
/// the same network from random weights. Everything but the start is the same for the three.
///
/// ```
/// mvn -DskipTests -pl bench -am package
/// java --add-modules jdk.incubator.vector -Xmx3g -cp 'bench/target/*:bench/target/lib/*' dev.headstart.bench.FewLabels MNIST-FOLDER WORK-FOLDER THREADS
/// ```
///
/// Pre-trained weights and finished runs stay in the work folder: started again, it does what is missing. The test images are looked at once a
/// run, at its end.
public final class FewLabels {
    private static final int[] SIZES = {784, 500, 500, 2000};
    private static final int SEEDS = 5;
    private static final int EPOCHS = 15;
    private static final int BATCH = 100;
    private static final float DROPOUT = 0.2f;

    private final Path work;
    private final Tensor images;
    private final int[] labels;
    private final Tensor testImages;
    private final int[] testLabels;

    private FewLabels(Path mnist, Path work) throws IOException {
        this.work = Files.createDirectories(work);
        this.images = images(mnist.resolve("train-images-idx3-ubyte.gz"));
        this.labels = labels(mnist.resolve("train-labels-idx1-ubyte.gz"));
        this.testImages = images(mnist.resolve("t10k-images-idx3-ubyte.gz"));
        this.testLabels = labels(mnist.resolve("t10k-labels-idx1-ubyte.gz"));
    }

    private static Tensor images(Path file) throws IOException {
        Tensor pixels = Idx.read(file).tensor();
        return pixels.times(1 / 255f).reshape(pixels.dim(0), 784);
    }

    private static int[] labels(Path file) throws IOException {
        return Idx.read(file).indices().toArray();
    }

    /// Runs what is missing.
    public static void main(String... args) throws IOException {
        FewLabels experiment = new FewLabels(Path.of(args[0]), Path.of(args[1]));
        Workers.of(Integer.parseInt(args[2])).call(() -> {
            try {
                experiment.run();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return 0;
        });
    }

    /// The small ones first; one of the large ones early, to see.
    private void run() throws IOException {
        for (int seed = 1; seed <= SEEDS; seed++) {
            for (int count : List.of(100, 1000)) {
                for (String start : List.of("random", "dbn", "denoising")) {
                    fineTune(start, count, seed);
                }
            }
            if (seed == 1) {
                fineTune("dbn", 60_000, seed);
            }
        }
        for (int seed = 1; seed <= SEEDS; seed++) {
            for (String start : List.of("dbn", "random", "denoising")) {
                fineTune(start, 60_000, seed);
            }
        }
    }

    // ---- pre-training ----

    private static RandomStream random(String what, int seed) {
        return RandomStream.of(seed).child(what);
    }

    private Sequential network(String start, int seed) throws IOException {
        RandomStream random = random("network", seed);
        int[] all = Arrays.copyOf(SIZES, SIZES.length + 1);
        all[SIZES.length] = 10;
        return switch (start) {
            case "random" -> Sequential.fullyConnected(Activation.SIGMOID, random, all);
            case "dbn" -> {
                DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, random("dbn", seed), SIZES);
                pretrained(start, seed, net.parameters(), () -> pretrain(net, seed));
                yield net.unroll(10, random);
            }
            default -> {
                List<Autoencoder> stack = IntStream.range(0, SIZES.length - 1)
                        .mapToObj(i -> Autoencoder.fullyConnected(Activation.SIGMOID, true, random(start, seed).child(i), SIZES[i],
                                SIZES[i + 1]))
                        .toList();
                Autoencoder deep = Autoencoder.stacked(Activation.SIGMOID, stack);
                pretrained(start, seed, deep.parameters(), () -> pretrain(stack, seed));
                yield deep.unroll(Sequential.fullyConnected(Activation.SIGMOID, random, all));
            }
        };
    }

    private void pretrained(String start, int seed, Parameters parameters, Runnable training) throws IOException {
        Path file = work.resolve(start + "-" + seed + ".safetensors");
        if (Files.exists(file)) {
            Map<String, Tensor> saved = Weights.open(file).tensors();
            parameters.byName().forEach((name, parameter) -> parameter.take(Objects.requireNonNull(saved.get(name), name)));
            return;
        }
        training.run();
        Map<String, Tensor> values = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> values.put(name, parameter.value()));
        SafeTensors.write(file, values);
    }

    private void pretrain(DeepBeliefNet net, int seed) {
        LayerWise.of(net, (rbm, inputs) -> ContrastiveDivergence.of(rbm, inputs, 1)).train(images, lesson -> {
            long steps = (long) EPOCHS * images.dim(0) / BATCH;
            Parameters all = lesson.parameters();
            Optimizer sgd = Sgd.of(
                    List.of(ParamGroup.of(all.select("weight")).rate(0.05).decay(2e-4), ParamGroup.of(all.select("*_bias")).rate(0.05)),
                    Schedule.linear(0, steps), Double.POSITIVE_INFINITY, 0.9, step -> step < 5 * steps / EPOCHS ? 5 / 9.0 : 1, false);
            TrainingResult result = learn(lesson, sgd, steps, random("dbn steps", seed));
            Rbm rbm = net.machines().get(lesson.layer());
            Tensor held = LayerWise.map(testImages, x -> net.up(x, lesson.layer()));
            EnergyGap gap = EnergyGap.of(rbm, lesson.inputs().slice(0, 0, held.dim(0)), held);
            tell(String.format(Locale.ROOT,
                    "# dbn seed %d layer %d: %d epochs, %.1f s an epoch; free energy %.2f, gap to test images %.2f, %.1f %% explained",
                    seed,
                    lesson.layer(), EPOCHS, result.secondsPerStep() * images.dim(0) / BATCH, gap.training(), gap.gap(),
                    100 * gap.explained()));
            return result;
        });
    }

    private void pretrain(List<Autoencoder> stack, int seed) {
        LayerWise.of(stack,
                (one, inputs) -> Reconstruction.of(one, inputs, Likelihood.BERNOULLI).corrupted(new Corruption.Masking(0.25)))
                .train(images, lesson -> {
                    long steps = (long) EPOCHS * images.dim(0) / BATCH;
                    Optimizer adam = Adam.adam(List.of(ParamGroup.of(lesson.parameters()).rate(1e-3)), Schedule.linear(0, steps),
                            Double.POSITIVE_INFINITY);
                    TrainingResult result = learn(lesson, adam, steps, random("denoising steps", seed));
                    tell(String.format(Locale.ROOT, "# denoising seed %d layer %d: %d epochs, %.1f s an epoch; loss %.2f nats", seed,
                            lesson.layer(), EPOCHS,
                            result.secondsPerStep() * images.dim(0) / BATCH, result.curve().getLast().loss()));
                    return result;
                });
    }

    private TrainingResult learn(Stage lesson, Optimizer optimizer, long steps, RandomStream random) {
        RandomStream own = random.child(lesson.layer());
        return Trainer.of(lesson.objective(), lesson.parameters(), optimizer, Batches.of(images.dim(0), BATCH, own.child("batches")),
                own.child("steps")).run(steps);
    }

    // ---- fine-tuning ----

    /// Labels of so many images, as many of each class.
    private int[] labelled(int count, int seed) {
        if (count == images.dim(0)) {
            return IntStream.range(0, count).toArray();
        }
        int[] left = new int[10];
        Arrays.fill(left, count / 10);
        return Arrays.stream(random("labels", seed).permutation(labels.length)).filter(i -> left[labels[i]]-- > 0).toArray();
    }

    /// The same layers with dropout after each hidden one: on all labels, without it, every start learns them by heart.
    private static Layer dropped(Sequential network) {
        List<Layer> layers = network.layers().stream()
                .flatMap(layer -> layer instanceof Linear ? Stream.of(layer) : Stream.of(layer, new Dropout(DROPOUT))).toList();
        return new Sequential(layers.toArray(Layer[]::new));
    }

    private void fineTune(String start, int count, int seed) throws IOException {
        String name = String.format(Locale.ROOT, "%s %d labels%s seed %d:", start, count, count == images.dim(0) ? " with dropout" : "",
                seed);
        Path results = work.resolve("results.txt");
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(line -> line.startsWith(name))) {
            return;
        }
        Sequential network = network(start, seed);
        Layer learner = count == images.dim(0) ? dropped(network) : network;
        int batch = count == 100 ? 20 : count == 1000 ? 50 : 100;
        int epochs = count == 100 ? 200 : count == 1000 ? 100 : 15;
        long steps = (long) epochs * count / batch;
        int[] chosen = labelled(count, seed);
        Tensor rows = count == images.dim(0) ? images : images.gatherRows(dev.headstart.tensor.Indices.of(chosen));
        int[] own = Arrays.stream(chosen).map(i -> labels[i]).toArray();
        Optimizer adam = Adam.adam(List.of(ParamGroup.of(network.parameters()).rate(count == images.dim(0) ? 2e-3 : 5e-4)),
                Schedule.linear(steps / 20, steps),
                Double.POSITIVE_INFINITY);
        RandomStream random = random("fine-tune", seed);
        TrainingResult result = Trainer.of(new FeatureClassification(learner, rows, own), network.parameters(), adam,
                Batches.of(count, batch, random.child("batches")), random.child("steps")).run(steps);
        Tensor logits = LayerWise.map(testImages, x -> network.forward(Variable.of(x)).value());
        int[] guesses = logits.argmax().toArray();
        long wrong = IntStream.range(0, guesses.length).filter(i -> guesses[i] != testLabels[i]).count();
        tell(String.format(Locale.ROOT, "%s %.2f %% test error (%d epochs of batches of %d, training loss at the end %.4f, %.1f ms a step)",
                name,
                100.0 * wrong / guesses.length, epochs, batch, result.curve().getLast().loss(), 1000 * result.secondsPerStep()));
    }

    private void tell(String line) {
        System.out.println(line);
        try {
            Files.writeString(work.resolve("results.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
