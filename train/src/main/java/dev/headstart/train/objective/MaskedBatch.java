package dev.headstart.train.objective;

import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.model.TokenScores;
import dev.headstart.tensor.Indices;
import java.util.Arrays;

/// A batch with hidden tokens.
///
/// @param tokens the network's input
/// @param positions numbers of the chosen positions in row-major order of `[batch, time]`, ascending, `[chosen]`
/// @param originals the tokens that were there, `[chosen]`
public record MaskedBatch(TokenBatch tokens, Indices positions, Indices originals) {
    /// What was there, [TokenScores#IGNORED] where nothing was chosen, `[batch, time]`.
    public Indices labels() {
        int[] labels = new int[tokens.ids().size()];
        Arrays.fill(labels, TokenScores.IGNORED);
        for (int i = 0; i < positions.size(); i++) {
            labels[positions.at(i)] = originals.at(i);
        }
        return Indices.of(tokens.ids().shape(), labels);
    }
}
