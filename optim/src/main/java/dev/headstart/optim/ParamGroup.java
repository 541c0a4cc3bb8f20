package dev.headstart.optim;

import dev.headstart.autograd.Parameters;

/// A selection of parameters with a learning rate and a decay of its own: the one concept behind layer-wise rates, no decay on biases, and
/// freezing. Immutable.
///
/// ```java
/// var groups = List.of(
///         ParamGroup.of(model.parameters().select("encoder.**")).rate(1e-4),
///         ParamGroup.of(model.parameters().select("head.**")).rate(1e-3).decay(0.01));
/// ```
///
/// @param parameters the selection; names matter for saved optimiser state
/// @param rate learning rate, multiplied by the schedule's factor
/// @param decay weight decay: the factor λ of AdamW's or SGD's decay
public record ParamGroup(Parameters parameters, double rate, double decay) {
    /// A group with rate 0.001 and no decay.
    public static ParamGroup of(Parameters parameters) {
        return new ParamGroup(parameters, 1e-3, 0);
    }

    /// The same group with another learning rate.
    public ParamGroup rate(double other) {
        return new ParamGroup(parameters, other, decay);
    }

    /// The same group with another decay.
    public ParamGroup decay(double other) {
        return new ParamGroup(parameters, rate, other);
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
