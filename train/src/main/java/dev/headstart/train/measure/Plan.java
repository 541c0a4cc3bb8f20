package dev.headstart.train.measure;

import dev.headstart.autograd.Constant;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Trace;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Objective;
import dev.headstart.train.tuning.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a recipe will cost, estimated from the graphs of a batch of two examples and one of four: what is recorded grows by the example.
///
/// @param parameters number of weights
/// @param trainable number of those that learn
/// @param weightBytes of weights and buffers
/// @param gradientBytes of gradients
/// @param optimizerBytes of momenta
/// @param activationBytes of results recorded for backward, for the whole batch; what operators keep besides is not counted
/// @param secondsPerStep from the time of the batch of four, after one of two; rough, since small batches run slower
/// @param stepsPerEpoch batches an epoch has
public record Plan(long parameters, long trainable, long weightBytes, long gradientBytes, long optimizerBytes, long activationBytes,
        double secondsPerStep, long stepsPerEpoch) {
    /// Measures. Parameters, buffers and flags are as before afterwards; there is no step.
    ///
    /// @param momenta tensors the optimiser keeps for each weight: 2 for Adam, 1 for SGD with momentum
    /// @param examples in an epoch, at least 4
    public static Plan of(Objective objective, Parameters parameters, int momenta, int batch, int examples, RandomStream random) {
        if (examples < 4 || batch < 1) {
            throw new IllegalArgumentException(
                    "plan: " + examples + " examples in batches of " + batch + ": at least 4 examples are tried out");
        }
        Snapshot before = Snapshot.of(parameters);
        try {
            long two = activations(loss(objective, random, 0, 1));
            long start = System.nanoTime();
            Trace loss = loss(objective, random, 0, 1, 2, 3);
            loss.result().backward();
            double seconds = (System.nanoTime() - start) * 1e-9;
            long four = activations(loss);
            long each = (four - two) / 2;
            long weights = 4 * parameters.stream().mapToLong(p -> p.shape().size()).sum();
            long learnt = parameters.trainable().count();
            return new Plan(parameters.count(), learnt, weights, 4 * learnt, 4 * learnt * momenta, two + each * (batch - 2L),
                    seconds * batch / 4, (examples + batch - 1L) / batch);
        } finally {
            before.restore(parameters);
        }
    }

    private static Trace loss(Objective objective, RandomStream random, int... examples) {
        return Trace.of(() -> Mode.training(random.child("dropout"), () -> objective.loss(examples, random.child("objective"))));
    }

    /// Bytes of the results of recorded operators, and of the data they were applied to.
    private static long activations(Trace trace) {
        Set<Variable> data = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (Trace.Step step : trace.steps()) {
            bytes += 4L * step.value().size();
            step.inputs().stream().filter(Constant.class::isInstance).forEach(data::add);
        }
        return bytes + data.stream().mapToLong(constant -> 4L * constant.shape().size()).sum();
    }

    /// The same with a copy of weights and buffers, as an average of them is.
    ///
    /// @param numbers number of elements copied
    public Plan withCopy(long numbers) {
        return new Plan(parameters, trainable, weightBytes + 4 * numbers, gradientBytes, optimizerBytes, activationBytes, secondsPerStep,
                stepsPerEpoch);
    }

    /// Bytes of all together.
    public long bytes() {
        return weightBytes + gradientBytes + optimizerBytes + activationBytes;
    }

    /// Seconds of an epoch.
    public double secondsPerEpoch() {
        return secondsPerStep * stepsPerEpoch;
    }

    /// A line for each figure.
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "parameters  %,d, of which %,d learn", parameters, trainable));
        lines.add(String.format(Locale.ROOT, "memory      %.1f MB: weights %.1f, gradients %.1f, optimiser %.1f, activations %.1f",
                bytes() / 1e6, weightBytes / 1e6, gradientBytes / 1e6, optimizerBytes / 1e6, activationBytes / 1e6));
        lines.add(String.format(Locale.ROOT, "time        about %.3g s per step, %.3g s per epoch of %,d steps", secondsPerStep,
                secondsPerEpoch(), stepsPerEpoch));
        return String.join("\n", lines);
    }
}
