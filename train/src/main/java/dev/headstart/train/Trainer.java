package dev.headstart.train;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.optim.Optimizer;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The training loop: batch, loss, backward, step; now and then validation and a checkpoint. Nothing in it a user could not write in ten
/// lines.
///
/// ```java
/// import dev.headstart.train.objective.TextClassification;
///
/// TextClassification heldOut = …;
/// TrainingResult result = Trainer.of(objective, model.parameters(), optimizer, batches, random)
///         .validate(100, "accuracy", () -> heldOut.score().accuracy())
///         .earlyStopping(3)
///         .checkpoints(Checkpoints.in(folder), 200)
///         .run(2_000);
/// ```
///
/// Everything a step draws is a function of the random stream and the step's number, and a checkpoint holds the rest (parameters, what is
/// frozen, optimiser state, the best so far, the curve): so a run that is resumed gives the same bits as one that never stopped, with any
/// number of threads. A trainer runs once.
///
/// It refuses what would train nothing, or the wrong thing: no parameter that is trainable at any step, an optimiser of other parameters
/// than the model's, gradients of parameters it was not given (at any step), a loss that gave the optimiser's parameters no gradient in the
/// whole run (from step 0; the first step without one is a warning), early stopping without validation.
public final class Trainer {
    /// Steps between two lines of figures, without validation.
    private static final long LINE_EVERY = 50;

    private final Objective objective;
    private final Parameters parameters;
    private final Optimizer optimizer;
    private final Batches batches;
    private final RandomStream random;
    private final Workspace workspace = new Workspace();

    private String name = "train";
    private final Listeners listeners = new Listeners(new ArrayList<>());
    private @Nullable MetricsLog metrics;
    private @Nullable Validation validation;
    private int patience;
    private long patienceFrom;
    private @Nullable Checkpoints checkpoints;
    private long checkpointEvery;
    private int parts = 1;
    private Runnable after = () -> {};
    private BooleanSupplier stopRequest = () -> false;
    private boolean ran;

    private record Validation(long every, String metric, DoubleSupplier measure) {}

    private Trainer(Objective objective, Parameters parameters, Optimizer optimizer, Batches batches, RandomStream random) {
        this.objective = objective;
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.batches = batches;
        this.random = random;
    }

    /// A trainer without validation, checkpoints or a listener.
    ///
    /// @param parameters all parameters of the model, frozen ones too: what checkpoints hold
    /// @param random for dropout and for what the objective draws
    public static Trainer of(Objective objective, Parameters parameters, Optimizer optimizer, Batches batches, RandomStream random) {
        return new Trainer(objective, parameters, optimizer, batches, random);
    }

    /// Names the training, for listeners, figures and checkpoints: a run is resumed under the name it was saved with. Without this it is
    /// `train`.
    public Trainer named(String phase) {
        this.name = phase;
        return this;
    }

    /// Reports to this listener too, after those given before.
    public Trainer listener(TrainingListener to) {
        listeners.all().add(to);
        return this;
    }

    /// Writes a line of figures at each validation, or every 50 steps without.
    public Trainer metrics(MetricsLog to) {
        this.metrics = to;
        return this;
    }

    /// Measures after every `every` steps, and after the last. Larger is better.
    public Trainer validate(long every, String metric, DoubleSupplier measure) {
        if (every < 1) {
            throw new IllegalArgumentException("training: validation every " + every + " steps: at least 1");
        }
        this.validation = new Validation(every, metric, measure);
        return this;
    }

    /// Stops when `patience` validations in a row were no better than the best, and in any case ends with the best weights.
    public Trainer earlyStopping(int patience) {
        if (patience < 1) {
            throw new IllegalArgumentException("training: patience " + patience + ": at least 1 validation");
        }
        this.patience = patience;
        return this;
    }

    /// Counts only validations after this step against the patience of [#earlyStopping], as when a group becomes trainable there.
    public Trainer patienceFrom(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("training: patience from step " + step + ": at least 0");
        }
        this.patienceFrom = step;
        return this;
    }

    /// Saves a checkpoint after every `every` steps and after the last, and begins from the newest one that is there.
    public Trainer checkpoints(Checkpoints in, long every) {
        if (every < 1) {
            throw new IllegalArgumentException("training: a checkpoint every " + every + " steps: at least 1");
        }
        this.checkpoints = in;
        this.checkpointEvery = every;
        return this;
    }

    /// Computes each batch in `parts` parts, one after the other, and steps by the mean of their gradients, each weighed by its number of
    /// examples: the memory of a part, the step of the batch.
    ///
    /// A part's loss is a mean, and the parts' gradients are added in order. So the bits do not depend on threads, but differ in the last
    /// places from those of the whole batch, whose sums run over all rows at once. Batch normalisation takes the moments of a part; a loss
    /// that is a mean over something other than examples (tokens) weighs the parts by examples nevertheless.
    public Trainer accumulate(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("training: batches in " + parts + " parts: at least 1");
        }
        this.parts = parts;
        return this;
    }

    /// Runs something after each step, as averaging weights; before validation and checkpoints.
    public Trainer afterEachStep(Runnable what) {
        Runnable before = after;
        this.after = () -> {
            before.run();
            what.run();
        };
        return this;
    }

    /// Looks after each step whether it should stop. Then it saves a checkpoint, if there are any, and returns a result that says so; from
    /// a later run resumes there with the same bits.
    public Trainer stopWhen(BooleanSupplier asked) {
        this.stopRequest = asked;
        return this;
    }

    /// Trains up to step number `steps`, from where the newest checkpoint stands. Once: another run needs another trainer.
    ///
    /// @throws NonFiniteLossException when a loss is NaN or infinite
    /// @throws UncheckedIOException when a checkpoint or a line of figures cannot be written; what was saved before stays
    /// @throws IllegalStateException when this trainer ran before, or would train nothing or the wrong thing
    public TrainingResult run(long steps) {
        if (ran) {
            throw new IllegalStateException("training: this trainer ran already: make another for another run");
        }
        if (validation == null && (patience > 0 || patienceFrom > 0)) {
            throw new IllegalStateException(
                    "training: " + (patience > 0 ? "early stopping" : "patience") + " without validation: ask for validate(…) too");
        }
        if (patienceFrom > 0 && patience == 0) {
            throw new IllegalStateException(
                    "training: patience from step " + patienceFrom + " without early stopping: ask for earlyStopping(…) too");
        }
        ran = true;
        try {
            return new Run().to(steps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What changes while training, and the loop that changes it.
    private final class Run {
        private final LearningCurve curve = new LearningCurve();
        private final EarlyStopping stopping = patience == 0 ? EarlyStopping.never() : EarlyStopping.after(patience, patienceFrom);
        private final TrainingCheckpoint state = new TrainingCheckpoint(fingerprint(), parameters, optimizer, stopping, curve);
        private final TrainingChecks checks = new TrainingChecks(parameters, optimizer);
        private final NonFiniteDiagnosis diagnosis = new NonFiniteDiagnosis(name, parameters, checkpoints != null);
        private final List<Double> seconds = new ArrayList<>();
        private long step;

        TrainingResult to(long steps) throws IOException {
            resume();
            if (step < steps && !stopping.stops()) {
                checks.beforeRun(step, steps);
            }
            listeners.began(name, step, steps);
            TrainingResult result;
            try {
                result = train(steps);
            } catch (RuntimeException | Error | IOException e) {
                listeners.failed();
                throw e;
            }
            listeners.ended();
            return result;
        }

        private TrainingResult train(long steps) throws IOException {
            boolean resumed = step > 0;
            boolean stopped = stopping.stops();
            boolean interrupted = false;
            while (step < steps && !stopped && !interrupted) {
                advance();
                boolean last = step == steps;
                if (last || step % (validation == null ? LINE_EVERY : validation.every) == 0) {
                    measure();
                    stopped = stopping.stops();
                }
                if ((last || stopped) && !resumed) {
                    checks.afterRun();
                }
                interrupted = !last && !stopped && stopRequest.getAsBoolean();
                if (checkpoints != null && (last || stopped || interrupted || step % checkpointEvery == 0)) {
                    checkpoints.save(step, state.save(step));
                }
            }
            long bestStep = interrupted ? step : stopping.finish(step, parameters);
            return new TrainingResult(step, stopped, bestStep, median(seconds), curve.points(), interrupted);
        }

        private void resume() throws IOException {
            Checkpoints.Loaded latest = checkpoints == null ? null : checkpoints.latest().orElse(null);
            if (latest == null) {
                return;
            }
            latest.warnings().forEach(listeners::warned);
            try {
                step = state.restore(latest.checkpoint());
            } catch (JsonException e) {
                throw new IOException("checkpoint " + latest.file() + ": " + e.getMessage(), e);
            } catch (IllegalStateException | IllegalArgumentException e) {
                throw new IllegalStateException(e.getMessage() + " (" + latest.file() + ")", e);
            }
        }

        /// Takes the next step, counts and reports it.
        private void advance() {
            long start = System.nanoTime();
            int[] batch = batches.batch(step);
            double loss = workspace.call(() -> update(batch));
            after.run();
            seconds.add((System.nanoTime() - start) * 1e-9);
            step++;
            curve.loss(loss);
            listeners.stepped(batch.length, loss);
        }

        /// Changes the parameters, and gives the loss from before the change.
        private double update(int[] batch) {
            RandomStream own = random.child(step);
            double value = 0;
            Gradients gradients = Gradients.of(Map.of());
            int pieces = Math.min(parts, batch.length);
            for (int i = 0; i < pieces; i++) {
                int[] piece = Arrays.copyOfRange(batch, i * batch.length / pieces, (i + 1) * batch.length / pieces);
                Variable loss = loss(piece, pieces == 1 ? own : own.child(i));
                value += (double) loss.value().item() * piece.length / batch.length;
                gradients = pieces == 1
                        ? loss.backward()
                        : gradients.plus(loss.backward(Tensor.full(loss.shape(), (float) piece.length / batch.length)));
            }
            checks.ofStep(step + 1, gradients).ifPresent(listeners::warned);
            double norm = optimizer.step(gradients);
            if (optimizer.clips() && !Double.isFinite(norm)) {
                throw diagnosis.ofGradients(norm, value, step + 1);
            }
            return value;
        }

        /// The loss of a batch or of a part of it, which is finite.
        private Variable loss(int[] examples, RandomStream own) {
            Supplier<Variable> computation = () -> Mode.training(own.child("dropout"),
                    () -> objective.loss(examples, own.child("objective")));
            Variable loss = computation.get();
            double value = loss.value().item();
            if (!Double.isFinite(value)) {
                throw diagnosis.ofLoss(computation, value, step + 1);
            }
            return loss;
        }

        private void measure() throws IOException {
            TrainingResult.Point point = curve.point(step, validation == null ? Double.NaN : validation.measure.getAsDouble());
            if (validation != null) {
                stopping.measured(step, point.metric(), parameters);
                listeners.validated(validation.metric, point.metric());
            }
            if (metrics != null) {
                Json.Builder line = Json.object().put("phase", name).put("step", step).put("loss", Json.numberOrNull(point.loss()));
                if (validation != null) {
                    line.put(validation.metric, Json.numberOrNull(point.metric()));
                }
                metrics.append(line.put("rate", optimizer.groups().isEmpty() ? 0 : optimizer.rate(optimizer.groups().getFirst())).build());
            }
        }
    }

    /// What must be the same when a run is resumed.
    private String fingerprint() {
        return name + " seed-key " + Long.toHexString(random.key()) + " examples " + batches.examples() + " batch " + batches.batchSize()
                + (parts == 1 ? "" : " parts " + parts);
    }

    private static double median(List<Double> seconds) {
        double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0
                ? Double.NaN
                : Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1).average().orElse(Double.NaN);
    }
}
