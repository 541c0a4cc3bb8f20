package dev.headstart.nn;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.AttentionPattern;

/// In training, each element is zero with a probability and otherwise divided by what is left of it; else the identity (Srivastava et al.
/// 2014).
public final class Dropout implements Layer {
    private final float probability;

    /// @param probability of an element being dropped, in [0, 1)
    public Dropout(float probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("dropout: probability " + probability + ": it must be in [0, 1)");
        }
        this.probability = probability;
    }

    @Override
    public Variable forward(Variable x) {
        Mode mode = Mode.current();
        return mode.isTraining() && probability > 0 ? x.dropout(probability, mode.nextStream()) : x;
    }

    /// An attention whose weights are dropped likewise.
    public AttentionPattern of(AttentionPattern pattern) {
        Mode mode = Mode.current();
        return mode.isTraining() && probability > 0 ? pattern.dropping(probability, mode.nextStream()) : pattern;
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
