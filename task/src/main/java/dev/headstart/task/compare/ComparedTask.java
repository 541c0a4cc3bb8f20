package dev.headstart.task.compare;

import dev.headstart.task.data.ImageReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Labelled examples and a pre-trained network: what a [Comparison] must know of images or of texts. Examples have numbers: first come
/// those to learn from, then those to measure on.
public interface ComparedTask {
    /// What an example is: `images`, `texts`.
    String noun();

    /// Names of the labels.
    List<String> labels();

    /// The label of each example to learn from.
    int[] training();

    /// The label of each example to measure on.
    int[] test();

    /// How long an example is, so that those of similar length are computed together; 1 where all are of one size.
    int length(int example);

    /// A network with a new head, ready to learn.
    ///
    /// @param start where the weights of all but the head come from
    /// @param seed which of several: heads and random weights differ
    /// @throws IOException when the weights cannot be read, or do not fit
    Learner learner(Start start, int seed) throws IOException;

    /// The network with the head it has in its file; empty where it has none, or one that is no use here.
    ///
    /// @throws IOException when the weights cannot be read, or do not fit
    Optional<Learner> published() throws IOException;

    /// The same with other examples to measure on, whose labels are not known (and said to be 0).
    ///
    /// @param from images or lines of text: what the source learnt from
    /// @param reader opens images
    /// @param most so many of them at most, evenly spread
    /// @throws IOException when they cannot be read
    ComparedTask unlabelled(Path from, ImageReader reader, int most) throws IOException;

    /// Share of the tokens to learn from that the vocabulary lacks; 0 for images.
    double unknownRate();

    /// What the transfer into the network with a new head does to which parameter.
    String transfer() throws IOException;
}
