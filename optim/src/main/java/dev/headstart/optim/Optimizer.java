package dev.headstart.optim;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Updates;
import dev.headstart.tensor.Updates.Change;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Changes trainable parameters by their gradients, step after step.
///
/// Frozen parameters, and those without a gradient, are left alone: no decay, and their state is dropped, to begin anew when they are
/// unfrozen. State (momenta) is kept by the parameter's name, so that it can be saved and restored. A group that learns from a later step
/// on ([ParamGroup#from]) is frozen when the optimiser is made, and unfrozen after the step before.
///
/// A step is one region of the workers, over the elements of all parameters of all groups.
public abstract class Optimizer {
    private final List<ParamGroup> groups;
    private final Schedule schedule;
    private final double maxNorm;
    private final List<Parameter> all = new ArrayList<>();
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private long steps;

    /// What is remembered about one parameter.
    ///
    /// @param steps how many steps it has been part of
    /// @param tensors momenta, in the optimiser's order
    protected record Slot(long steps, List<Tensor> tensors) {}

    /// @param maxNorm gradients whose joint norm is larger are scaled down to it; infinity for no clipping
    protected Optimizer(List<ParamGroup> groups, Schedule schedule, double maxNorm) {
        Set<Parameter> seen = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (ParamGroup group : groups) {
            group.parameters().byName().forEach((name, parameter) -> {
                if (!seen.add(parameter) || !names.add(name)) {
                    throw new IllegalArgumentException("optimizer: " + name + " is in two groups: groups must not overlap");
                }
                all.add(parameter);
            });
        }
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("optimizer: clipping at norm " + maxNorm + ": it must be positive");
        }
        this.groups = List.copyOf(groups);
        this.schedule = schedule;
        this.maxNorm = maxNorm;
        this.groups.stream().filter(group -> group.from() > 0).forEach(ParamGroup::freeze);
    }

    /// Names of the momenta each parameter has, for saved state.
    protected abstract List<String> slotNames();

    /// What a step does to one parameter. It is done together with all others', part by part.
    ///
    /// @param slot its state; `steps` counts this step, so it is at least 1
    /// @param rate the learning rate, schedule included
    /// @param gradientScale factor on the gradient
    protected abstract Change change(Tensor value, Tensor gradient, Slot slot, float rate, float decay, float gradientScale);

    /// Whether gradients are clipped by their joint norm.
    public final boolean clips() {
        return !Double.isInfinite(maxNorm);
    }

    /// One step. Returns the joint norm of the gradients before clipping, or NaN without clipping. With clipping, gradients whose norm is
    /// not finite change nothing.
    public final double step(Gradients gradients) {
        double norm = clips() ? gradients.norm(all) : Double.NaN;
        if (clips() && !Double.isFinite(norm)) {
            return norm;
        }
        float scale = norm > maxNorm ? (float) (maxNorm / norm) : 1;
        double factor = schedule.factor(steps++);
        List<Change> changes = new ArrayList<>(all.size());
        for (ParamGroup group : groups) {
            group.parameters().byName().forEach((name, parameter) -> {
                Tensor gradient = parameter.isTrainable() ? gradients.get(parameter) : null;
                if (!parameter.isTrainable()) {
                    slots.remove(name);
                } else if (gradient != null) {
                    Slot slot = slots.get(name);
                    Slot next = slot == null ? new Slot(1, zeros(parameter)) : new Slot(slot.steps + 1, slot.tensors);
                    slots.put(name, next);
                    changes.add(change(parameter.value(), gradient, next, (float) (group.rate() * factor), (float) group.decay(), scale));
                }
            });
        }
        Updates.run(changes);
        groups.stream().filter(group -> group.from() == steps).forEach(ParamGroup::unfreeze);
        return norm;
    }

    private List<Tensor> zeros(Parameter parameter) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < slotNames().size(); i++) {
            tensors.add(Tensor.zeros(parameter.shape()));
        }
        return List.copyOf(tensors);
    }

    /// Number of steps taken.
    public final long steps() {
        return steps;
    }

    /// The groups.
    public final List<ParamGroup> groups() {
        return groups;
    }

    /// Learning rate of a group at the next step.
    public final double rate(ParamGroup group) {
        return group.rate() * schedule.factor(steps);
    }

    /// What must be saved to go on later with the same bits.
    ///
    /// @param steps number of steps taken
    /// @param slotSteps steps each parameter has been part of, by name
    /// @param tensors momenta, copied, by `name/momentum`
    public record State(long steps, Map<String, Long> slotSteps, Map<String, Tensor> tensors) {}

    /// A copy of the state.
    public final State state() {
        Map<String, Long> slotSteps = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            slotSteps.put(name, slot.steps);
            for (int i = 0; i < slot.tensors.size(); i++) {
                tensors.put(name + "/" + slotNames().get(i), slot.tensors.get(i).copy());
            }
        });
        return new State(steps, slotSteps, tensors);
    }

    /// Goes back to a saved state. Groups that learn from a later step on are frozen or unfrozen as that step says.
    ///
    /// @throws IllegalArgumentException when it does not fit these parameters
    public final void restore(State state) {
        Map<String, Slot> restored = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        for (ParamGroup group : groups) {
            group.parameters().byName().forEach((name, parameter) -> {
                known.add(name);
                Long slotSteps = state.slotSteps.get(name);
                if (slotSteps != null) {
                    List<Tensor> tensors = new ArrayList<>();
                    for (String momentum : slotNames()) {
                        Tensor saved = state.tensors.get(name + "/" + momentum);
                        if (saved == null || !saved.shape().equals(parameter.shape())) {
                            throw new IllegalArgumentException(
                                    "optimizer state: " + name + "/" + momentum + " is " + (saved == null ? "missing" : saved.shape())
                                            + ", the parameter is " + parameter.shape());
                        }
                        tensors.add(saved.copy());
                    }
                    restored.put(name, new Slot(slotSteps, List.copyOf(tensors)));
                }
            });
        }
        for (String name : state.slotSteps.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("optimizer state: " + name + " is not among the parameters");
            }
        }
        slots.clear();
        slots.putAll(restored);
        steps = state.steps;
        for (ParamGroup group : groups) {
            if (group.from() > steps) {
                group.freeze();
            } else if (group.from() > 0) {
                group.unfreeze();
            }
        }
    }
}
