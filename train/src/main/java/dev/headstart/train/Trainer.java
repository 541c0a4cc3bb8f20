package dev.headstart.train;

import dev.headstart.autograd.Diagnosis;
import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.io.Checkpoint;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The training loop: batch, loss, backward, step; now and then validation and a checkpoint. Nothing in it a user could not write in ten
/// lines.
///
/// ```java
/// TrainingResult result = Trainer.of(objective, model.parameters(), optimizer, batches, random)
///         .validate(100, "accuracy", () -> held.score().accuracy())
///         .earlyStopping(3)
///         .checkpoints(Checkpoints.in(folder), 200)
///         .run(2_000);
/// ```
///
/// Everything a step draws is a function of the random stream and the step's number, and a checkpoint holds the rest (parameters, what is
/// frozen, optimiser state, the best so far, the curve): so a run that is resumed gives the same bits as one that never stopped, with any
/// number of threads. A trainer runs once.
public final class Trainer {
    private final Objective objective;
    private final Parameters parameters;
    private final Optimizer optimizer;
    private final Batches batches;
    private final RandomStream random;
    private final Workspace workspace = new Workspace();

    private String name = "train";
    private TrainingListener listener = TrainingListener.NONE;
    private @Nullable MetricsLog metrics;
    private long validateEvery;
    private String metricName = "metric";
    private DoubleSupplier validation = () -> Double.NaN;
    private int patience = Integer.MAX_VALUE;
    private long patienceFrom;
    private boolean restoreBest;
    private @Nullable Checkpoints checkpoints;
    private long checkpointEvery;
    private int parts = 1;
    private Runnable after = () -> {};
    private BooleanSupplier stopRequest = () -> false;

    private long step;
    private double lossSum;
    private long lossSteps;
    private double best = Double.NaN;
    private long bestStep;
    private int worse;
    private Map<String, Tensor> bestWeights = Map.of();
    private final List<TrainingResult.Point> curve = new ArrayList<>();

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

    /// Tells this listener what happens.
    ///
    /// @param phase name of the training, for the listener, the figures and the checkpoints
    public Trainer listener(String phase, TrainingListener to) {
        this.name = phase;
        this.listener = to;
        return this;
    }

    /// Writes a line of figures at each validation, or every 50 steps without.
    public Trainer metrics(MetricsLog to) {
        this.metrics = to;
        return this;
    }

    /// Measures every so many steps, and after the last. Larger is better.
    public Trainer validate(long every, String metric, DoubleSupplier measure) {
        if (every < 1) {
            throw new IllegalArgumentException("training: validation every " + every + " steps: at least 1");
        }
        this.validateEvery = every;
        this.metricName = metric;
        this.validation = measure;
        return this;
    }

    /// Stops when so many validations in a row were no better than the best, and in any case ends with the best weights.
    public Trainer earlyStopping(int patience) {
        if (patience < 1) {
            throw new IllegalArgumentException("training: patience " + patience + ": at least 1 validation");
        }
        this.patience = patience;
        this.restoreBest = true;
        return this;
    }

    /// Loses patience only with validations after this step, as when something begins to learn there.
    public Trainer patienceFrom(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("training: patience from step " + step + ": at least 0");
        }
        this.patienceFrom = step;
        return this;
    }

    /// Saves a checkpoint every so many steps and after the last, and begins from the newest one that is there.
    public Trainer checkpoints(Checkpoints in, long every) {
        if (every < 1) {
            throw new IllegalArgumentException("training: a checkpoint every " + every + " steps: at least 1");
        }
        this.checkpoints = in;
        this.checkpointEvery = every;
        return this;
    }

    /// Computes each batch in so many parts, one after the other, and steps by the mean of their gradients, each weighed by its number of
    /// examples: the memory of a part, the step of the batch.
    ///
    /// A part's loss is a mean, and the parts' gradients are added in order. So the bits do not depend on threads, but differ in the last
    /// places from those of the whole batch, whose sums run over all rows at once. Batch normalisation sees the moments of a part; a loss
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
    /// there a later run goes on with the same bits.
    public Trainer stopWhen(BooleanSupplier asked) {
        this.stopRequest = asked;
        return this;
    }

    /// Trains up to step number `steps`, from where the newest checkpoint stands.
    ///
    /// @throws NonFiniteLossException when a loss is NaN or infinite
    /// @throws UncheckedIOException when a checkpoint or a line of figures cannot be written; what was saved before stays
    public TrainingResult run(long steps) {
        try {
            return runTo(steps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TrainingResult runTo(long steps) throws IOException {
        resume();
        listener.began(name, step, steps);
        List<Double> seconds = new ArrayList<>();
        boolean stopped = worse >= patience;
        boolean interrupted = false;
        while (step < steps && !stopped && !interrupted) {
            long start = System.nanoTime();
            int[] batch = batches.batch(step);
            double loss = workspace.call(() -> step(batch));
            after.run();
            seconds.add((System.nanoTime() - start) * 1e-9);
            step++;
            lossSum += loss;
            lossSteps++;
            listener.stepped(batch.length, loss);
            boolean last = step == steps;
            if (validateEvery > 0 ? last || step % validateEvery == 0 : last || step % 50 == 0) {
                measure();
                stopped = worse >= patience;
            }
            interrupted = !last && !stopped && stopRequest.getAsBoolean();
            if (checkpoints != null && (last || stopped || interrupted || step % checkpointEvery == 0)) {
                checkpoints.save(step, checkpoint());
            }
        }
        if (restoreBest && !interrupted && !bestWeights.isEmpty()) {
            bestWeights.forEach((parameter, weights) -> parameters.get(parameter).value().copyInPlace(weights));
        }
        listener.ended();
        return new TrainingResult(step, stopped, restoreBest && !interrupted ? bestStep : step, median(seconds), List.copyOf(curve),
                interrupted);
    }

    /// One step; the loss before it.
    private double step(int[] batch) {
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
        double norm = optimizer.step(gradients);
        if (optimizer.clips() && !Double.isFinite(norm)) {
            listener.failed();
            throw new NonFiniteLossException(
                    name + ": the gradient's norm is " + norm + " at step " + (step + 1) + " although the loss is " + value
                            + ": a smaller learning rate may help",
                    step + 1);
        }
        return value;
    }

    /// The loss of a batch or of a part of it, which is finite.
    private Variable loss(int[] examples, RandomStream own) {
        Variable loss = Mode.training(own.child("dropout"), () -> objective.loss(examples, own.child("objective")));
        double value = loss.value().item();
        if (!Double.isFinite(value)) {
            listener.failed();
            throw new NonFiniteLossException(complaint(loss, value), step + 1);
        }
        return loss;
    }

    private String complaint(Variable loss, double value) {
        Map<Parameter, String> names = new LinkedHashMap<>();
        parameters.byName().forEach((parameter, p) -> names.put(p, parameter));
        Optional<Diagnosis> first = Diagnosis.firstNonFinite(loss);
        String where = first.map(d -> {
            String layers = d.parameters().stream().map(p -> layer(names.getOrDefault(p, "a parameter of another model"))).distinct()
                    .collect(Collectors.joining(", "));
            return d.fromParameter()
                    ? "the weights of " + layers + " (" + d.operator() + ") are already not finite"
                    : "the first bad value came out of " + d.operator() + (layers.isEmpty() ? "" : " at or after " + layers);
        }).orElse("its inputs are not finite");
        return name + ": the loss is " + value + " at step " + (step + 1) + ": " + where + "; a smaller learning rate or clipping may help"
                + (checkpoints == null ? "" : "; saved checkpoints are untouched");
    }

    private static String layer(String parameter) {
        int dot = parameter.lastIndexOf('.');
        return dot < 0 ? parameter : parameter.substring(0, dot);
    }

    private void measure() throws IOException {
        double metric = validateEvery > 0 ? validation.getAsDouble() : Double.NaN;
        TrainingResult.Point point = new TrainingResult.Point(step, lossSum / Math.max(1, lossSteps), metric);
        lossSum = 0;
        lossSteps = 0;
        curve.add(point);
        if (validateEvery > 0) {
            if (Double.isNaN(best) || metric > best) {
                best = metric;
                bestStep = step;
                worse = 0;
                bestWeights = restoreBest ? copies() : Map.of();
            } else if (step > patienceFrom) {
                worse++;
            }
            listener.validated(metricName, metric);
        }
        if (metrics != null) {
            Json.Builder line = Json.object().put("phase", name).put("step", step).put("loss", Json.numberOrNull(point.loss()));
            if (validateEvery > 0) {
                line.put(metricName, Json.numberOrNull(metric));
            }
            metrics.append(line.put("rate", optimizer.groups().isEmpty() ? 0 : optimizer.rate(optimizer.groups().getFirst())).build());
        }
    }

    private Map<String, Tensor> copies() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        parameters.byName().forEach((parameter, p) -> copies.put(parameter, p.value().copy()));
        return copies;
    }

    // ---- checkpoints ----

    private Checkpoint checkpoint() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        copies().forEach((parameter, value) -> tensors.put("model/" + parameter, value));
        bestWeights.forEach((parameter, value) -> tensors.put("best/" + parameter, value));
        Optimizer.State state = optimizer.state();
        state.tensors().forEach((momentum, value) -> tensors.put("optimizer/" + momentum, value));
        Json.Builder slots = Json.object();
        state.slotSteps().forEach(slots::put);
        List<String> frozen = parameters.byName().entrySet().stream().filter(e -> !e.getValue().isTrainable()).map(Map.Entry::getKey)
                .toList();
        Json.Arr points = new Json.Arr(
                curve.stream().<Json>map(p -> Json.array(Json.of(p.step()), Json.numberOrNull(p.loss()), Json.numberOrNull(p.metric())))
                        .toList());
        return new Checkpoint(tensors, Json.object().put("run", fingerprint()).put("step", step).put("optimizerSteps", state.steps())
                .put("slotSteps", slots.build()).put("frozen", Json.strings(frozen)).put("lossSum", lossSum).put("lossSteps", lossSteps)
                .put("best", Json.numberOrNull(best)).put("bestStep", bestStep).put("worse", worse).put("curve", points).build());
    }

    /// What must be the same when a run goes on.
    private String fingerprint() {
        return name + " seed-key " + Long.toHexString(random.key()) + " examples " + batches.examples() + " batch " + batches.batchSize()
                + (parts == 1 ? "" : " parts " + parts);
    }

    private void resume() throws IOException {
        if (checkpoints == null) {
            return;
        }
        Optional<Checkpoints.Loaded> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            return;
        }
        Checkpoints.Loaded loaded = latest.get();
        loaded.warnings().forEach(listener::warned);
        try {
            restore(loaded.checkpoint());
        } catch (JsonException e) {
            throw new IOException("checkpoint " + loaded.file() + ": " + e.getMessage(), e);
        }
    }

    private void restore(Checkpoint checkpoint) throws JsonException {
        Json.Obj state = checkpoint.state();
        if (!state.string("run").equals(fingerprint())) {
            throw new IllegalStateException(
                    "resume: the checkpoint is of another run (" + state.string("run") + ", this is " + fingerprint()
                            + "): choose another folder or the same settings");
        }
        Map<String, Tensor> saved = new LinkedHashMap<>();
        Map<String, Tensor> bestSaved = new LinkedHashMap<>();
        Map<String, Tensor> momenta = new LinkedHashMap<>();
        checkpoint.tensors().forEach((key, tensor) -> {
            String rest = key.substring(key.indexOf('/') + 1);
            switch (key.substring(0, key.indexOf('/'))) {
                case "model" -> saved.put(rest, tensor);
                case "best" -> bestSaved.put(rest, tensor);
                default -> momenta.put(rest, tensor);
            }
        });
        if (!saved.keySet().equals(parameters.byName().keySet())) {
            throw new IllegalStateException("resume: the checkpoint's parameters are not the model's");
        }
        saved.forEach((parameter, value) -> parameters.get(parameter).value().copyInPlace(value));
        Map<String, Long> slotSteps = new LinkedHashMap<>();
        for (String parameter : state.object("slotSteps").members().keySet()) {
            slotSteps.put(parameter, state.object("slotSteps").integer(parameter));
        }
        optimizer.restore(new Optimizer.State(state.integer("optimizerSteps"), slotSteps, momenta));
        parameters.unfreeze();
        for (Json frozen : state.array("frozen")) {
            if (frozen instanceof Json.Str(String parameter)) {
                parameters.get(parameter).freeze();
            }
        }
        step = state.integer("step");
        lossSum = state.number("lossSum");
        lossSteps = state.integer("lossSteps");
        best = orNaN(state.get("best"));
        bestStep = state.integer("bestStep");
        worse = (int) state.integer("worse");
        bestWeights = bestSaved;
        curve.clear();
        for (Json point : state.array("curve")) {
            if (point instanceof Json.Arr(List<Json> items)) {
                curve.add(new TrainingResult.Point((long) orNaN(items.get(0)), orNaN(items.get(1)), orNaN(items.get(2))));
            }
        }
    }

    private static double orNaN(Json value) {
        return switch (value) {
            case Json.Real(double number) -> number;
            case Json.Int(long number) -> number;
            default -> Double.NaN;
        };
    }

    private static double median(List<Double> seconds) {
        double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0
                ? Double.NaN
                : Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1).average().orElse(Double.NaN);
    }
}
