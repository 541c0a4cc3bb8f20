package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

/// Laws that hold for any text.
class TokenizerPropertyTest {
    private final Tokenizer bytes = Expected.bytes();
    private final Tokenizer uncased = Expected.uncased();

    TokenizerPropertyTest() throws IOException {}

    private static String complete(String text) {
        return new String(text.codePoints().map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c).toArray(),
                0,
                text.codePointCount(0, text.length()));
    }

    @Property(tries = 2000)
    void bytes_lead_back_to_the_text(@ForAll @StringLength(max = 60) String text) {
        assertEquals(complete(text), bytes.decode(bytes.encode(text).ids(), false));
    }

    @Property(tries = 2000)
    void offsets_ascend_and_lie_in_the_text(@ForAll @StringLength(max = 60) String text) {
        for (Tokenizer tokenizer : List.of(bytes, uncased)) {
            Encoding encoding = tokenizer.encode(text);
            int end = 0;
            for (int i = 0; i < encoding.length(); i++) {
                if (encoding.sequence(i) == 0) {
                    assertTrue(encoding.start(i) < encoding.end(i) && encoding.end(i) >= end && encoding.end(i) <= text.length());
                    assertTrue(i == 0 || encoding.word(i) == encoding.word(i - 1) || encoding.word(i) > encoding.word(i - 1));
                    end = encoding.end(i);
                }
            }
        }
    }

    @Property(tries = 1000)
    void a_truncated_text_has_the_first_tokens(@ForAll @StringLength(max = 60) String text) {
        int[] all = uncased.with(Options.DEFAULT.withoutSpecialTokens()).encode(text).ids();
        int[] some = uncased.with(Options.DEFAULT.withoutSpecialTokens().truncate(5)).encode(text).ids();
        assertArrayEquals(Arrays.copyOf(all, Math.min(5, all.length)), some);
    }
}
