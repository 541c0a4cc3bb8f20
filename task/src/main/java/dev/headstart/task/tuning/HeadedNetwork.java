package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A pre-trained network with a head for labels of one's own.
public interface HeadedNetwork {
    /// The network, head included.
    Part part();

    /// All parameters, the head's too.
    default Parameters parameters() {
        return part().parameters();
    }

    /// Pattern of the head's parameters.
    String head();

    /// Logits of what the head sees, `[examples, width] → [examples, labels]`.
    Variable classify(Variable features);

    /// What an example is: `texts`, `images`.
    String noun();

    /// The highest learning rate when none is given.
    double usualRate();

    /// The head's when none is given.
    ///
    /// @param rate of the rest
    double usualHeadRate(double rate);

    /// Writes the network to a folder.
    ///
    /// @param labels what the head tells apart
    /// @param card where the weights come from, for the weight file: [dev.headstart.task.report.ModelCard#metadata]
    void save(Path folder, List<String> labels, Map<String, String> card) throws IOException;
}
