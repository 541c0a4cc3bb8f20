package dev.headstart.task.goal;

import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;

/// What is to be learnt: examples, the capability that is needed of a network, the loss of a batch, the metrics of an evaluation.
///
/// A goal is immutable and knows no network. [#session] gives a pre-trained network the goal's loss and measure: everything that training
/// needs, and nothing of what kind of goal it is.
public interface Goal {
    /// What an example is, in the plural: `images`, `texts`.
    String noun();

    /// A network of its own from a pre-trained one, with the goal's loss on the goal's examples.
    ///
    /// @param random all that is drawn for the network
    /// @throws IOException when the network lacks the capability, or a file cannot be read: what is missing is named
    Session session(Pretrained from, Preparation preparation, RandomStream random) throws IOException;
}
