package dev.headstart.cli.finetune;

import dev.headstart.autograd.Variable;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Part;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A published network for images, with a head for the classes of one's own.
///
/// @param network with the head
/// @param preprocessing what it sees of an image
public record PublishedImages(ImageClassifier network, Preprocessing preprocessing) implements HeadedNetwork {
    /// A task of images, a share of each class of which is held back unless there are others to measure on. The network gets a new head.
    ///
    /// @param network as published, with its weights
    /// @param images to learn from
    /// @param others to measure on; null to hold some back
    /// @param share of each class to hold back
    public static FinetuneTask task(ImageClassifier network, Preprocessing preprocessing, ChosenImages images,
            @Nullable ChosenImages others, double share, String transfer, Map<String, Object> facts, RandomStream random)
            throws IOException {
        List<String> classes = images.classNames();
        if (classes.size() < 2 || (others != null && !classes.equals(others.classNames()))) {
            throw new IOException("images to learn from are of the classes " + classes + ", to measure on "
                    + (others == null ? classes : others.classNames()) + ": at least 2, and the same, are needed");
        }
        ImageClassifier headed = network.withHead(classes.size(), random.child("head"));
        String made = transfer + "\n" + String.join("*, ", headed.head()) + "*: a new head of " + classes.size() + " classes";
        return FinetuneTask.of(new PublishedImages(headed, preprocessing), classes, new ImageExamples(headed, images, preprocessing),
                others == null ? null : new ImageExamples(headed, others, preprocessing), share, made, facts, random);
    }

    @Override
    public Part part() {
        return network;
    }

    @Override
    public String head() {
        List<String> names = network.head().stream().map(name -> name.substring(0, name.length() - 1)).toList();
        return (names.size() == 1 ? names.getFirst() : "{" + String.join(",", names) + "}") + ".**";
    }

    @Override
    public Variable classify(Variable features) {
        return network.classify(features);
    }

    @Override
    public String noun() {
        return "images";
    }

    @Override
    public double usualRate() {
        return 3e-4;
    }

    @Override
    public double usualHeadRate(double rate) {
        return Math.max(rate, 1e-3);
    }

    @Override
    public void save(Path folder, List<String> labels) throws IOException {
        new ImageModelFolder(folder, network.architecture(), labels, preprocessing).save(network);
    }
}
