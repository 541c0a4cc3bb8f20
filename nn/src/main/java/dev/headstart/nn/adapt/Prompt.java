package dev.headstart.nn.adapt;

import dev.headstart.autograd.Parameter;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.Part;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.Map;

/// Prompt vectors (Lester et al. 2021, arXiv 2104.08691): tokens that no text has, whose vectors are all that is learnt. They have the ids
/// behind the vocabulary's, so whatever takes token ids takes them; they take up positions like any token.
///
/// ```java
/// int[] tokens = …;
/// Prompt prompt = Prompt.random(model, "**.wte", 20, random);
/// prompt.alone(model);
/// int[] seen = prompt.into(tokens, 0); // the prompt, then the text
/// ```
///
/// @param table the table they were added to
/// @param vectors `[length, width]`, under the name `prompt` beside the table's `weight`
public record Prompt(Embedding table, Parameter vectors) {
    /// Vectors from N(0, 0.02²).
    ///
    /// @param pattern of the name of the table of tokens, as in [dev.headstart.autograd.Parameters#select]; exactly one must match
    public static Prompt random(Part model, String pattern, int length, RandomStream random) {
        Embedding table = table(model, pattern);
        return attached(table, random.normal(Shape.of(length, table.weight().shape().dim(1)), 0, 0.02f));
    }

    /// Vectors that start as those of some tokens, which the paper found better: words that describe the task.
    public static Prompt ofTokens(Part model, String pattern, int... tokens) {
        Embedding table = table(model, pattern);
        return attached(table, table.weight().value().gatherRows(Indices.of(tokens)));
    }

    private static Embedding table(Part model, String pattern) {
        Map<String, Embedding> tables = model.parts().select(Embedding.class, pattern);
        if (tables.size() > 1) {
            throw new IllegalArgumentException("prompt: the pattern '" + pattern + "' matches " + tables.keySet()
                    + ": the one table of tokens is needed");
        }
        return tables.values().iterator().next();
    }

    private static Prompt attached(Embedding table, Tensor first) {
        Parameter vectors = Parameter.of(first);
        table.prompt(vectors);
        return new Prompt(table, vectors);
    }

    /// Number of vectors.
    public int length() {
        return vectors.shape().dim(0);
    }

    /// Tokens with the prompt before place `at`: 0, or 1 to leave a `[CLS]` in front.
    public int[] into(int[] tokens, int at) {
        int first = table.weight().shape().dim(0);
        int[] with = new int[tokens.length + length()];
        System.arraycopy(tokens, 0, with, 0, at);
        for (int i = 0; i < length(); i++) {
            with[at + i] = first + i;
        }
        System.arraycopy(tokens, at, with, at + length(), tokens.length - at);
        return with;
    }

    /// Freezes a whole model but these vectors.
    public void alone(Part model) {
        model.parameters().freeze();
        vectors.unfreeze();
    }

    /// Removes the vectors: the model is what it was before.
    public void remove() {
        table.prompt(null);
    }
}
