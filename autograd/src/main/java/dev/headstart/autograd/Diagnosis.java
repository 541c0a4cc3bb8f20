package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where in a recorded graph the numbers first went bad.
///
/// @param operator the first operator with a NaN in its result, or with an infinity although its inputs have none, or with a bad parameter
/// @param parameters the parameters nearest to it: its own, else those of the operators just before it
/// @param fromParameter whether one of its own parameters was already not finite
public record Diagnosis(String operator, List<Parameter> parameters, boolean fromParameter) {
    /// The first place, in the order of computation, where a value went bad; empty when there is none.
    public static Optional<Diagnosis> firstNonFinite(Trace trace) {
        return new Search(trace).in(trace.result());
    }

    private static final class Search {
        private final Trace trace;
        private List<Parameter> nearest = List.of();
        /// Parameters that stand for the input of a block that is computed again: the model does not know them.
        private final Set<Parameter> hidden = Collections.newSetFromMap(new IdentityHashMap<>());

        Search(Trace trace) {
            this.trace = trace;
        }

        Optional<Diagnosis> in(Variable loss) {
            for (Trace.Step step : trace.steps(loss)) {
                List<Parameter> own = own(step);
                boolean badParameter = own.stream().anyMatch(parameter -> !parameter.value().isFinite());
                nearest = own.isEmpty() ? nearest : own;
                if (!badParameter && step.op() instanceof Recompute block) {
                    hidden.add(block.input());
                    Optional<Diagnosis> inside = in(block.again());
                    if (inside.isPresent()) {
                        return inside;
                    }
                }
                if (badParameter || isBad(step)) {
                    return Optional.of(new Diagnosis(step.op().operator(), nearest, badParameter));
                }
            }
            return Optional.empty();
        }

        /// NaN is always bad. An infinity is not where one came in: masks for attention are made of them.
        private static boolean isBad(Trace.Step step) {
            Tensor value = step.value();
            if (value.isFinite()) {
                return false;
            }
            boolean nan = value.equal(value).min().item() == 0;
            return nan || step.inputs().stream().allMatch(input -> input.value().isFinite());
        }

        private List<Parameter> own(Trace.Step step) {
            return step.inputs().stream().filter(Parameter.class::isInstance).map(Parameter.class::cast).filter(p -> !hidden.contains(p))
                    .toList();
        }
    }
}
