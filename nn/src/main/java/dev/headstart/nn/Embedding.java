package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A vector for each id: `y = weight[id]`.
///
/// Parameter: `weight [count, width]`, by default from N(0, 0.02²), as BERT's and GPT-2's. A prompt ([dev.headstart.nn.adapt.Prompt]) has
/// vectors for the ids from `count` on: `prompt [length, width]`.
public final class Embedding implements Part {
    private final Parameter weight;
    private final Scope scope;
    private volatile @Nullable Parameter prompt;

    /// A table from N(0, 0.02²).
    public Embedding(int count, int width, RandomStream random) {
        this(count, width, Scope.of(random));
    }

    /// A table from N(0, 0.02²).
    public Embedding(int count, int width, Scope scope) {
        this(count, width, Initialiser.normal(0.02f), scope);
    }

    /// A table from `initialiser`.
    public Embedding(int count, int width, Initialiser initialiser, RandomStream random) {
        this(count, width, initialiser, Scope.of(random));
    }

    /// A table from `initialiser`.
    public Embedding(int count, int width, Initialiser initialiser, Scope scope) {
        this.weight = scope.parameter("weight", WeightKind.EMBEDDING, Shape.of(count, width), initialiser, count, width);
        this.scope = scope.ownedBy(this);
    }

    /// The table, `[count, width]`.
    public Parameter weight() {
        return weight;
    }

    /// Has vectors for the ids behind the table's from now on; null for none.
    ///
    /// @param vectors `[length, width]`
    public void prompt(@Nullable Parameter vectors) {
        prompt = vectors;
    }

    /// `[ids…] → [ids…, width]`
    public Variable forward(Indices ids) {
        Parameter vectors = prompt;
        return vectors == null ? weight.gatherRows(ids) : prompted(vectors, ids.toArray(), ids.shape());
    }

    private Variable prompted(Parameter vectors, int[] ids, Shape shape) {
        int count = weight.shape().dim(0);
        int[] own = new int[ids.length];
        int[] others = new int[ids.length];
        float[] isOwn = new float[ids.length];
        float[] isOther = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            boolean other = ids[i] >= count;
            own[i] = other ? 0 : ids[i];
            others[i] = other ? ids[i] - count : 0;
            isOther[i] = other ? 1 : 0;
            isOwn[i] = 1 - isOther[i];
        }
        int[] column = java.util.Arrays.copyOf(shape.dims(), shape.rank() + 1);
        column[shape.rank()] = 1;
        Variable words = weight.gatherRows(Indices.of(shape, own)).where(Tensor.wrap(Shape.of(column), isOwn), 0);
        return words.plus(vectors.gatherRows(Indices.of(shape, others)).where(Tensor.wrap(Shape.of(column), isOther), 0));
    }

    @Override
    public Parts parts() {
        Parts parts = scope.parts();
        Parameter vectors = prompt;
        return vectors == null ? parts : parts.with("prompt", vectors);
    }
}
