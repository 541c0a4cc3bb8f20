package dev.headstart.cli.finetune;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.Evaluation;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A pre-trained network with a new head, examples to learn from, and examples held back to measure on.
public interface FinetuneTask {
    /// All parameters, the head's too.
    Parameters parameters();

    /// The new head's parameters.
    Parameters head();

    /// What was carried over, and what was not.
    String transfer();

    /// What there is to learn from and to measure on, in words.
    String examples();

    /// What an example is: `texts`, `images`.
    String noun();

    /// Number of examples to learn from.
    int size();

    /// Their batches.
    Batches batches(int batchSize, RandomStream random);

    /// What is to be learnt.
    Objective objective();

    /// Share of the held-back examples that get the right label.
    double accuracy();

    /// How the guesses for the held-back examples compare with the truth.
    Evaluation evaluation();

    /// What must be the same when a run goes on: data and weights, by name.
    Map<String, Object> facts();

    /// Writes the network to a folder.
    void save(Path folder) throws IOException;
}
