package dev.headstart.task.objective;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.model.MaskedTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.model.TokenScores;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Objective;
import dev.headstart.train.objective.MaskedBatch;
import dev.headstart.train.objective.TokenMasking;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.text.bert.SegmentPairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// BERT's pre-training (Devlin et al. 2018, arXiv 1810.04805, section 3.1): hidden tokens are predicted and, when sequences are pairs,
/// whether the second segment follows the first.
///
/// Masks are *static*, drawn once for each of n copies of a sequence, or *dynamic*, drawn anew each time (Liu et al. 2019, arXiv
/// 1907.11692). Both are functions of random streams: a resumed run gets the same batches.
public final class BertPretraining implements Objective {
    /// A network as this objective needs it.
    ///
    /// @param padding id of the token that fills up the shorter sequences of a batch
    /// @param loss of a batch, a single number: the mean cross-entropy of the hidden tokens plus the mean cross-entropy of the labels in
    ///     [Batch#next] that are not [TokenScores#IGNORED], which is 0 when there are none
    public record Model(int padding, Function<Batch, Variable> loss) {}

    /// Sequences with hidden tokens, and whether their second segments follow the first.
    ///
    /// @param masked tokens with their segments, padded at the end
    /// @param next `[batch]`: 0 when B follows A, 1 when it is from elsewhere, [TokenScores#IGNORED] when it is not asked
    public record Batch(MaskedBatch masked, Indices next) {}

    /// A language model that predicts hidden tokens; whether segments follow each other is not asked.
    public static Model masked(MaskedTokenScores model) {
        return new Model(model.padding(), batch -> model.tokenLoss(batch.masked.tokens(), batch.masked.labels()));
    }

    /// Both losses of BERT's own pre-training, for pairs.
    public static Model pairs(BertForPreTraining model) {
        return new Model(model.config().padding(), batch -> model.loss(batch.masked.tokens(), batch.masked.labels(), batch.next));
    }

    private final Model model;
    private final List<Sequence> sequences;
    private final TokenMasking masking;
    private final int copies;
    private final @Nullable RandomStream fixed;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sequence(int[] tokens, int[] types, int next) {}

    private BertPretraining(Model model, List<Sequence> sequences, TokenMasking masking, int copies, @Nullable RandomStream fixed) {
        if (copies < 1) {
            throw new IllegalArgumentException("pre-training: " + copies + " copies: at least 1 is needed");
        }
        this.model = model;
        this.sequences = sequences;
        this.masking = masking;
        this.copies = copies;
        this.fixed = fixed;
    }

    /// Masked tokens and next sentences, with masks drawn anew each time.
    public static BertPretraining ofPairs(Model model, List<SegmentPairs.Pair> pairs, TokenMasking masking) {
        return new BertPretraining(model, pairs.stream().map(p -> new Sequence(p.tokens(), p.types(), p.randomNext() ? 1 : 0)).toList(),
                masking, 1, null);
    }

    /// Masked tokens only, of sequences that have their special tokens, with masks drawn anew each time.
    public static BertPretraining ofSequences(Model model, List<int[]> sequences, TokenMasking masking) {
        return new BertPretraining(model, sequences.stream().map(s -> new Sequence(s, new int[s.length], TokenScores.IGNORED)).toList(),
                masking, 1,
                null);
    }

    /// The same with static masks: each sequence is there several times, each time with one mask that never changes.
    ///
    /// @param copiesOfEach number of examples made of each sequence
    public BertPretraining withStaticMasks(int copiesOfEach, RandomStream random) {
        return new BertPretraining(model, sequences, masking, copiesOfEach, random);
    }

    /// Number of examples, copies included.
    public int examples() {
        return Math.multiplyExact(sequences.size(), copies);
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        return model.loss.apply(batch(examples, random));
    }

    /// A batch. Each row depends on the example and its own random stream only.
    ///
    /// @param random for dynamic masks
    /// @throws IllegalStateException when there is nothing to hide
    public Batch batch(int[] examples, RandomStream random) {
        List<Sequence> rows = Arrays.stream(examples).mapToObj(e -> sequences.get(e % sequences.size())).toList();
        int time = rows.stream().mapToInt(row -> row.tokens.length).max().orElse(1);
        List<int[]> inputs = new ArrayList<>();
        int[] types = new int[rows.size() * time];
        List<Integer> positions = new ArrayList<>();
        List<Integer> originals = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            Sequence sequence = rows.get(row);
            RandomStream own = fixed == null ? random.child(row) : fixed.child(examples[row]);
            TokenMasking.Masked masked = masking.mask(sequence.tokens, own);
            int at = row * time;
            inputs.add(masked.tokens());
            System.arraycopy(sequence.types, 0, types, at, sequence.types.length);
            Arrays.stream(masked.positions()).forEach(position -> positions.add(at + position));
            Arrays.stream(masked.originals()).forEach(originals::add);
        }
        if (positions.isEmpty()) {
            throw new IllegalStateException("pre-training: a batch of " + rows.size() + " sequences has no ordinary token to hide");
        }
        TokenBatch tokens = TokenBatch.of(inputs, model.padding);
        return new Batch(new MaskedBatch(tokens.withTypes(Indices.of(tokens.ids().shape(), types)), indices(positions), indices(originals)),
                Indices.of(rows.stream().mapToInt(Sequence::next).toArray()));
    }

    private static Indices indices(List<Integer> values) {
        return Indices.of(values.stream().mapToInt(Integer::intValue).toArray());
    }
}
