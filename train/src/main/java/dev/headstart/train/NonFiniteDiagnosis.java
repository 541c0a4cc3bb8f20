package dev.headstart.train;

import dev.headstart.autograd.Diagnosis;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Trace;
import dev.headstart.autograd.Variable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Says where a value that is NaN or infinite came from.
///
/// @param phase name of the training
/// @param parameters the model's
/// @param saves whether the training saves checkpoints
record NonFiniteDiagnosis(String phase, Parameters parameters, boolean saves) {
    /// Of a loss.
    ///
    /// @param loss computes it again
    /// @param step counted from 1
    NonFiniteLossException ofLoss(Supplier<Variable> loss, double value, long step) {
        return new NonFiniteLossException(phase + ": the loss is " + value + " at step " + step + ": " + source(loss)
                + "; a smaller learning rate or clipping may help" + (saves ? "; saved checkpoints are untouched" : ""), step);
    }

    /// Of the gradients, although the loss is finite.
    ///
    /// @param step counted from 1
    NonFiniteLossException ofGradients(double norm, double loss, long step) {
        return new NonFiniteLossException(phase + ": the gradient's norm is " + norm + " at step " + step + " although the loss is " + loss
                + ": a smaller learning rate may help", step);
    }

    private String source(Supplier<Variable> loss) {
        Map<Parameter, String> names = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> names.put(parameter, name));
        Trace trace = Trace.of(loss);
        return Diagnosis.firstNonFinite(trace).map(d -> {
            String layers = d.parameters().stream().map(p -> layer(names.getOrDefault(p, "a parameter of another model"))).distinct()
                    .collect(Collectors.joining(", "));
            return d.fromParameter()
                    ? "the weights of " + layers + " (" + d.operator() + ") are already not finite"
                    : "the first bad value came out of " + d.operator() + (layers.isEmpty() ? "" : " at or after " + layers);
        }).orElse(trace.result().value().isFinite()
                ? "computed again it is finite: it depends on more than weights and examples"
                : "its inputs are not finite");
    }

    private static String layer(String parameter) {
        int dot = parameter.lastIndexOf('.');
        return dot < 0 ? parameter : parameter.substring(0, dot);
    }
}
