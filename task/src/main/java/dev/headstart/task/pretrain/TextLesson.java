package dev.headstart.task.pretrain;

import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Hidden parts of texts to be guessed: a network, texts to learn from, and texts held back to measure on.
public interface TextLesson {
    /// Share of a text that is hidden (Devlin et al. 2018, arXiv 1810.04805).
    double HIDDEN = 0.15;

    /// Sequences of a batch when guesses are counted.
    int EVALUATION_BATCH = 64;

    /// All parameters.
    Parameters parameters();

    /// What is to be learnt.
    Objective objective();

    /// The length of each sequence to learn from.
    int[] lengths();

    /// Share of hidden parts of the texts held back that are guessed right, always of the same ones for the same random stream.
    double accuracy(RandomStream random);

    /// What is hidden: `characters`, `tokens`.
    String unit();

    /// The texts, in words.
    String texts();

    /// The network, in words, and where its weights come from.
    String network();

    /// What the network is: `BERT for masked language modelling`.
    String architecture();

    /// What its weights started from: a file, or `random`.
    String source();

    /// Where the texts come from.
    Corpus.Provenance provenance();

    /// What [#save] writes, by name.
    Map<String, Tensor> weights();

    /// What must be the same when a run goes on, by name.
    Map<String, Object> facts();

    /// Writes the network to a folder that is there.
    ///
    /// @param card where the weights come from, for the weight file: [dev.headstart.task.report.ModelCard#metadata]
    void save(Path folder, Map<String, String> card) throws IOException;
}
