package dev.headstart.task.pretrain;

import dev.headstart.tensor.RandomStream;
import java.io.IOException;

/// Masked characters of texts are predicted, by a character transformer from random weights.
///
/// ```java
/// MaskedCharacters goal = MaskedCharacters.of(Corpus.lines(Path.of("notes.txt"))).sized(new MaskedCharacters.Sizes(64, 96, 2, 4, 500, 0.1));
/// ```
///
/// @param corpus the texts
/// @param sizes of the network
public record MaskedCharacters(Corpus corpus, Sizes sizes) implements Pretraining {
    /// Sizes of the network.
    ///
    /// @param length most characters of a text; longer ones are cut into pieces
    /// @param width length of a character's vector
    /// @param blocks transformer blocks
    /// @param heads attention heads
    /// @param characters most different characters it knows
    /// @param dropout share of values dropped while training
    public record Sizes(int length, int width, int blocks, int heads, int characters, double dropout) {
        /// Those of [MaskedCharacters#of].
        public static final Sizes USUAL = new Sizes(128, 128, 3, 4, 2000, 0);
    }

    /// With a small network: 3 blocks of width 128.
    public static MaskedCharacters of(Corpus corpus) {
        return new MaskedCharacters(corpus, Sizes.USUAL);
    }

    /// The same with a network of other sizes.
    public MaskedCharacters sized(Sizes other) {
        return new MaskedCharacters(corpus, other);
    }

    @Override
    public Pace usual() {
        return new Pace(400, 0, 32, 2e-3);
    }

    /// The network, the texts, and the loss of a batch of them.
    ///
    /// @throws IOException when there are fewer than 2 texts
    public MaskedSession session(RandomStream random) throws IOException {
        return MaskedCharacterSession.of(corpus, sizes, random);
    }

    @Override
    public Phases open(Pace pace, RandomStream random) throws IOException {
        return new MaskedPhases(session(random), pace, random);
    }
}
