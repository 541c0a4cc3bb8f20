package dev.headstart.autograd;

/// How a result was computed: by an operator that knows its gradients, or by a block that backward runs again.
public sealed interface Recorded permits Op, Recompute {
    /// The operator's name in messages: the record's.
    default String operator() {
        return getClass().getSimpleName();
    }
}
