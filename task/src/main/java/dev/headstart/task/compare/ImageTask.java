package dev.headstart.task.compare;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.ImageReader;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A task of images, and a published network.
///
/// @param architecture of the network
/// @param weights its file
/// @param preprocessing what the network sees of an image
/// @param learnt images to learn from
/// @param measured images to measure on
/// @param random of all that is drawn
public record ImageTask(Architecture architecture, Weights weights, Preprocessing preprocessing, ChosenImages learnt,
        ChosenImages measured, RandomStream random) implements ComparedTask {
    @Override
    public String noun() {
        return "images";
    }

    @Override
    public List<String> labels() {
        return learnt.classNames();
    }

    @Override
    public int[] training() {
        return learnt.labels();
    }

    @Override
    public int[] test() {
        return measured.labels();
    }

    @Override
    public int length(int example) {
        return 1;
    }

    @Override
    public String transfer() throws IOException {
        ImageClassifier network = (ImageClassifier) architecture.build(random.child("weights"));
        String loaded = network.load(weights).toString();
        return loaded + "\n" + String.join("*, ", network.head()) + "* is replaced by a new head of " + labels().size() + " classes";
    }

    @Override
    public Learner learner(Start start, int seed) throws IOException {
        ImageClassifier network = (ImageClassifier) architecture.build(random.child("weights").child(seed));
        if (start != Start.RANDOM) {
            network.load(weights);
        }
        if (start == Start.SHUFFLED) {
            HeadStart.shuffled(network.parameters(), random.child("shuffle").child(seed));
        }
        return new Network(network.withHead(labels().size(), random.child("head").child(seed)), this);
    }

    @Override
    public Optional<Learner> published() throws IOException {
        ImageClassifier network = (ImageClassifier) architecture.build(random.child("weights"));
        network.load(weights);
        return network.classes() == 0 ? Optional.empty() : Optional.of(new Network(network, this));
    }

    @Override
    public ImageTask unlabelled(Path from, ImageReader reader, int most) throws IOException {
        ChosenImages others = ChosenImages.all(reader.open(from)).spread(most);
        int[] unknown = new int[others.size()];
        return new ImageTask(architecture, weights, preprocessing, learnt,
                new ChosenImages(others.all(), others.examples(), unknown, labels()), random);
    }

    @Override
    public double unknownRate() {
        return 0;
    }

    private record Network(ImageClassifier network, ImageTask task) implements Learner {
        @Override
        public Parameters parameters() {
            return network.parameters();
        }

        @Override
        public String head() {
            List<String> names = network.head().stream().map(name -> name.substring(0, name.length() - 1)).toList();
            return (names.size() == 1 ? names.getFirst() : "{" + String.join(",", names) + "}") + ".**";
        }

        @Override
        public Variable features(int... examples) {
            return network.features(Variable.of(task.batch(examples)));
        }

        @Override
        public Variable logits(Variable features) {
            return network.classify(features);
        }
    }

    /// What the network sees of images that are all to learn from, or all to measure on.
    private Tensor batch(int... examples) {
        try {
            int first = learnt.size();
            return examples[0] < first
                    ? learnt.batch(examples, preprocessing)
                    : measured.batch(Arrays.stream(examples).map(i -> i - first).toArray(), preprocessing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
