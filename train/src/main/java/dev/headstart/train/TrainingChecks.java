package dev.headstart.train;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.optim.Optimizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Refuses a training that would train nothing, or something else than the model.
///
/// @param parameters the model's
record TrainingChecks(Parameters parameters, Optimizer optimizer) {
    private static final int MOST_NAMES = 3;

    /// Before a run.
    ///
    /// @param steps its last step
    /// @throws IllegalArgumentException when the optimiser has other parameters than the model, or none that is ever trained
    void beforeRun(long steps) {
        Set<Parameter> own = own();
        List<String> foreign = new ArrayList<>();
        List<String> still = new ArrayList<>();
        optimizer.groups().forEach(group -> group.parameters().byName().forEach((name, parameter) -> {
            if (!own.contains(parameter)) {
                foreign.add(name);
            }
            boolean later = group.from() > optimizer.steps() && group.from() < steps && !parameter.isBuffer();
            if (!parameter.isTrainable() && !later) {
                still.add(name);
            }
        }));
        if (!foreign.isEmpty()) {
            throw new IllegalArgumentException("training: the optimiser has parameters that are not the model's: " + some(foreign));
        }
        if (still.size() == optimizer.groups().stream().mapToInt(group -> group.parameters().size()).sum()) {
            throw new IllegalArgumentException("training: the optimiser has no trainable parameter"
                    + (still.isEmpty() ? "" : ": frozen are " + some(still)));
        }
    }

    /// Whether anything is trainable yet: groups may begin later.
    boolean begun() {
        return optimizer.groups().stream().anyMatch(group -> group.parameters().stream().anyMatch(Parameter::isTrainable));
    }

    /// With the gradients of the first step in which something is trainable.
    ///
    /// @throws IllegalStateException when there are gradients of other parameters than the model's, or none that the optimiser can use
    void first(Gradients gradients) {
        Set<Parameter> own = own();
        List<String> foreign = gradients.parameters().stream().filter(p -> !own.contains(p)).map(p -> "one of shape " + p.shape()).sorted()
                .toList();
        if (!foreign.isEmpty()) {
            throw new IllegalStateException("training: the loss has gradients of parameters that were not given to the trainer: "
                    + some(foreign) + "; freeze them or give all of the model's");
        }
        List<String> without = new ArrayList<>();
        boolean any = false;
        for (var group : optimizer.groups()) {
            for (var entry : group.parameters().byName().entrySet()) {
                any |= gradients.get(entry.getValue()) != null;
                if (entry.getValue().isTrainable()) {
                    without.add(entry.getKey());
                }
            }
        }
        if (!any) {
            throw new IllegalStateException("training: the loss depends on no parameter of the optimiser: without a gradient are "
                    + some(without));
        }
    }

    private Set<Parameter> own() {
        Set<Parameter> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(parameters.byName().values());
        return own;
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }
}
