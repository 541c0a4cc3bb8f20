package dev.headstart.optim;

import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Updates;
import dev.headstart.tensor.Updates.Change;
import java.util.List;

/// Stochastic gradient descent: `w -= rate · (g + decay · w)`; with momentum `v = momentum · v + g`, `w -= rate · v`
/// (Polyak 1964), Nesterov's form `w -= rate · (g + momentum · v)` (Sutskever et al. 2013). As `torch.optim.SGD`.
public final class Sgd extends Optimizer {
    private final float momentum;
    private final Schedule course;
    private final boolean nesterov;

    private Sgd(List<ParamGroup> groups, Schedule schedule, double maxNorm, float momentum, Schedule course, boolean nesterov) {
        super(groups, schedule, maxNorm);
        if (!(momentum >= 0 && momentum < 1) || (nesterov && momentum == 0)) {
            throw new IllegalArgumentException("sgd: momentum " + momentum + ": it must be in [0, 1), for Nesterov's form above 0");
        }
        this.momentum = momentum;
        this.course = course;
        this.nesterov = nesterov;
    }

    /// No momentum, constant rate, no clipping.
    public static Sgd of(ParamGroup... groups) {
        return new Sgd(List.of(groups), Schedule.constant(), Double.POSITIVE_INFINITY, 0, Schedule.constant(), false);
    }

    /// All settings.
    ///
    /// @param maxNorm clips the gradients' joint norm; infinity for no clipping
    public static Sgd of(List<ParamGroup> groups, Schedule schedule, double maxNorm, double momentum, boolean nesterov) {
        return new Sgd(groups, schedule, maxNorm, (float) momentum, Schedule.constant(), nesterov);
    }

    /// All settings, with a momentum that changes: contrastive divergence begins with 0.5 and goes on with 0.9 (Hinton 2010, "A Practical Guide to
    /// Training Restricted Boltzmann Machines", section 9).
    ///
    /// @param momentum the largest
    /// @param course the factor on it at each step, in [0, 1]
    public static Sgd of(List<ParamGroup> groups, Schedule schedule, double maxNorm, double momentum, Schedule course, boolean nesterov) {
        return new Sgd(groups, schedule, maxNorm, (float) momentum, course, nesterov);
    }

    @Override
    protected List<String> slotNames() {
        return momentum == 0 ? List.of() : List.of("momentum");
    }

    @Override
    protected Change change(Tensor value, Tensor gradient, Slot slot, float rate, float decay, float gradientScale) {
        Tensor v = slot.tensors().isEmpty() ? value : slot.tensors().getFirst(); // without momentum the buffer is not touched
        float now = (float) (momentum * course.factor(steps() - 1)); // this step is counted already
        return Updates.sgd(value, gradient, v, rate, now, 0, nesterov, decay, slot.steps() == 1, gradientScale);
    }
}
