package dev.headstart.task;

import dev.headstart.task.data.ImageReader;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/// Which of several networks to fine-tune, before one is: their features are scored on a user's own examples.
///
/// ```java
/// Pretrained best = Rank.on(task).perClass(50).best(List.of(pretrained)).getFirst().from();
/// ```
///
/// A `Rank` is immutable: each method gives another one.
public final class Rank {
    private final Classification<?> task;
    private final UnaryOperator<Probe> settings;
    private final RunSettings run;

    private Rank(Classification<?> task, UnaryOperator<Probe> settings, RunSettings run) {
        this.task = task;
        this.settings = settings;
        this.run = run;
    }

    /// Looks at 100 examples of each class, a quarter of them to measure on.
    public static Rank on(Classification<?> task) {
        return new Rank(task, probe -> probe.perClass(100), RunSettings.PLAIN);
    }

    private Rank with(UnaryOperator<Probe> more) {
        return new Rank(task, probe -> more.apply(settings.apply(probe)), run);
    }

    /// Examples of each class to look at, at most.
    public Rank perClass(int examples) {
        return with(probe -> probe.perClass(examples));
    }

    /// Says how far the examples lie from what the networks were pre-trained on.
    ///
    /// @param data images, or a file of lines of text
    /// @param reader opens images
    public Rank source(Path data, ImageReader reader) {
        return with(probe -> probe.source(data, reader));
    }

    /// Where all that is random comes from: 1 unless given.
    public Rank seed(long seed) {
        return new Rank(task, settings, run.seed(seed));
    }

    /// Hears how far it is.
    public Rank listener(TrainingListener listener) {
        return new Rank(task, settings, run.listener(listener));
    }

    /// Scores one network.
    ///
    /// @throws IOException when it cannot be read, or does not suit the examples
    public Candidate score(Pretrained network) throws IOException {
        RandomStream random = RandomStream.of(run.seed()).child("rank");
        return new Candidate(network, settings.apply(Probe.of(network, task)).listener(run.listener()).run(random, random.child("some"),
                String.valueOf(network.from().getFileName())));
    }

    /// Scores networks: the best, by LogME, is first.
    ///
    /// @throws IOException when one cannot be read, or does not suit the examples
    public List<Candidate> best(List<Pretrained> networks) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (Pretrained network : networks) {
            candidates.add(score(network));
        }
        candidates.sort(Candidate.ORDER);
        return List.copyOf(candidates);
    }

    /// A network with its scores.
    public record Candidate(Pretrained from, Probe.Result found) {
        /// The best first: by LogME, those without last.
        public static final Comparator<Candidate> ORDER = Comparator.comparingDouble(
                (Candidate c) -> Double.isNaN(c.logMe()) ? Double.NEGATIVE_INFINITY : c.logMe()).reversed();

        /// The score that orders; NaN when all features are the same.
        public double logMe() {
            return found.scores().logMe();
        }
    }
}
