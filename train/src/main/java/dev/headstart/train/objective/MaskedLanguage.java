package dev.headstart.train.objective;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.model.MaskedTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Masked language modelling (Devlin et al. 2018, arXiv 1810.04805, section 3.1): of each sequence some tokens are chosen, and the network
/// has to predict what they were. Of the chosen ones, 80 % are replaced by the mask token, 10 % by a random token, 10 % stay.
///
/// Tokens are chosen anew each time (dynamic masking, Liu et al. 2019, arXiv 1907.11692): `max(1, round(rate · length))` of each sequence,
/// never special ones.
///
/// @param model the network; its padding fills up the shorter sequences of a batch
/// @param sequences tokens of each example
/// @param rate share of tokens chosen; BERT's is 0.15
/// @param mask id of the mask token
/// @param firstOrdinary ids below this are special: never chosen, never put in
public record MaskedLanguage(MaskedTokenScores model, List<int[]> sequences, double rate, int mask,
        int firstOrdinary) implements Objective {
    public MaskedLanguage {
        if (!(rate > 0 && rate < 1)) {
            throw new IllegalArgumentException("masked language modelling: rate " + rate + ": it must be in (0, 1)");
        }
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        MaskedBatch masked = mask(Arrays.stream(examples).mapToObj(sequences::get).toList(), random);
        if (masked.positions().size() == 0) {
            throw new IllegalStateException(
                    "masked language modelling: a batch of " + examples.length + " sequences has no ordinary token to hide");
        }
        return model.tokenLoss(masked.tokens(), masked.labels());
    }

    /// Hides tokens of these sequences.
    public MaskedBatch mask(List<int[]> originals, RandomStream random) {
        int vocabulary = model.vocabulary();
        int time = Math.max(1, originals.stream().mapToInt(s -> s.length).max().orElse(1));
        List<int[]> inputs = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        List<Integer> answers = new ArrayList<>();
        for (int row = 0; row < originals.size(); row++) {
            int[] sequence = originals.get(row).clone();
            RandomStream own = random.child(row);
            int[] order = own.child("order").permutation(sequence.length);
            int ordinary = (int) Arrays.stream(sequence).filter(id -> id >= firstOrdinary).count();
            int left = ordinary == 0 ? 0 : Math.max(1, (int) Math.round(rate * ordinary));
            int[] chosen = Arrays.stream(order).filter(i -> sequence[i] >= firstOrdinary).limit(left)
                    .sorted().toArray();
            for (int at : chosen) {
                positions.add(row * time + at);
                answers.add(sequence[at]);
                float fate = own.child("fate").uniform(at);
                if (fate < 0.8f) {
                    sequence[at] = mask;
                } else if (fate < 0.9f) {
                    sequence[at] = firstOrdinary + own.child("token").below(vocabulary - firstOrdinary, at);
                }
            }
            inputs.add(sequence);
        }
        return new MaskedBatch(TokenBatch.of(inputs, model.padding()), Indices.of(positions.stream().mapToInt(Integer::intValue).toArray()),
                Indices.of(answers.stream().mapToInt(Integer::intValue).toArray()));
    }
}
