package dev.headstart.train;

import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// The best validation so far, the number of validations since that were no better, and the weights it was measured with.
final class EarlyStopping {
    private final int patience;
    private final long from;
    private final boolean keepsBest;

    private double best = Double.NaN;
    private long bestStep;
    private int worse;
    private Map<String, Tensor> weights = Map.of();

    private EarlyStopping(int patience, long from, boolean keepsBest) {
        this.patience = patience;
        this.from = from;
        this.keepsBest = keepsBest;
    }

    /// Stops after this many validations in a row that were no better than the best, and keeps the best weights.
    ///
    /// @param from validations up to this step are not counted
    static EarlyStopping after(int patience, long from) {
        return new EarlyStopping(patience, from, true);
    }

    /// Never stops, and keeps no weights.
    static EarlyStopping never() {
        return new EarlyStopping(Integer.MAX_VALUE, 0, false);
    }

    /// The model was validated. Larger is better.
    void measured(long step, double metric, Parameters parameters) {
        if (Double.isNaN(best) || metric > best) {
            best = metric;
            bestStep = step;
            worse = 0;
            weights = keepsBest ? copies(parameters) : Map.of();
        } else if (step > from) {
            worse++;
        }
    }

    private static Map<String, Tensor> copies(Parameters parameters) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> copies.put(name, parameter.value().copy()));
        return copies;
    }

    /// Whether patience is at its end.
    boolean stops() {
        return worse >= patience;
    }

    /// Gives the parameters the best weights, if they were kept.
    ///
    /// @param step the last step
    /// @return the step whose weights the parameters have now
    long finish(long step, Parameters parameters) {
        if (!keepsBest) {
            return step;
        }
        weights.forEach((parameter, value) -> parameters.get(parameter).value().copyInPlace(value));
        return bestStep;
    }

    /// What must be saved to go on later.
    ///
    /// @param best the best metric, NaN before the first validation
    /// @param bestStep the step it was measured after
    /// @param worse number of validations since that counted
    /// @param weights the best weights, by name; empty when they are not kept
    record State(double best, long bestStep, int worse, Map<String, Tensor> weights) {}

    State state() {
        return new State(best, bestStep, worse, weights);
    }

    void restore(State state) {
        best = state.best;
        bestStep = state.bestStep;
        worse = state.worse;
        weights = state.weights;
    }
}
