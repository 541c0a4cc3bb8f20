package dev.headstart.io.text;

import dev.headstart.io.text.token.ByteAlphabet;
import dev.headstart.io.text.token.Characters;
import java.util.List;

/// Where the tokens of texts and special tokens go in an encoding: `[CLS] A [SEP] B [SEP]`.
///
/// @param single for one text
/// @param pair for two
/// @param trim whether offsets leave out the white space a token begins or ends with
/// @param prefixSpace whether a single space at the very beginning was put there by the tokenizer, and is not left out
record Template(List<Part> single, List<Part> pair, boolean trim, boolean prefixSpace) {
    /// One item of a template.
    sealed interface Part {
        /// A text: number 0 or 1.
        record Sequence(int index, int typeId) implements Part {}

        /// Tokens that stand for no text.
        record Special(List<Integer> ids, List<String> tokens, int typeId) implements Part {}
    }

    Template {
        single = List.copyOf(single);
        pair = List.copyOf(pair);
    }

    /// Texts alone.
    static Template plain(boolean trim, boolean prefixSpace) {
        Part first = new Part.Sequence(0, 0);
        return new Template(List.of(first), List.of(first, new Part.Sequence(1, 1)), trim, prefixSpace);
    }

    /// `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]` with type id 1 from B on.
    static Template bert(String cls, int clsId, String sep, int sepId) {
        Part begin = new Part.Special(List.of(clsId), List.of(cls), 0);
        Part first = new Part.Sequence(0, 0);
        Part end = new Part.Special(List.of(sepId), List.of(sep), 0);
        Part end1 = new Part.Special(List.of(sepId), List.of(sep), 1);
        return new Template(List.of(begin, first, end), List.of(begin, first, end, new Part.Sequence(1, 1), end1), false, false);
    }

    /// `<s> A </s>`, `<s> A </s> </s> B </s>` with type id 0 throughout.
    ///
    /// @param trim whether offsets leave out white space
    /// @param prefixSpace whether a single space at the very beginning was put there by the tokenizer
    static Template roberta(Part.Special begin, Part.Special end, boolean trim, boolean prefixSpace) {
        Part first = new Part.Sequence(0, 0);
        return new Template(List.of(begin, first, end), List.of(begin, first, end, end, new Part.Sequence(1, 0), end), trim, prefixSpace);
    }

    List<Part> parts(boolean isPair) {
        return isPair ? pair : single;
    }

    /// Number of special tokens.
    static int added(List<Part> parts) {
        return parts.stream().mapToInt(part -> part instanceof Part.Special special ? special.ids().size() : 0).sum();
    }

    /// The tokens of one text that go into one encoding, with the offsets the template wants.
    Tokens trimmed(Tokens tokens, int begin, int end) {
        Tokens out = new Tokens();
        for (int i = begin; i < end; i++) {
            out.word = tokens.words[i];
            out.add(tokens.ids[i], tokens.texts[i], tokens.starts[i], tokens.ends[i]);
            trim(out, i - begin);
        }
        return out;
    }

    private void trim(Tokens tokens, int i) {
        String text = tokens.texts[i];
        int leading = 0;
        while (leading < text.length() && isSpace(text.charAt(leading))) {
            leading++;
        }
        int trailing = 0;
        while (trailing < text.length() && isSpace(text.charAt(text.length() - 1 - trailing))) {
            trailing++;
        }
        boolean added = prefixSpace && leading == 1 && (i == 0 || tokens.starts[i] == 0);
        if (leading > 0) {
            tokens.starts[i] = Math.min(tokens.starts[i] + (added ? 0 : leading), tokens.ends[i]);
        }
        if (added && trailing == text.length()) {
            tokens.ends[i] = tokens.starts[i]; // nothing but the space put before, which has the place of one character
        } else if (trailing > 0 && tokens.ends[i] >= trailing) {
            tokens.ends[i] = Math.max(tokens.ends[i] - trailing, tokens.starts[i]);
        }
    }

    private static boolean isSpace(char c) {
        return c == ByteAlphabet.character(' ') || Characters.isSpace(c);
    }
}
