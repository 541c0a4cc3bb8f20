package dev.headstart.task.compare;

import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Split;
import dev.headstart.task.tuning.Encoded;
import dev.headstart.task.tuning.EncodedTexts;
import dev.headstart.task.tuning.Examples;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.HeadedNetwork;
import dev.headstart.task.tuning.HeadedNetworks;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.task.tuning.SharedFeatures;
import dev.headstart.task.tuning.TextNetworks;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Labelled examples and a pre-trained network that makes networks for them.
///
/// @param <B> a batch as the network takes it
/// @param labels their names
/// @param training examples to train on
/// @param test examples to measure on
/// @param random of all that is sampled
public record LabelledTask<B>(HeadedNetworks<B> networks, List<String> labels, Encoded<B> training, Encoded<B> test, RandomStream random) {
    public LabelledTask {
        labels = List.copyOf(labels);
    }

    /// A task of texts.
    ///
    /// @throws IOException when they cannot be read, or none can be held out
    public static LabelledTask<List<int[]>> of(TextNetworks networks, LabelledTable table, RandomStream random) throws IOException {
        List<String> labels = networks.ordered(table.rows().names(), false);
        EncodedTexts rows = EncodedTexts.of(networks, table.rows(), labels);
        if (table.others() != null) {
            return new LabelledTask<>(networks, labels, rows, EncodedTexts.of(networks, table.others(), labels), random);
        }
        Split split = Split.stratified(rows.labels(), labels.size(), table.validation(), random.child("held back"));
        if (split.validation().length == 0) {
            throw new IOException(
                    table.rows().name() + ": every label has one row only, so none can be held out: give others to measure on");
        }
        return new LabelledTask<>(networks, labels, rows.choose(split.training()), rows.choose(split.validation()), random);
    }

    /// The same task with at most this many examples to measure on, evenly spread.
    public LabelledTask<B> measuredOn(int most) {
        return new LabelledTask<>(networks, labels, training, test.choose(ChosenImages.spread(test.size(), most)), random);
    }

    /// What an example is: `images`, `texts`.
    public String noun() {
        return networks.noun();
    }

    /// A network with a new head.
    ///
    /// @param seed which of several: heads and random weights differ
    /// @throws IOException when the weights cannot be read, or do not fit
    public HeadedNetwork<B> network(Initialization initialization, int seed) throws IOException {
        return networks.build(labels, initialization, HeadedNetworks.HeadChoice.NEW, HeadedNetworks.Streams.of(random, seed)).network();
    }

    /// The network with the head it has in its file; empty where it has none, or none that can be scored.
    ///
    /// @throws IOException when the weights cannot be read, or do not fit
    public Optional<HeadedNetwork<B>> published() throws IOException {
        return networks.published(random.child("weights"));
    }

    /// What becomes of each tensor of the file in a network with a new head.
    ///
    /// @throws IOException when the weights cannot be read, or do not fit
    public String transfer() throws IOException {
        return networks.transfer(labels, HeadedNetworks.Streams.of(random));
    }

    /// Share of the tokens to train on that the vocabulary lacks; 0 for images.
    public double unknownRate() {
        return training.unknownRate();
    }

    /// Features of all examples for several runs.
    SharedFeatures sharedFeatures() throws IOException {
        return SharedFeatures.of(network(Initialization.PRETRAINED, 0), training, test);
    }

    /// A network to be fine-tuned on some of the examples, and measured on all there are to measure on.
    ///
    /// @param some of the examples to train on
    FinetuneTask finetuneTask(Initialization initialization, int seed, int... some) throws IOException {
        HeadedNetwork<B> network = network(initialization, seed);
        Examples<B> all = new Examples<>(network, training);
        return new FinetuneTask(network, labels, new FinetuneTask.Sides(all, all.choose(some), new Examples<>(network, test), null),
                new FinetuneTask.Source(networks.name(), network.architecture(), false, "", "", Map.of(), List.of()));
    }
}
