package dev.headstart.task;

import dev.headstart.task.compare.OpenedTask;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.goal.Task;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.List;

/// Examples that have one label each. Verbs that need labels and features take this type only.
///
/// @param <X> what has a label: an image, a text
public interface Classification<X> extends Task<X, Ranking> {
    /// The labels, in the order of the head's outputs.
    List<String> labels();

    /// Alpha of the share in which two examples are mixed; 0 for none.
    default double mixup() {
        return 0;
    }

    /// How examples are changed while they are trained on, in words.
    default String augmentations() {
        return "none";
    }

    /// The examples for a network whose features and heads are compared.
    ///
    /// @param most upper limit of those to measure on; evenly spread
    /// @throws IOException when one of them cannot be read, or they do not fit together
    OpenedTask open(Pretrained from, RandomStream random, int most) throws IOException;

    @Override
    FinetuneTask session(Pretrained from, Preparation preparation, RandomStream random) throws IOException;
}
