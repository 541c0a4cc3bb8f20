package dev.headstart.train;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.Checkpoint;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.optim.Optimizer;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a checkpoint of a training holds: parameters and which of them are frozen, optimiser state, the best so far, the curve.
///
/// @param run what must be the same when a run is resumed
record TrainingCheckpoint(String run, Parameters parameters, Optimizer optimizer, EarlyStopping stopping, LearningCurve curve) {
    private static final int MOST_NAMED = 5;

    /// Everything as it is after this step. The parameters' values are not copied: it is to be written before they change.
    Checkpoint save(long step) {
        EarlyStopping.State best = stopping.state();
        Optimizer.State state = optimizer.state();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put("model/" + name, parameter.value()));
        best.weights().forEach((name, value) -> tensors.put("best/" + name, value));
        state.tensors().forEach((name, value) -> tensors.put("optimizer/" + name, value));
        Json.Builder slots = Json.object();
        state.slotSteps().forEach(slots::put);
        List<String> frozen = parameters.byName().entrySet().stream().filter(e -> !e.getValue().isTrainable()).map(Map.Entry::getKey)
                .toList();
        Json.Arr points = new Json.Arr(curve.points().stream()
                .<Json>map(p -> Json.array(Json.of(p.step()), Json.numberOrNull(p.loss()), Json.numberOrNull(p.metric()))).toList());
        return new Checkpoint(tensors, Json.object().put("run", run).put("step", step).put("optimizerSteps", state.steps())
                .put("slotSteps", slots.build()).put("frozen", Json.strings(frozen)).put("lossSum", curve.lossSum())
                .put("lossSteps", curve.losses()).put("best", Json.numberOrNull(best.best())).put("bestStep", best.bestStep())
                .put("worse", best.worse()).put("curve", points).build());
    }

    /// Makes everything as it was when the checkpoint was saved. All is checked first: when it is refused, nothing was changed.
    ///
    /// @return the step it was saved after
    /// @throws IllegalStateException when it is of another run, or of another model
    /// @throws JsonException when it lacks something
    long restore(Checkpoint checkpoint) throws JsonException {
        Json.Obj state = checkpoint.state();
        if (!state.string("run").equals(run)) {
            throw new IllegalStateException("resume: the checkpoint is of another run (" + state.string("run") + ", this is " + run
                    + "): choose another folder or the same settings");
        }
        Map<String, Tensor> model = tensors(checkpoint, "model/");
        Map<String, Tensor> best = tensors(checkpoint, "best/");
        Set<String> frozen = names(state.array("frozen"));
        check(model, best, frozen);
        Json.Obj slots = state.object("slotSteps");
        Map<String, Long> slotSteps = new LinkedHashMap<>();
        for (String name : slots.members().keySet()) {
            slotSteps.put(name, slots.integer(name));
        }
        long step = state.integer("step");
        double lossSum = state.number("lossSum");
        long losses = state.integer("lossSteps");
        List<TrainingResult.Point> points = points(state.array("curve"));
        EarlyStopping.State stopped = new EarlyStopping.State(orNaN(state.get("best")), state.integer("bestStep"),
                (int) state.integer("worse"), best);
        optimizer.restore(new Optimizer.State(state.integer("optimizerSteps"), slotSteps, tensors(checkpoint, "optimizer/")));
        model.forEach((name, value) -> parameters.get(name).value().copyInPlace(value));
        parameters.unfreeze();
        frozen.forEach(name -> parameters.get(name).freeze());
        stopping.restore(stopped);
        curve.restore(lossSum, losses, points);
        return step;
    }

    /// Fails unless names and shapes are the model's.
    private void check(Map<String, Tensor> model, Map<String, Tensor> best, Set<String> frozen) {
        List<String> problems = new ArrayList<>();
        parameters.byName().keySet().stream().filter(name -> !model.containsKey(name)).forEach(name -> problems.add(name + " is missing"));
        frozen.stream().filter(name -> !model.containsKey(name)).forEach(name -> problems.add(name + " is frozen and missing"));
        model.forEach((name, value) -> problems.addAll(misfit(name, value)));
        best.forEach((name, value) -> problems.addAll(misfit(name, value)));
        if (!problems.isEmpty()) {
            throw new IllegalStateException("resume: the checkpoint's parameters are not the model's: "
                    + String.join("; ", problems.stream().distinct().limit(MOST_NAMED).toList()));
        }
    }

    private List<String> misfit(String name, Tensor value) {
        Parameter parameter = parameters.byName().get(name);
        if (parameter == null) {
            return List.of(name + " is not in the model");
        }
        boolean fits = value.shape().equals(parameter.shape());
        return fits ? List.of() : List.of(name + " is " + value.shape() + " in the file, " + parameter.shape() + " in the model");
    }

    private static Map<String, Tensor> tensors(Checkpoint checkpoint, String prefix) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        checkpoint.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), tensor);
            }
        });
        return some;
    }

    private static Set<String> names(Iterable<Json> array) {
        Set<String> names = new LinkedHashSet<>();
        for (Json name : array) {
            if (name instanceof Json.Str(String text)) {
                names.add(text);
            }
        }
        return names;
    }

    private static List<TrainingResult.Point> points(Iterable<Json> saved) {
        List<TrainingResult.Point> points = new ArrayList<>();
        for (Json point : saved) {
            if (point instanceof Json.Arr(List<Json> items)) {
                points.add(new TrainingResult.Point((long) orNaN(items.get(0)), orNaN(items.get(1)), orNaN(items.get(2))));
            }
        }
        return points;
    }

    private static double orNaN(Json value) {
        return switch (value) {
            case Json.Real(double number) -> number;
            case Json.Int(long number) -> number;
            default -> Double.NaN;
        };
    }
}
