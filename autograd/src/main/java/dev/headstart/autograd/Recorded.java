package dev.headstart.autograd;

import java.util.Locale;

/// How a result was computed: by an operator that knows its gradients, or by a block that backward runs again.
public sealed interface Recorded permits Op, Recompute {
    /// The operator's name in messages, which is that of the method that applies it: the record's, with a small first letter.
    default String operator() {
        return name(getClass());
    }

    /// The name of a kind of operator.
    static String name(Class<? extends Recorded> type) {
        String name = type.getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
