package dev.headstart.tensor;

import org.jspecify.annotations.Nullable;

/// The array under a tensor and its views, which may be longer than they need. A workspace takes the array away when its scope ends.
final class Storage {
    private final boolean lent;
    private float @Nullable [] values;

    /// An array of a program's own.
    Storage(float[] values) {
        this(values, false);
    }

    /// @param lent whether a workspace will take the array away
    Storage(float[] values, boolean lent) {
        this.values = values;
        this.lent = lent;
    }

    /// Whether a workspace will take the array away.
    boolean isLent() {
        return lent;
    }

    /// The array.
    ///
    /// @throws IllegalStateException when a workspace has taken it away
    float[] values() {
        float[] here = values;
        if (here == null) {
            throw new IllegalStateException(
                    "a tensor that was computed in a workspace is used after its scope has ended: copy() what is to outlive it");
        }
        return here;
    }

    /// Takes the array away.
    float[] release() {
        float[] here = values();
        values = null;
        return here;
    }
}
