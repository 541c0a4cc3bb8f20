package dev.headstart.optim;

import dev.headstart.autograd.Parameters;

/// A selection of parameters with a learning rate, a decay, and a step from which they learn: the one concept behind layer-wise rates, no
/// decay on biases, freezing, and unfreezing on a schedule. Immutable. [ParamGroups] makes all groups of a model.
///
/// ```java
/// var groups = List.of(
///         ParamGroup.of(model.parameters().select("encoder.**")).rate(1e-4).from(200), // frozen for 200 steps
///         ParamGroup.of(model.parameters().select("head.**")).rate(1e-3).decay(0.01));
/// ```
///
/// @param parameters the selection; names matter for saved optimiser state
/// @param rate learning rate, multiplied by the schedule's factor
/// @param decay weight decay: the factor λ of AdamW's or SGD's decay
/// @param from the optimiser freezes the group when it is made, and unfreezes it when this many steps were taken; [#NEVER] leaves it frozen,
/// 0 leaves each parameter as it is
public record ParamGroup(Parameters parameters, double rate, double decay, long from) {
    /// The step that never comes.
    public static final long NEVER = Long.MAX_VALUE;

    public ParamGroup {
        if (from < 0) {
            throw new IllegalArgumentException("param group: learns from step " + from + ": at least 0");
        }
    }

    /// A group with rate 0.001 and no decay, whose parameters stay as they are: frozen or trainable.
    public static ParamGroup of(Parameters parameters) {
        return new ParamGroup(parameters, 1e-3, 0, 0);
    }

    /// The same group with another learning rate.
    public ParamGroup rate(double other) {
        return new ParamGroup(parameters, other, decay, from);
    }

    /// The same group with another decay.
    public ParamGroup decay(double other) {
        return new ParamGroup(parameters, rate, other, from);
    }

    /// The same group, frozen until the optimiser has taken this number of steps.
    public ParamGroup from(long step) {
        return new ParamGroup(parameters, rate, decay, step);
    }

    /// The same rate, decay and step for other parameters.
    ParamGroup with(Parameters others) {
        return new ParamGroup(others, rate, decay, from);
    }

    /// Freezes the group's parameters: from the next forward pass on they get no gradient, no decay and no optimiser state.
    public ParamGroup freeze() {
        parameters.freeze();
        return this;
    }

    /// Makes the group's parameters trainable again.
    public ParamGroup unfreeze() {
        parameters.unfreeze();
        return this;
    }
}
