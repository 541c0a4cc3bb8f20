package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A pre-trained network with a head for the labels of a task: a body that computes features, and a head that makes logits of them.
///
/// @param <B> a batch as the network takes it: a tensor of images, a list of token ids
public interface HeadedNetwork<B> {
    /// The network, head included.
    Part part();

    /// What the network is, in words: `ResNet-20`.
    String architecture();

    /// All parameters, the head's too.
    default Parameters parameters() {
        return part().parameters();
    }

    /// Pattern of the head's parameters.
    String head();

    /// The parameters that the features depend on: all but the head's.
    default Parameters body() {
        return parameters().without(head());
    }

    /// What the head takes of a batch, `[examples, …]`.
    Variable features(B batch);

    /// One vector for each example, to be scored without a head: `[examples, width]`.
    default Variable vectors(B batch) {
        return features(batch);
    }

    /// What the head makes of [#features]: logits, `[examples, labels]`.
    Variable classify(Variable features);

    /// What an example is: `texts`, `images`.
    String noun();

    /// The highest learning rate when none is given.
    double usualRate();

    /// The head's when none is given.
    ///
    /// @param rate of the rest
    double usualHeadRate(double rate);

    /// What features depend on besides weights and examples: sizes, preprocessing. Part of the key of stored features.
    String reading();

    /// Writes the network to a folder.
    ///
    /// @param labels what the head tells apart
    /// @param card where the weights come from, for the weight file: [dev.headstart.task.report.ModelCard#metadata]
    void save(Path folder, List<String> labels, Map<String, String> card) throws IOException;
}
