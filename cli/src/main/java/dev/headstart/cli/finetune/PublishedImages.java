package dev.headstart.cli.finetune;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.cli.data.Evaluation;
import dev.headstart.cli.data.Split;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.CrossEntropy;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.ClassificationScore;
import dev.headstart.train.ImageClassification;
import dev.headstart.train.Objective;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/// A published network for images, with a new head for the classes of one's own.
///
/// @param network with the new head
/// @param preprocessing what it sees of an image
/// @param training images to learn from
/// @param held images to measure on
/// @param transfer what was carried over
/// @param facts what must be the same when a run goes on
public record PublishedImages(ImageClassifier network, Preprocessing preprocessing, ChosenImages training, ChosenImages held,
        String transfer,
        Map<String, Object> facts) implements FinetuneTask {
    private static final int EVALUATION_BATCH = 50;

    /// A task of images, a share of each class of which is held back unless there are others to measure on.
    ///
    /// @param network as published, with its weights
    /// @param images to learn from
    /// @param others to measure on; the same as `images` to hold some back
    /// @param share of each class to hold back
    public static PublishedImages of(ImageClassifier network, Preprocessing preprocessing, ChosenImages images, ChosenImages others,
            double share,
            String transfer, Map<String, Object> facts, RandomStream random) throws IOException {
        int classes = images.classNames().size();
        if (classes < 2 || !images.classNames().equals(others.classNames())) {
            throw new IOException("images to learn from are of the classes " + images.classNames() + ", to measure on "
                    + others.classNames() + ": at least 2, and the same, are needed");
        }
        ChosenImages training = images;
        ChosenImages held = others;
        if (images == others) {
            Split split = Split.stratified(images.labels(), classes, share, random.child("validation"));
            training = images.choose(split.training());
            held = images.choose(split.validation());
        }
        if (training.size() == 0 || held.size() == 0) {
            throw new IOException("of " + images.size() + " images none can be held back: give others to measure on");
        }
        ImageClassifier headed = network.withHead(classes, random.child("head"));
        return new PublishedImages(headed, preprocessing, training, held, transfer + "\n" + String.join("*, ", headed.head())
                + "*: a new head of " + classes + " classes", facts);
    }

    @Override
    public Parameters parameters() {
        return network.parameters();
    }

    @Override
    public Parameters head() {
        return network.headParameters();
    }

    @Override
    public String examples() {
        return "to learn from " + training + ", held back " + held;
    }

    @Override
    public String noun() {
        return "images";
    }

    @Override
    public int size() {
        return training.size();
    }

    @Override
    public Batches batches(int batchSize, RandomStream random) {
        return Batches.of(training.size(), Math.min(batchSize, training.size()), random);
    }

    @Override
    public Objective objective() {
        return new ImageClassification(network::forward, training, preprocessing, CrossEntropy.PLAIN);
    }

    @Override
    public double accuracy() {
        return score().accuracy();
    }

    @Override
    public Evaluation evaluation() {
        return new Evaluation(held.classNames(), score().confusion());
    }

    private ClassificationScore score() {
        try {
            return new ImageClassification(network::forward, held, preprocessing, CrossEntropy.PLAIN).score(EVALUATION_BATCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void save(Path folder) throws IOException {
        new ImageModelFolder(folder, network.architecture(), training.classNames(), preprocessing).save(network);
    }
}
