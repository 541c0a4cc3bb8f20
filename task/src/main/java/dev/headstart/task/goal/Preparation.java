package dev.headstart.task.goal;

import org.jspecify.annotations.Nullable;

/// How a network is made ready for a goal.
///
/// @param keepHead the network's own head is trained further: its labels must be the goal's
/// @param randomWeights only the network's sizes are taken: a control
/// @param dropout another one than it was trained with; null for the same
public record Preparation(boolean keepHead, boolean randomWeights, @Nullable Double dropout) {
    /// The pre-trained weights, and a new head unless the network has one of the same labels.
    public static final Preparation PLAIN = new Preparation(false, false, null);

    /// @throws IllegalArgumentException when the head is to be kept and the weights are random, or the dropout is none
    public Preparation {
        if (keepHead && randomWeights) {
            throw new IllegalArgumentException("preparation: the head is to be kept, and the weights are random: a random head has learnt"
                    + " no labels");
        }
        if (dropout != null && !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("preparation: dropout is " + dropout + ": it must be at least 0 and below 1");
        }
    }
}
