package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Part;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.ImageClassifier;
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
    /// The fact that says which images are learnt.
    public static final String DATA = "SHA-256 of the images";

    /// Images to learn from and to measure on.
    ///
    /// @param images to learn from
    /// @param others to measure on; null to hold some back
    /// @param share of each class to hold back
    /// @param old of the task that the network has learnt; null for none
    /// @param augmentation of what is learnt from
    /// @param mixed whether that is mixed with one another
    public record Pictures(ChosenImages images, @Nullable ChosenImages others, double share, @Nullable ChosenImages old,
            Augmentation augmentation, boolean mixed) {}

    /// A task of images.
    ///
    /// @param network as published, with its weights
    /// @param keepHead whether its head learns on; otherwise it gets a new one
    /// @param facts what must be the same when a run goes on
    public static FinetuneTask task(ImageClassifier network, boolean keepHead, Preprocessing preprocessing, Pictures pictures, String name,
            String transfer, Map<String, Object> facts, RandomStream random) throws IOException {
        List<String> classes = pictures.images.classNames();
        ChosenImages others = pictures.others;
        if (classes.size() < 2 || (others != null && !classes.equals(others.classNames()))) {
            throw new IOException("images to learn from are of the classes " + classes + ", to measure on "
                    + (others == null ? classes : others.classNames()) + ": at least 2, and the same, are needed");
        }
        if (keepHead && network.classes() != classes.size()) {
            throw new IOException("--keep-head: the network's head is of " + network.classes() + " classes, the images are of "
                    + classes.size() + ": they must be the same");
        }
        ImageClassifier headed = keepHead ? network : network.withHead(classes.size(), random.child("head"));
        String data = String.valueOf(facts.get(DATA));
        String made = transfer + "\n" + String.join("*, ", headed.head())
                + (keepHead ? "*: the head of these classes learns on" : "*: a new head of " + classes.size() + " classes");
        FinetuneTask.Sides sides = FinetuneTask.Sides.of(
                new ImageExamples(headed, pictures.images, preprocessing, pictures.augmentation, pictures.mixed),
                others == null ? null : ImageExamples.of(headed, others, preprocessing), classes.size(), pictures.share,
                random.child("validation"));
        ChosenImages old = pictures.old;
        FinetuneTask.Sides remembered = old == null
                ? null
                : FinetuneTask.Sides.of(ImageExamples.of(headed, old, preprocessing), null, classes.size(), pictures.share,
                        random.child("old"));
        return new FinetuneTask(new PublishedImages(headed, preprocessing), classes, sides.remembering(remembered),
                new FinetuneTask.Source(name, headed.architecture(), keepHead, made, data, facts));
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
    public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
        new ImageModelFolder(folder, network.architecture(), labels, preprocessing).save(network, card);
    }
}
