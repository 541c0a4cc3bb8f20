package dev.headstart.task.goal;

import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A network of its own with a goal's loss and measure.
public interface Session {
    /// All parameters, the head's too.
    Parameters parameters();

    /// Pattern of the parameters of the head, `classifier.**`; empty where everything was pre-trained.
    String head();

    /// The loss of a batch: examples are numbers below those of [#batches].
    Objective objective();

    /// Batches of the examples to train on: of similar length where lengths vary.
    ///
    /// @param batchSize examples of a step
    Batches batches(int batchSize, RandomStream random);

    /// Metrics on the held-out examples, by name; the first chooses the best weights, larger is better.
    ///
    /// @throws IOException when an example cannot be read
    Map<String, Double> measure() throws IOException;

    /// Writes the network and what belongs to it to a folder.
    ///
    /// @param card where the weights come from, for the weight file: [dev.headstart.task.report.ModelCard#metadata]
    void save(Path folder, Map<String, String> card) throws IOException;
}
