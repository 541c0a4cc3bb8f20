package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;

/// A vector for each id: `y = weight[id]`.
///
/// Parameter: `weight [count, width]`, by default from N(0, 0.02²), as BERT's and GPT-2's.
public final class Embedding implements Part {
    private final Parameter weight;

    /// A table from N(0, 0.02²).
    public Embedding(int count, int width, RandomStream random) {
        this(count, width, Initialiser.normal(0.02f), random);
    }

    /// A table from `initialiser`.
    public Embedding(int count, int width, Initialiser initialiser, RandomStream random) {
        this.weight = initialiser.parameter(Shape.of(count, width), count, width, random.child("weight"));
    }

    /// The table, `[count, width]`.
    public Parameter weight() {
        return weight;
    }

    /// `[ids…] → [ids…, width]`
    public Variable forward(Indices ids) {
        return weight.gatherRows(ids);
    }

    @Override
    public Parts parts() {
        return Parts.none().with("weight", weight);
    }
}
