package dev.headstart.task.pretrain;

import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.Optional;

/// Something that can be pre-trained: examples without labels, an objective, and a network that is made for them or continued.
///
/// A [dev.headstart.task.goal.Goal] gives *one* session with a network that is there already. Pre-training is more: most of it makes its
/// network, whose sizes it therefore knows, and layer-wise objectives train in several phases, each on what the layers below make of the
/// examples. So a goal that can be trained on both ways, as [MaskedWords] can, says which in a `Pretraining`.
public interface Pretraining {
    /// How long and how fast it is trained by default.
    Pace usual();

    /// The pre-trained network that is continued; empty where a new one is made.
    default Optional<Pretrained> from() {
        return Optional.empty();
    }

    /// Reads the examples, holds some of them out, and makes the network.
    ///
    /// @param random of the run
    /// @throws IOException when something cannot be read, or does not go together
    Phases open(Pace pace, RandomStream random) throws IOException;
}
