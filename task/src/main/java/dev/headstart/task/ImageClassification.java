package dev.headstart.task;

import dev.headstart.io.Hashes;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.compare.OpenedTask;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.SeenImages;
import dev.headstart.task.data.Split;
import dev.headstart.task.goal.Predictor;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.model.Capabilities;
import dev.headstart.task.model.ImageFit;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.EncodedImages;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.HeadedNetworks;
import dev.headstart.task.tuning.ImageNetworks;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Images with one label each.
///
/// ```java
/// ImageClassification task = ImageClassification.of(pictures).augmented(new Augmentation(4, 0.5, 8)).resized(224);
/// ```
///
/// @param images to train on
/// @param heldOut to measure on; null to hold out some of `images`
/// @param share of each label's images that is held out where there are no others
/// @param old images of the task that the network was trained for, to measure what it forgets; null for none
/// @param augmentation small changes of images that are trained on
/// @param mixup alpha of the share in which two images are mixed; 0 for none
/// @param resize shorter side that images are resized to, before a square of it is cut out; null for what the network expects
/// @param channels number of channels that the network is changed for; null for its own
/// @param groups `name=class,class,…` each: labels made of classes; empty for the classes themselves
/// @param name of the images in reports
/// @param heldOutName of those to measure on, where they are others
public record ImageClassification(LabelledImages images, @Nullable LabelledImages heldOut, double share, @Nullable LabelledImages old,
        Augmentation augmentation, double mixup, @Nullable Integer resize, @Nullable Integer channels, List<String> groups, String name,
        String heldOutName)
        implements
            Classification<Image> {
    public ImageClassification {
        groups = List.copyOf(groups);
    }

    /// Images of which a tenth of each label is held out.
    public static ImageClassification of(LabelledImages images) {
        return new ImageClassification(images, null, 0.1, null, Augmentation.NONE, 0, null, null, List.of(), "images",
                "images to measure on");
    }

    /// The same task, measured on other images.
    public ImageClassification measuredOn(LabelledImages others) {
        return measuredOn(others, heldOutName);
    }

    /// The same task, measured on other images.
    ///
    /// @param called what they are called in reports
    public ImageClassification measuredOn(LabelledImages others, String called) {
        return new ImageClassification(images, others, share, old, augmentation, mixup, resize, channels, groups, name, called);
    }

    /// The same task under another name, which reports have.
    public ImageClassification named(String called) {
        return new ImageClassification(images, heldOut, share, old, augmentation, mixup, resize, channels, groups, called, heldOutName);
    }

    /// The same task with labels made of classes: `name=class,class,…` each.
    public ImageClassification grouped(List<String> made) {
        return new ImageClassification(images, heldOut, share, old, augmentation, mixup, resize, channels, made, name, heldOutName);
    }

    /// The same task with another share of images held out.
    public ImageClassification holdingOut(double other) {
        return new ImageClassification(images, heldOut, other, old, augmentation, mixup, resize, channels, groups, name, heldOutName);
    }

    /// The same task on images that are changed a little each time they are trained on.
    public ImageClassification augmented(Augmentation changes) {
        return new ImageClassification(images, heldOut, share, old, changes, mixup, resize, channels, groups, name, heldOutName);
    }

    /// The same task on squares of another size.
    public ImageClassification resized(int side) {
        return new ImageClassification(images, heldOut, share, old, augmentation, mixup, side, channels, groups, name, heldOutName);
    }

    @Override
    public String noun() {
        return "images";
    }

    @Override
    public List<String> labels() {
        return groups.isEmpty() ? images.classNames() : groups.stream().map(group -> group.substring(0, group.indexOf('='))).toList();
    }

    @Override
    public String augmentations() {
        return augmentation.equals(Augmentation.NONE) ? "none" : augmentation.toString();
    }

    @Override
    public FinetuneTask session(Pretrained from, Preparation preparation, RandomStream random) throws IOException {
        Capabilities outline = from.outline();
        ImageClassifier classifier = outline.demandClassifier();
        Optional<List<String>> known = preparation.keepHead() ? outline.classNames() : Optional.empty();
        SeenImages seen = new SeenImages(images);
        ChosenImages all = chosen(seen, known);
        String hash = all.sha256();
        Preprocessing own = seeing(from, classifier, all);
        Preprocessing fitted = ImageFit.ofMost(classifier, own, seen.counts());
        ImageNetworks networks = new ImageNetworks(from.architecture(), from.weights(), from.from().toString(),
                channels == null ? fitted : fitted.forChannels(channels),
                channels == null ? OptionalInt.empty() : OptionalInt.of(channels));
        ChosenImages others = heldOut == null ? null : chosen(heldOut, known);
        ChosenImages before = old == null ? null : chosen(old, known);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", networks.architecture().name());
        facts.put("SHA-256 of the weights", Hashes.sha256(from.weights().file()));
        facts.put("images", name + ": " + all);
        facts.put(ImageNetworks.DATA, hash);
        facts.put("groups", groups.isEmpty() ? "none" : String.join(" ", groups));
        facts.put("validation", others == null ? share : "SHA-256 " + others.sha256());
        if (before != null) {
            facts.put("SHA-256 of old images", before.sha256());
        }
        facts.put("preprocessing", networks.preprocessing());
        List<String> notes = ImageFit.notes(classifier, networks.preprocessing(), seen.counts());
        return FinetuneTask.of(networks, networks.data(all, others, before, share, augmentation, mixup > 0, hash).noting(notes),
                preparation.randomWeights() ? Initialization.RANDOM : Initialization.PRETRAINED,
                preparation.keepHead() ? HeadedNetworks.HeadChoice.KEPT : HeadedNetworks.HeadChoice.NEW, facts, random);
    }

    private Preprocessing seeing(Pretrained from, ImageClassifier network, ChosenImages some) throws IOException {
        try {
            return ImageFit.of(network, from.preprocessing(network, resize), some);
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    /// The images, where the network's own head is kept under its numbers of the classes if their names are known.
    private ChosenImages chosen(LabelledImages some, Optional<List<String>> known) throws IOException {
        ChosenImages all = ChosenImages.all(some);
        ChosenImages chosen = groups.isEmpty() ? all : all.grouped(groups);
        return known.isPresent() ? chosen.under(known.get()) : chosen;
    }

    @Override
    public OpenedTask open(Pretrained from, RandomStream random, int most) throws IOException {
        ChosenImages training = chosen(images, Optional.empty());
        Preprocessing own = seeing(from, from.outline().demandClassifier(), training);
        ChosenImages measured;
        if (heldOut == null) {
            Split split = Split.stratified(training.labels(), training.classNames().size(), share, random.child("held back"));
            measured = training.choose(split.validation()).spread(most);
            training = training.choose(split.training());
        } else {
            measured = chosen(heldOut, Optional.empty()).numberedAs(training).spread(most);
        }
        if (training.size() == 0 || measured.size() == 0 || training.classNames().size() < 2) {
            throw new IOException(name + ": images of at least 2 classes are needed to train on, and to measure on");
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("SHA-256 of the weights", Hashes.sha256(from.weights().file()));
        facts.put("to train on", name + ": " + training);
        facts.put("to measure on", (heldOut == null ? name : heldOutName) + ": " + measured);
        facts.put("preprocessing", own);
        return new OpenedTask(new LabelledTask<>(ImageNetworks.of(from.architecture(), from.weights(), own), training.classNames(),
                EncodedImages.of(training, own), EncodedImages.of(measured, own), random),
                from.architecture().name(), training.toString(), measured.toString(), facts);
    }

    @Override
    public Predictor<Image, Ranking> predictor(Pretrained trained) throws IOException {
        return Predict.with(trained).images();
    }
}
