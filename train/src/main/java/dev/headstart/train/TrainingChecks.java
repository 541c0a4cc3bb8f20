package dev.headstart.train;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Refuses, by an [IllegalStateException], a training that would train nothing, or something else than the model.
final class TrainingChecks {
    private static final int MOST_NAMES = 3;

    private final Optimizer optimizer;
    private final Set<Parameter> model = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean reached;
    private boolean missed;

    /// @param parameters the model's
    TrainingChecks(Parameters parameters, Optimizer optimizer) {
        this.optimizer = optimizer;
        parameters.forEach(model::add);
    }

    /// Before a run.
    ///
    /// @param step steps the training has taken
    /// @param steps its last step
    /// @throws IllegalStateException when the optimiser has other parameters than the model, or none that is trainable in any of the steps
    void beforeRun(long step, long steps) {
        List<String> foreign = optimizer.groups().stream().flatMap(group -> names(group, p -> !model.contains(p)).stream()).toList();
        if (!foreign.isEmpty()) {
            throw new IllegalStateException("training: the optimiser has parameters that are not the model's: " + some(foreign));
        }
        long earlier = optimizer.steps() - step; // an optimiser counts its own steps, also those of another training
        List<String> frozen = new ArrayList<>();
        List<String> facts = new ArrayList<>();
        for (ParamGroup group : optimizer.groups()) {
            List<String> still = names(group, p -> !p.isTrainable() && !p.isBuffer());
            boolean later = group.from() > optimizer.steps() && group.from() != ParamGroup.NEVER;
            if (group.parameters().stream().anyMatch(Parameter::isTrainable)
                    || (later && group.from() - earlier < steps && !still.isEmpty())) {
                return;
            }
            if (later && !still.isEmpty()) {
                facts.add(
                        "the group of " + some(still) + " begins at step " + (group.from() - earlier) + ", the run ends at step " + steps);
            } else {
                frozen.addAll(still);
            }
        }
        if (!frozen.isEmpty()) {
            facts.addFirst("frozen are " + some(frozen));
        }
        throw new IllegalStateException(
                "training: the optimiser has no trainable parameter" + (facts.isEmpty() ? "" : ": " + String.join("; ", facts)));
    }

    /// With the gradients of a step, before they are used.
    ///
    /// @param step counted from 1
    /// @return a warning at the first step of which the optimiser can use no gradient, unless an earlier one had some
    /// @throws IllegalStateException when there are gradients of other parameters than the model's
    Optional<String> ofStep(long step, Gradients gradients) {
        for (Parameter parameter : gradients.parameters()) {
            if (!model.contains(parameter)) {
                throw foreign(gradients);
            }
        }
        if (reached || !anyTrainable()) {
            return Optional.empty();
        }
        reached = optimizer.groups().stream().anyMatch(group -> group.parameters().stream().anyMatch(p -> gradients.get(p) != null));
        if (reached || missed) {
            return Optional.empty();
        }
        missed = true;
        return Optional.of("the loss of step " + step + " depends on no parameter of the optimiser");
    }

    /// After the last step of a run that began at step 0.
    ///
    /// @throws IllegalStateException when no step had a gradient that the optimiser could use
    void afterRun() {
        if (missed && !reached) {
            throw new IllegalStateException("training: the loss depends on no parameter of the optimiser: without a gradient are "
                    + some(optimizer.groups().stream().flatMap(group -> names(group, Parameter::isTrainable).stream()).toList()));
        }
    }

    /// Whether anything is trainable yet: groups may begin later.
    private boolean anyTrainable() {
        return optimizer.groups().stream().anyMatch(group -> group.parameters().stream().anyMatch(Parameter::isTrainable));
    }

    private IllegalStateException foreign(Gradients gradients) {
        List<String> foreign = gradients.parameters().stream().filter(p -> !model.contains(p)).map(p -> "one of shape " + p.shape())
                .sorted()
                .toList();
        return new IllegalStateException("training: the loss has gradients of parameters that were not given to the trainer: "
                + some(foreign) + "; freeze them or give all of the model's");
    }

    private static List<String> names(ParamGroup group, Predicate<Parameter> which) {
        List<String> names = new ArrayList<>();
        group.parameters().byName().forEach((name, parameter) -> {
            if (which.test(parameter)) {
                names.add(name);
            }
        });
        return names;
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }
}
