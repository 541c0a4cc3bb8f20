package dev.headstart.io.text;

import dev.headstart.io.text.token.AddedTokens;
import java.util.List;

/// How a text becomes tokens and tokens become text again. Immutable but for memories that never change an answer; any number of threads
/// may use one.
sealed interface Algorithm permits WordPieceAlgorithm, ByteLevelAlgorithm {
    /// The tokens of a part of a text in which no added token was found as the text stands.
    ///
    /// @param added tokens to be looked for in the normalised text
    void tokenize(char[] text, int from, int to, AddedTokens added, Tokens out);

    /// The form in which added tokens are looked for in normalised text.
    String normalize(String content);

    /// The text that tokens stand for.
    String decode(List<String> tokens);

    /// Tokens and ids, without added ones.
    Vocabulary vocabulary();
}
