package dev.headstart.train.tuning;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pull towards the weights of the source: `strength / 2 · Σ importance · (w - source)²` is added to the loss. What is frozen has no part
/// in it.
///
/// ```java
/// Objective oldObjective = …, newObjective = …;
/// int[] examples = …; // of the old task
/// Objective closer = Anchor.l2sp(model.parameters().select("encoder.**"), 0.01).over(objective);
/// Objective remembering = Anchor.ewc(model.parameters(), oldObjective, examples, 1000, random).over(newObjective);
/// ```
///
/// @param parameters what is pulled
/// @param source where to, by name
/// @param importance of each weight, by name; empty for 1
/// @param strength factor of the whole
public record Anchor(Parameters parameters, Map<String, Tensor> source, Map<String, Tensor> importance, double strength) {
    public Anchor {
        if (!(strength >= 0)) {
            throw new IllegalArgumentException("anchor: strength " + strength + ": it must not be negative");
        }
    }

    /// L2-SP (Li et al. 2018, arXiv 1802.01483): weight decay towards the source, as the parameters are now, instead of zero. A new head has no
    /// source: leave it out here, and give it a decay in its group.
    public static Anchor l2sp(Parameters parameters, double alpha) {
        return new Anchor(learnt(parameters), values(learnt(parameters)), Map.of(), alpha);
    }

    /// Elastic weight consolidation (Kirkpatrick et al. 2017, arXiv 1612.00796): importance is the diagonal of the Fisher information of the
    /// old task, here the empirical one: the mean over examples of the squared gradient of each example's loss at its own label, without
    /// dropout, from the parameters as they are now.
    ///
    /// @param old the old task's objective: its loss is a negative log-likelihood
    /// @param examples numbers of the examples to estimate with
    public static Anchor ewc(Parameters parameters, Objective old, int[] examples, double lambda, RandomStream random) {
        return new Anchor(learnt(parameters), values(learnt(parameters)), fisher(parameters, old, examples, random), lambda);
    }

    /// The diagonal of the empirical Fisher information, by name. Summed in double precision: a late example counts as much as an early one.
    public static Map<String, Tensor> fisher(Parameters parameters, Objective old, int[] examples, RandomStream random) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        learnt(parameters).byName().forEach((name, parameter) -> sums.put(name, new double[parameter.shape().size()]));
        for (int example : examples) {
            Gradients gradients = old.loss(new int[] {example}, random.child(example)).backward();
            sums.forEach((name, sum) -> {
                @Nullable
                Tensor gradient = gradients.get(parameters.get(name));
                if (gradient != null) {
                    float[] values = gradient.toArray();
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += (double) values[i] * values[i];
                    }
                }
            });
        }
        Map<String, Tensor> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, mean(parameters.get(name).shape(), sum, examples.length)));
        return means;
    }

    private static Tensor mean(Shape shape, double[] sum, int count) {
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / count);
        }
        return Tensor.wrap(shape, mean);
    }

    private static Parameters learnt(Parameters parameters) {
        Map<String, Parameter> learnt = new LinkedHashMap<>(parameters.byName());
        learnt.values().removeIf(Parameter::isBuffer);
        return Parameters.of(learnt);
    }

    private static Map<String, Tensor> values(Parameters parameters) {
        return Snapshot.of(parameters).values();
    }

    /// The addend of the loss, a single number.
    public Variable penalty() {
        Variable sum = Variable.of(Tensor.scalar(0));
        for (Map.Entry<String, Parameter> entry : parameters.byName().entrySet()) {
            Tensor from = source.get(entry.getKey());
            if (entry.getValue().isTrainable() && from != null) {
                Variable squares = entry.getValue().minus(Variable.of(from)).square();
                Tensor weight = importance.get(entry.getKey());
                sum = sum.plus((weight == null ? squares : squares.times(Variable.of(weight))).sum());
            }
        }
        return sum.times((float) (strength / 2));
    }

    /// An objective with this pull.
    public Objective over(Objective objective) {
        return (examples, random) -> objective.loss(examples, random).plus(penalty());
    }
}
