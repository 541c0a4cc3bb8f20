package dev.headstart.task.goal;

import dev.headstart.task.model.Pretrained;
import java.io.IOException;

/// A goal whose result answers questions: it adds a head to the network, and a predictor.
///
/// @param <X> what is asked about: an image, a text
/// @param <Y> the answer: a ranking of labels, boxes, a text
public interface Task<X, Y> extends Goal {
    /// What answers with a network that was trained for this task.
    ///
    /// @throws IOException when the network cannot be read, or was trained for something else
    Predictor<X, Y> predictor(Pretrained trained) throws IOException;
}
