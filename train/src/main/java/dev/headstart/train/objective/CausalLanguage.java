package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.model.NextTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.model.TokenScores;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Workspace;
import dev.headstart.train.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/// Causal language modelling: each token is predicted from those before it.
///
/// An example is a piece of n + 1 tokens, n ≥ 1: the network reads the first n and its answers are the last n, so inputs and labels are
/// shifted by one against each other. Shorter pieces of a batch are padded at the end with token 0, whose labels are ignored; as no
/// position attends to a later one, padding changes nothing before it.
public final class CausalLanguage implements Objective {
    private final NextTokenScores model;
    private final int examples;
    private final IntFunction<int[]> pieces;

    private CausalLanguage(NextTokenScores model, int examples, IntFunction<int[]> pieces) {
        this.model = model;
        this.examples = examples;
        this.pieces = pieces;
    }

    /// A long text cut into blocks: example i predicts the tokens `i · block + 1 … (i + 1) · block`. What is left at the end is left out.
    ///
    /// @param stream not copied and not to be changed
    /// @param block tokens an example predicts
    /// @throws IllegalArgumentException when the text has no whole block
    public static CausalLanguage blocks(NextTokenScores model, int[] stream, int block) {
        if (block < 1 || stream.length <= block) {
            throw new IllegalArgumentException("causal language modelling: " + stream.length + " tokens in blocks of " + block
                    + ": a block needs at least 1 token and one more that follows");
        }
        return new CausalLanguage(model, (stream.length - 1) / block, i -> Arrays.copyOfRange(stream, i * block, (i + 1) * block + 1));
    }

    /// Texts that stand for themselves, one an example.
    ///
    /// @throws IllegalArgumentException when one has fewer than 2 tokens
    public static CausalLanguage texts(NextTokenScores model, List<int[]> texts) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).length < 2) {
                throw new IllegalArgumentException("causal language modelling: text " + i + " has " + texts.get(i).length
                        + " tokens: at least 2 are needed");
            }
        }
        return new CausalLanguage(model, texts.size(), texts::get);
    }

    /// Number of examples.
    public int examples() {
        return examples;
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        return loss(model, Arrays.stream(examples).mapToObj(pieces).toList());
    }

    private static Variable loss(NextTokenScores model, List<int[]> batch) {
        int time = batch.stream().mapToInt(piece -> piece.length - 1).max().orElse(1);
        int[] tokens = new int[batch.size() * time];
        int[] labels = new int[tokens.length];
        Arrays.fill(labels, TokenScores.IGNORED);
        for (int row = 0; row < batch.size(); row++) {
            int[] piece = batch.get(row);
            System.arraycopy(piece, 0, tokens, row * time, piece.length - 1);
            System.arraycopy(piece, 1, labels, row * time, piece.length - 1);
        }
        Shape shape = Shape.of(batch.size(), time);
        return model.tokenLoss(TokenBatch.of(Indices.of(shape, tokens)), Indices.of(shape, labels));
    }

    /// How well a text was predicted.
    ///
    /// @param tokens how many were predicted
    /// @param loss mean cross-entropy, in nats per token
    public record Score(long tokens, double loss) {
        /// e to the loss: among how many equally likely tokens the network had to choose.
        public double perplexity() {
            return StrictMath.exp(loss);
        }
    }

    /// The network's loss on a long text, without recording. Windows of `context` tokens begin every `stride` tokens; in each, only tokens
    /// no window before has predicted count, so every token but the first counts once, and all but the first window's have at least
    /// `context - stride` tokens before them. The windows are those of "Perplexity of fixed-length models" in transformers' documentation.
    ///
    /// @param stream at least 2 tokens
    /// @param context tokens of a window, at least 2
    /// @param stride 1 … context - 1 for overlapping windows; with `context` itself each window begins with a token that only it has,
    ///     predicted by nothing: so the most is `context - 1`
    public static Score score(NextTokenScores model, int[] stream, int context, int stride) {
        if (stream.length < 2 || context < 2 || stride < 1 || stride >= context) {
            throw new IllegalArgumentException("perplexity: " + stream.length + " tokens, context " + context + ", stride " + stride
                    + ": at least 2 tokens, a context of at least 2, and a stride from 1 to one less than the context are needed");
        }
        double sum = 0;
        int counted = 1; // the first token has nothing before it
        Workspace workspace = new Workspace();
        for (int begin = 0; counted < stream.length; begin += stride) {
            int end = Math.min(stream.length, begin + context);
            int[] tokens = Arrays.copyOfRange(stream, begin, end - 1);
            int[] labels = Arrays.copyOfRange(stream, begin + 1, end);
            Arrays.fill(labels, 0, counted - begin - 1, TokenScores.IGNORED);
            Shape shape = Shape.of(1, tokens.length);
            TokenBatch batch = TokenBatch.of(Indices.of(shape, tokens));
            double mean = workspace.call(() -> Mode.inference(() -> model.tokenLoss(batch, Indices.of(shape, labels)).value()).item());
            sum += mean * (end - counted);
            counted = end;
        }
        return new Score(stream.length - 1, sum / (stream.length - 1));
    }
}
