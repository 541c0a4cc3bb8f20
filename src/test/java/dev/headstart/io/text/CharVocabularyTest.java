package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CharVocabularyTest {
    @Test
    void commoner_characters_come_first_and_of_equals_the_smaller() {
        CharVocabulary vocabulary = CharVocabulary.of(List.of("ccb", "acb", "c"), 100);
        assertEquals("cba", vocabulary.decode(3, 4, 5));
        assertEquals(6, vocabulary.size());
        assertEquals("ab", CharVocabulary.of(List.of("ba"), 100).decode(3, 4));
    }

    @Test
    void rare_characters_beyond_the_limit_are_unknown() {
        CharVocabulary vocabulary = CharVocabulary.of(List.of("aaabbc"), 2);
        assertEquals(5, vocabulary.size());
        assertArrayEquals(new int[] {3, 4, CharVocabulary.UNKNOWN, CharVocabulary.UNKNOWN}, vocabulary.encode("abc!", 10));
    }

    @Test
    void a_long_text_is_cut_between_code_points() {
        CharVocabulary vocabulary = CharVocabulary.of(List.of("a😀"), 10);
        assertArrayEquals(vocabulary.encode("a😀", 10), vocabulary.encode("a😀a", 2));
        assertEquals("a😀", vocabulary.decode(vocabulary.encode("a😀", 2)));
        assertEquals(0, vocabulary.encode("", 2).length);
    }

    @Test
    void special_ids_have_signs_of_their_own() {
        CharVocabulary vocabulary = CharVocabulary.of(List.of("a"), 10);
        assertEquals("a\uFFFD\u2581",
                vocabulary.decode(3, CharVocabulary.UNKNOWN, CharVocabulary.PADDING, CharVocabulary.MASK, CharVocabulary.PADDING));
    }

    @Test
    void json_keeps_every_id() throws JsonException {
        CharVocabulary vocabulary = CharVocabulary.of(List.of("żółw 😀 \"\\\n 漢字 żż"), 100);
        CharVocabulary read = CharVocabulary.fromJson(Json.parse(vocabulary.toJson().compact()));
        assertEquals(vocabulary.size(), read.size());
        assertArrayEquals(vocabulary.encode("żółw 漢 \n\\\"😀?", 100), read.encode("żółw 漢 \n\\\"😀?", 100));
    }

    @Test
    void a_damaged_vocabulary_is_refused() {
        assertEquals("vocabulary: a character comes twice",
                assertThrows(IllegalArgumentException.class, () -> CharVocabulary.fromJson(Json.of("aba"))).getMessage());
        assertEquals("vocabulary: a text with all characters is expected",
                assertThrows(IllegalArgumentException.class, () -> CharVocabulary.fromJson(Json.of(3))).getMessage());
    }
}
