package dev.headstart.task;

import dev.headstart.task.compare.FeatureScores;
import dev.headstart.task.compare.OpenedTask;
import dev.headstart.task.compare.TaskFeatures;
import dev.headstart.task.data.ImageReader;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.TrainingListener;
import dev.headstart.train.measure.DomainGap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a network's features already tell of a task, without fine-tuning: a linear probe (Alain and Bengio 2016), the nearest neighbours,
/// LogME (You et al. 2021).
///
/// ```java
/// double accuracy = Probe.of(pretrained, task).perClass(100).run().scores().probe().accuracy();
/// ```
///
/// A `Probe` is immutable: each method gives another one.
public final class Probe {
    private final Pretrained from;
    private final Classification<?> task;
    private final int perClass;
    private final int neighbours;
    private final @Nullable Source source;
    private final RunSettings run;

    /// What the network was pre-trained on.
    private record Source(Path path, ImageReader reader) {}

    private Probe(Pretrained from, Classification<?> task, int perClass, int neighbours, @Nullable Source source, RunSettings run) {
        this.from = from;
        this.task = task;
        this.perClass = perClass;
        this.neighbours = neighbours;
        this.source = source;
        this.run = run;
    }

    /// Looks at 400 examples of each class, a quarter of them to measure on, and asks 5 neighbours.
    public static Probe of(Pretrained from, Classification<?> task) {
        return new Probe(from, task, 400, 5, null, RunSettings.PLAIN);
    }

    /// Examples of each class to look at, at most.
    ///
    /// @throws IllegalArgumentException below 4
    public Probe perClass(int examples) {
        if (examples < 4) {
            throw new IllegalArgumentException("probe: " + examples + " examples of each class: at least 4 are needed");
        }
        return new Probe(from, task, examples, neighbours, source, run);
    }

    /// How many neighbours vote.
    ///
    /// @throws IllegalArgumentException below 1
    public Probe neighbours(int voters) {
        if (voters < 1) {
            throw new IllegalArgumentException("probe: " + voters + " neighbours: at least 1 is needed");
        }
        return new Probe(from, task, perClass, voters, source, run);
    }

    /// Says how far the examples lie from what the network was pre-trained on.
    ///
    /// @param data images, or a file of lines of text
    /// @param reader opens images
    public Probe source(Path data, ImageReader reader) {
        return new Probe(from, task, perClass, neighbours, new Source(data, reader), run);
    }

    /// Where all that is random comes from: 1 unless given.
    public Probe seed(long seed) {
        return new Probe(from, task, perClass, neighbours, source, run.seed(seed));
    }

    /// Hears how far it is.
    public Probe listener(TrainingListener listener) {
        return new Probe(from, task, perClass, neighbours, source, run.listener(listener));
    }

    /// Computes features, and scores them.
    ///
    /// @throws IOException when something cannot be read, or does not go together
    public Result run() throws IOException {
        RandomStream random = RandomStream.of(run.seed()).child("probe");
        return run(random, random, "features");
    }

    /// @param some chooses examples
    /// @param phase what the listener is told
    Result run(RandomStream random, RandomStream some, String phase) throws IOException {
        OpenedTask opened = task.open(from, random, Integer.MAX_VALUE);
        TaskFeatures<?> features = TaskFeatures.of(opened.task(), perClass, some, phase, run.listener());
        FeatureScores scores = features.scores(neighbours, random.child("linear"));
        DomainGap gap = source == null ? null : features.gap(source.path, source.reader, random.child("gap"));
        return new Result(opened, features, scores, Optional.ofNullable(gap));
    }

    /// What was found.
    ///
    /// @param task network and examples
    /// @param features of some of the examples
    /// @param scores what they tell
    /// @param gap how far the examples lie from the network's own; empty where those were not given
    public record Result(OpenedTask task, TaskFeatures<?> features, FeatureScores scores, Optional<DomainGap> gap) {}
}
