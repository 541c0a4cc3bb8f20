package dev.headstart.task.tuning;

import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A pre-trained network as the source of networks for a task: each one that is built has weights of its own.
///
/// @param <B> a batch as the network takes it
public interface HeadedNetworks<B> {
    /// The file or folder of the weights.
    String name();

    /// What an example is: `texts`, `images`.
    String noun();

    /// A network for these labels.
    ///
    /// @param initialization the weights below the head
    /// @param head whether a head of the file is kept
    /// @throws IOException when the weights cannot be read or do not fit, or there is no head to keep
    Loaded<B> build(List<String> labels, Initialization initialization, HeadChoice head, Streams random) throws IOException;

    /// The network with the head of its file; empty where there is none, or none that can be scored.
    ///
    /// @throws IOException when the weights cannot be read or do not fit
    default Optional<HeadedNetwork<B>> published(RandomStream random) throws IOException {
        return Optional.empty();
    }

    /// What becomes of each tensor of the file in a network with a new head.
    ///
    /// @throws IOException when the weights cannot be read or do not fit
    default String transfer(List<String> labels, Streams random) throws IOException {
        return build(labels, Initialization.PRETRAINED, HeadChoice.NEW, random).transfer();
    }

    /// Learning rates when none are given.
    Rates usualRates();

    /// A network that was built.
    ///
    /// @param headToo whether its head is that of the file, trained on these labels before
    /// @param transfer what was loaded, and what is new
    record Loaded<B>(HeadedNetwork<B> network, boolean headToo, String transfer) {}

    /// Highest learning rates.
    ///
    /// @param pretrained of pre-trained weights
    /// @param head of a new head on them
    /// @param random of all weights where they are random or shuffled
    record Rates(double pretrained, double head, double random) {}

    /// Which head a network gets.
    enum HeadChoice {
        /// A new one.
        NEW,
        /// The file's where the file says that it is of these labels, else a new one. Only the configuration of a BERT says so.
        KEPT_IF_SAME_LABELS,
        /// The file's, which must be of these labels.
        KEPT
    }

    /// Where random numbers of a network come from.
    ///
    /// @param weights initial weights
    /// @param head initial weights of a head that is made later
    /// @param shuffle order of shuffled weights
    record Streams(RandomStream weights, RandomStream head, RandomStream shuffle) {
        /// The streams of a single network.
        public static Streams of(RandomStream random) {
            return new Streams(random.child("weights"), random.child("head"), random.child("shuffle"));
        }

        /// The streams of one of several networks.
        public static Streams of(RandomStream random, int seed) {
            Streams all = of(random);
            return new Streams(all.weights.child(seed), all.head.child(seed), all.shuffle.child(seed));
        }
    }
}
