package dev.headstart.task.pretrain;

import dev.headstart.task.report.HtmlReport;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A pre-training that is ready to run, once: a network, examples, and the phases it is trained in, one after the other.
public interface Phases {
    /// A phase: a layer, or the whole network.
    ///
    /// @param folder of its checkpoints and metrics in the run's folder; empty for the run's folder itself
    /// @param trainer complete but for listener, folder and requests to stop
    /// @param steps to train to
    /// @param checkpointEvery steps between two checkpoints by default
    record Phase(String folder, Trainer trainer, int steps, int checkpointEvery) {}

    /// Runs a phase to its end, or throws.
    @FunctionalInterface
    interface Runner {
        /// How it went.
        ///
        /// @throws IOException when its folder cannot be read or written
        TrainingResult run(Phase phase) throws IOException;
    }

    /// What is known of a network before it is trained, for its card.
    ///
    /// @param title what it is, as a heading
    /// @param architecture what it is
    /// @param source what its weights start from; `random` for none
    /// @param data what it learns from
    /// @param hash SHA-256 of that
    /// @param limits what it should not be used for
    record Description(String title, String architecture, String source, String data, String hash, String limits) {}

    /// What came of it.
    ///
    /// @param training how each phase went; none where nothing is learnt in steps
    /// @param metrics on held-out examples, by name
    /// @param headline the result in a sentence
    /// @param report the result as a document, given the settings
    record Outcome(List<TrainingResult> training, Map<String, Double> metrics, String headline,
            Function<Map<String, Object>, HtmlReport> report) {
        public Outcome {
            training = List.copyOf(training);
        }
    }

    /// The examples, in words.
    String examples();

    /// The network, in words.
    String network();

    /// What must be the same when a run is resumed, besides the seed, by name.
    Map<String, Object> facts();

    /// What the card says.
    Description description();

    /// Trains.
    ///
    /// @throws IOException what the runner throws
    Outcome train(Runner runner) throws IOException;

    /// What [#save] writes, by name.
    Map<String, Tensor> weights();

    /// Writes the network to a folder that is there.
    ///
    /// @param card where the weights come from, for the weight file: [dev.headstart.task.report.ModelCard#metadata]
    void save(Path folder, Map<String, String> card) throws IOException;
}
