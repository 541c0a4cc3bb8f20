package dev.headstart.io.text.token;

/// A token that is found in a text before it is cut into words.
///
/// @param content how it is written
/// @param id its id
/// @param special whether decoding may skip it
/// @param normalized whether it is looked for in the normalised text; otherwise in the text as it is
/// @param singleWord whether it must not be part of a longer word
/// @param stripLeft whether white space before it becomes part of it
/// @param stripRight whether white space behind it becomes part of it
public record AddedToken(
        String content, int id, boolean special, boolean normalized, boolean singleWord, boolean stripLeft, boolean stripRight) {
    /// A special token as models have them: found in the text as it is, anywhere.
    public static AddedToken special(String content, int id) {
        return new AddedToken(content, id, true, false, false, false, false);
    }
}
