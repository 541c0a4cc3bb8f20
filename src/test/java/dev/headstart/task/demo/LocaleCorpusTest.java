package dev.headstart.task.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Workers;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LocaleCorpusTest {
    /// Collected once: it takes seconds.
    static final LocaleCorpus CORPUS = LocaleCorpus.collect(Workers.of(2));

    // ---- the choice of languages, on small examples ----

    private static SequencedMap<String, Set<String>> said(Object... languagesAndTexts) {
        SequencedMap<String, Set<String>> said = new LinkedHashMap<>();
        for (int i = 0; i < languagesAndTexts.length; i += 2) {
            said.put(languagesAndTexts[i].toString(), Set.of(languagesAndTexts[i + 1].toString().split(" ")));
        }
        return said;
    }

    @Test
    void of_copies_the_first_stays() {
        LocaleCorpus corpus = LocaleCorpus.of(said("fr", "un deux trois", "ht", "un deux trois", "xx", "un deux", "de", "eins zwei drei"),
                2);
        assertEquals(List.of("de", "fr"), corpus.languages());
        assertEquals(Set.of("un", "deux", "trois"), corpus.own("fr"));
    }

    @Test
    void a_text_of_two_languages_is_nobodys_own() {
        LocaleCorpus corpus = LocaleCorpus.of(said("de", "zwei drei Januar", "nl", "twee drie Januar"), 2);
        assertEquals(Set.of("zwei", "drei"), corpus.own("de"));
        assertEquals(Set.of("zwei", "drei", "Januar"), corpus.texts("de"));
        assertEquals(4, corpus.size());
    }

    @Test
    void the_poorest_goes_and_leaves_its_texts_to_its_relative() {
        LocaleCorpus corpus = LocaleCorpus.of(said("a", "1 2 3 4", "b", "3 4 5", "c", "5 6 7 8"), 3);
        assertEquals(List.of("a", "c"), corpus.languages());
        assertEquals(Set.of("1", "2", "3", "4"), corpus.own("a"));
        assertEquals(Set.of("5", "6", "7", "8"), corpus.own("c"));
    }

    @Test
    void one_at_a_time_goes() {
        // together "a" and "b" are both too poor; once "a" is gone, "b" is not
        LocaleCorpus corpus = LocaleCorpus.of(said("a", "1 2 3", "b", "2 3 4 5"), 3);
        assertEquals(List.of("b"), corpus.languages());
        assertEquals(4, corpus.own("b").size());
    }

    // ---- this JDK's ----

    @Test
    void own_is_what_exactly_one_language_says() {
        Map<String, Integer> speakers = new HashMap<>();
        CORPUS.languages().forEach(l -> CORPUS.texts(l).forEach(text -> speakers.merge(text, 1, Integer::sum)));
        for (String language : CORPUS.languages()) {
            Set<String> alone = new TreeSet<>(CORPUS.texts(language));
            alone.removeIf(text -> speakers.getOrDefault(text, 0) != 1);
            assertEquals(alone, CORPUS.own(language), language);
        }
    }

    @Test
    void every_language_has_300_texts_of_its_own() {
        assertTrue(CORPUS.languages().size() >= 120, CORPUS.languages()::toString);
        for (String language : CORPUS.languages()) {
            assertTrue(CORPUS.own(language).size() >= 300, () -> language + " has " + CORPUS.own(language).size());
        }
    }

    @Test
    void copies_did_not_cost_the_languages_they_copy() {
        assertTrue(CORPUS.languages().containsAll(List.of("fr", "de", "es", "it", "pl", "sv", "zh", "ja", "ru", "ar")),
                CORPUS.languages()::toString);
        assertTrue(CORPUS.texts("fr").contains("Allemagne"));
        assertFalse(CORPUS.languages().contains("ht"));
    }

    @Test
    void a_language_in_two_scripts_is_two_languages() {
        assertTrue(CORPUS.languages().containsAll(List.of("az", "az-Cyrl", "uz", "uz-Cyrl", "zh", "zh-Hant")),
                CORPUS.languages()::toString);
        assertEquals(Character.UnicodeScript.LATIN, CORPUS.script("az"));
        assertEquals(Character.UnicodeScript.CYRILLIC, CORPUS.script("az-Cyrl"));
        assertFalse(CORPUS.languages().contains("az-Latn"));
    }

    @Test
    void nothing_is_inherited_from_english() {
        for (String language : CORPUS.languages()) {
            for (String english : List.of("Germany", "January", "Swahili", "Fourth quarter", "4th quarter")) {
                assertFalse(CORPUS.texts(language).contains(english), () -> language + " says " + english);
            }
        }
        assertFalse(CORPUS.languages().contains("en"));
    }

    @Test
    void texts_are_trimmed_composed_and_have_two_letters() {
        for (String language : CORPUS.languages()) {
            for (String text : CORPUS.texts(language)) {
                assertEquals(text.strip(), text);
                assertTrue(Normalizer.isNormalized(text, Normalizer.Form.NFC), text);
                assertTrue(text.codePoints().filter(Character::isLetter).count() >= 2, text);
            }
        }
    }

    @Test
    void the_corpus_does_not_depend_on_the_number_of_threads() {
        LocaleCorpus alone = LocaleCorpus.collect(Workers.sequential());
        assertEquals(CORPUS.languages(), alone.languages());
        assertEquals(CORPUS.sha256(), alone.sha256());
    }
}
