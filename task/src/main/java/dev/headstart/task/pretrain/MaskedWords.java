package dev.headstart.task.pretrain;

import dev.headstart.task.goal.Goal;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.Optional;

/// Masked tokens of texts are predicted, by a BERT from random weights or by a published one, which so gets to know the texts of a domain or
/// a task (Gururangan et al. 2020, arXiv 2004.10964).
///
/// ```java
/// Corpus corpus = Corpus.lines(Path.of("notes.txt"));
/// Pretraining small = MaskedWords.of(corpus).scratch(WordVocabulary.open(Path.of("vocab.txt")), MaskedWords.Sizes.USUAL);
/// Pretraining adapted = MaskedWords.of(corpus).wholeWords(true).continuing(Pretrained.open(Path.of("bert-base-uncased")));
/// ```
///
/// @param corpus the texts
/// @param length most tokens of a sequence, the special ones included; longer texts are cut
/// @param wholeWords whether the pieces of a WordPiece word are masked together
public record MaskedWords(Corpus corpus, int length, boolean wholeWords) implements Goal {
    private static final int STEPS = 2000;
    private static final int BATCH = 32;

    /// Sizes of a network from random weights.
    ///
    /// @param width length of a token's vector
    /// @param blocks transformer blocks
    /// @param heads attention heads
    /// @param dropout share of values dropped while training
    public record Sizes(int width, int blocks, int heads, double dropout) {
        /// 2 blocks of width 128.
        public static final Sizes USUAL = new Sizes(128, 2, 4, 0);
    }

    /// @throws IllegalArgumentException when a sequence has no room for a token between two special ones
    public MaskedWords {
        if (length < 3) {
            throw new IllegalArgumentException("masked words: the length is " + length + " tokens: at least 3 are needed");
        }
    }

    /// In sequences of 64 tokens, of which each is masked for itself.
    public static MaskedWords of(Corpus corpus) {
        return new MaskedWords(corpus, 64, false);
    }

    /// The same in sequences of another length.
    public MaskedWords length(int tokens) {
        return new MaskedWords(corpus, tokens, wholeWords);
    }

    /// The same with all pieces of a word masked, or none.
    public MaskedWords wholeWords(boolean whole) {
        return new MaskedWords(corpus, length, whole);
    }

    @Override
    public String noun() {
        return "texts";
    }

    /// A published network of its own. Its encoder must be complete; a masked-language head is taken where it has one.
    @Override
    public MaskedSession session(Pretrained from, Preparation preparation, RandomStream random) throws IOException {
        return MaskedWordSession.continued(this, from, preparation, random);
    }

    /// A new network: BERT's graph, or RoBERTa's where the vocabulary's mask is `<mask>`.
    public Pretraining scratch(WordVocabulary vocabulary, Sizes sizes) {
        return new OfWords(new Pace(STEPS, 0, BATCH, 2e-3), Optional.empty(),
                random -> MaskedWordSession.random(this, vocabulary, sizes, random));
    }

    /// A published network with its own tokenizer is trained further.
    public Pretraining continuing(Pretrained from) {
        return continuing(from, Preparation.PLAIN);
    }

    /// A published network is trained further.
    ///
    /// @param preparation its dropout, and whether only its sizes are taken
    public Pretraining continuing(Pretrained from, Preparation preparation) {
        return new OfWords(new Pace(STEPS, 0, BATCH, 1e-4), Optional.of(from), random -> session(from, preparation, random));
    }

    /// Makes a session.
    private interface Sessions {
        MaskedSession of(RandomStream random) throws IOException;
    }

    private record OfWords(Pace usual, Optional<Pretrained> from, Sessions sessions) implements Pretraining {
        @Override
        public Phases open(Pace pace, RandomStream random) throws IOException {
            return new MaskedPhases(sessions.of(random), pace, random);
        }
    }
}
