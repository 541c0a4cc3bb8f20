package dev.headstart.task;

import dev.headstart.task.folder.FolderLock;
import dev.headstart.task.folder.Manifest;
import dev.headstart.task.folder.RunFolder;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.pretrain.Pace;
import dev.headstart.task.pretrain.Phases;
import dev.headstart.task.pretrain.Pretraining;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Version;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingListener;
import dev.headstart.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A network is trained on examples without labels.
///
/// ```java
/// Corpus corpus = Corpus.lines(Path.of("notes.txt"));
/// PreTrain.of(MaskedCharacters.of(corpus)).steps(400).saveIn(Path.of("model")).run();
/// ```
///
/// A `PreTrain` is immutable: each method gives another one. It prints nothing; a listener hears how far it is. It runs on the current
/// [dev.headstart.tensor.Workers], and the bits of its result do not depend on how many there are. With a folder it saves checkpoints, the
/// network, a report and a card; run again with the same settings, it is resumed.
public final class PreTrain {
    private final Pretraining goal;
    private final Pace pace;
    private final RunSettings run;

    private PreTrain(Pretraining goal, Pace pace, RunSettings run) {
        this.goal = goal;
        this.pace = pace;
        this.run = run;
    }

    /// As long and as fast as is usual for the goal.
    public static PreTrain of(Pretraining goal) {
        return new PreTrain(goal, goal.usual(), RunSettings.PLAIN);
    }

    private PreTrain with(Pace other) {
        return new PreTrain(goal, other, run);
    }

    private PreTrain with(RunSettings other) {
        return new PreTrain(goal, pace, other);
    }

    /// Trains for this many steps in all; a goal with several phases, for as many in each.
    public PreTrain steps(int steps) {
        return with(new Pace(steps, 0, pace.batch(), pace.rate()));
    }

    /// Trains for this many passes through the examples; a goal with several phases, for as many in each.
    public PreTrain epochs(int epochs) {
        return with(new Pace(0, epochs, pace.batch(), pace.rate()));
    }

    /// Number of examples in a step.
    public PreTrain batch(int examples) {
        return with(new Pace(pace.steps(), pace.epochs(), examples, pace.rate()));
    }

    /// The highest learning rate.
    public PreTrain rate(double rate) {
        return with(new Pace(pace.steps(), pace.epochs(), pace.batch(), rate));
    }

    /// Where all that is random comes from: 1 unless given.
    public PreTrain seed(long seed) {
        return with(run.seed(seed));
    }

    /// Hears how far it is.
    public PreTrain listener(TrainingListener listener) {
        return with(run.listener(listener));
    }

    /// It stops after the step in which this becomes true, by a [StoppedException].
    public PreTrain stopWhen(BooleanSupplier stop) {
        return with(run.stopWhen(stop));
    }

    /// The folder for the network, its report, its card and checkpoints.
    public PreTrain saveIn(Path folder) {
        return with(run.saveIn(folder));
    }

    /// Steps between two checkpoints: 100 for texts, an epoch for images unless given.
    ///
    /// @throws IllegalArgumentException below 1
    public PreTrain checkpointEvery(int steps) {
        return with(run.checkpointEvery(steps));
    }

    /// Whether checkpoints in the folder are deleted instead of resumed.
    public PreTrain restart(boolean restart) {
        return with(run.restart(restart));
    }

    /// Called when the folder was opened.
    public PreTrain whenOpened(FolderHook hook) {
        return with(run.whenOpened(hook));
    }

    /// Makes the network, and reads the examples. Nothing is written, nothing trained.
    ///
    /// @throws IOException when something cannot be read, or does not go together
    public Prepared prepare() throws IOException {
        run.checkFolder(goal.from().map(Pretrained::folder).orElse(null));
        return new Prepared(goal.open(pace, RandomStream.of(run.seed()).child("pretrain")));
    }

    /// Trains, and measures.
    ///
    /// @throws IOException when something cannot be read or written, or does not go together
    /// @throws StoppedException when it was asked to stop
    public Result run() throws IOException {
        return prepare().run();
    }

    /// A network and examples, ready to be trained on: once.
    public final class Prepared {
        private final Phases phases;
        private boolean opened;

        private Prepared(Phases phases) {
            this.phases = phases;
        }

        /// The examples, in words.
        public String examples() {
            return phases.examples();
        }

        /// The network, in words.
        public String network() {
            return phases.network();
        }

        /// [PreTrain#run].
        public Result run() throws IOException {
            Path folder = run.folder();
            if (folder == null) {
                return trained(null);
            }
            try (FolderLock _ = FolderLock.of(folder)) {
                return trained(folder);
            }
        }

        private Result trained(@Nullable Path folder) throws IOException {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("seed", run.seed());
            facts.putAll(phases.facts());
            Phases.Outcome outcome = phases.train(phase -> train(phase, facts));
            Result result = new Result(outcome, facts);
            if (folder != null) {
                open(folder); // where there was no phase
                Manifest.publish(folder, () -> save(result, folder));
            }
            return result;
        }

        private TrainingResult train(Phases.Phase phase, Map<String, Object> facts) throws IOException {
            Trainer trainer = phase.trainer().listener(run.listener()).stopWhen(run.stop());
            Path folder = run.folder();
            if (folder != null) {
                RunFolder saved = RunFolder.open(phase.folder().isEmpty() ? folder : folder.resolve(phase.folder()), facts, run.restart(),
                        run.listener());
                open(folder);
                Integer every = run.checkpointEvery();
                trainer.metrics(saved.metrics()).checkpoints(saved.checkpoints(), every == null ? phase.checkpointEvery() : every);
            }
            TrainingResult result = trainer.run(phase.steps());
            if (result.interrupted()) {
                throw new StoppedException(result.steps(), phase.steps(), folder);
            }
            return result;
        }

        private void open(Path folder) throws IOException {
            if (!opened) {
                opened = true;
                run.opened().opened(folder);
            }
        }

        private void save(Result result, Path folder) throws IOException {
            ModelCard card = card(result);
            phases.save(folder, card.metadata());
            Files.writeString(folder.resolve("README.md"), card.markdown());
            result.report().write(folder.resolve("report.html"));
        }

        private ModelCard card(Result result) {
            Map<String, String> texts = new LinkedHashMap<>();
            result.settings().forEach((name, value) -> texts.put(name, String.valueOf(value)));
            Phases.Description network = phases.description();
            return new ModelCard(network.title(), network.architecture(), network.source(), network.data(), network.hash(), run.seed(),
                    Version.current(), ModelCard.hash(phases.weights()), texts, result.metrics(), network.limits());
        }
    }

    /// What came of it.
    ///
    /// @param outcome how it went, and how good it is
    /// @param settings what the result depends on, by name
    public record Result(Phases.Outcome outcome, Map<String, Object> settings) {
        /// How each phase was trained: one for a layer, or one for all; none where nothing is learnt in steps.
        public List<TrainingResult> training() {
            return outcome.training();
        }

        /// What was measured on held-out examples, by name.
        public Map<String, Double> metrics() {
            return outcome.metrics();
        }

        /// The result in a sentence.
        public String headline() {
            return outcome.headline();
        }

        /// The result as a document.
        public HtmlReport report() {
            return outcome.report().apply(settings);
        }
    }
}
