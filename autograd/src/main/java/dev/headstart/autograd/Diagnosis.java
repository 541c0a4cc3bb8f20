package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where in a recorded graph the numbers first went bad.
///
/// @param operator the first operator with a result that is not finite although its recorded inputs are, or with a bad parameter or constant
/// @param parameters the parameters nearest to it: its own, else those of the operators just before it
/// @param fromParameter whether one of its own parameters was already not finite
public record Diagnosis(String operator, List<Parameter> parameters, boolean fromParameter) {
    /// The first place, in the order of computation, where a value is NaN or infinite; empty when all are finite.
    public static Optional<Diagnosis> firstNonFinite(Variable loss) {
        if (!(loss instanceof Result root)) {
            return Optional.empty();
        }
        List<Parameter> nearest = List.of();
        for (Result result : Backward.ordered(root)) {
            List<Parameter> own = new ArrayList<>();
            boolean badParameter = false;
            for (Variable input : result.inputs()) {
                if (input instanceof Parameter parameter) {
                    own.add(parameter);
                    badParameter |= !parameter.value().isFinite();
                }
            }
            nearest = own.isEmpty() ? nearest : List.copyOf(own);
            Tensor value = result.value();
            if (badParameter || !value.isFinite()) {
                return Optional.of(new Diagnosis(result.op().operator(), nearest, badParameter));
            }
        }
        return Optional.empty();
    }
}
