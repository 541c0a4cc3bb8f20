package dev.headstart.autograd;

import org.jspecify.annotations.Nullable;

/// Where an input of an operator came from, and where its gradient goes.
sealed interface Source permits Node, Parameter {
    /// Null for data: what neither is a parameter nor was computed from one.
    static @Nullable Source of(Variable variable) {
        return switch (variable) {
            case Parameter parameter -> parameter.isBuffer() ? null : parameter;
            case Result result -> result.node();
            case Constant constant -> constant.node();
        };
    }
}
