package dev.headstart.task.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.text.CharVocabulary;
import java.text.Normalizer;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoDataTest {
    private static final DemoSettings SETTINGS = DemoSettings.full();
    private static final LocaleCorpus CORPUS = LocaleCorpusTest.CORPUS;
    private static final DemoData DATA = DemoData.of(CORPUS, SETTINGS, 1);

    /// What the encoder sees of a text.
    private static String seen(String text) {
        return DATA.vocabulary().decode(DATA.vocabulary().encode(text, SETTINGS.maxLength()));
    }

    private static List<String> decoded(List<int[]> texts) {
        return texts.stream().map(DATA.vocabulary()::decode).toList();
    }

    private static List<String> decoded(DemoData.Labelled labelled, int label) {
        return decoded(IntStream.range(0, labelled.labels().length).filter(i -> labelled.labels()[i] == label)
                .mapToObj(labelled.texts()::get).toList());
    }

    /// All that any phase learns from.
    private static Stream<int[]> learnt() {
        Stream<int[]> few = IntStream.range(0, SETTINGS.runs()).mapToObj(run -> DATA.few(50, run).texts()).flatMap(List::stream);
        return Stream.of(DATA.unlabelled().stream(), DATA.old().texts().stream(), DATA.held().texts().stream(), few).flatMap(s -> s);
    }

    @Test
    void a_third_of_the_latin_languages_is_new() {
        List<String> latin = CORPUS.languages().stream().filter(l -> CORPUS.script(l) == Character.UnicodeScript.LATIN).toList();
        assertTrue(latin.containsAll(DATA.newLanguages()));
        assertEquals(latin.size() / 3, DATA.newLanguages().size());
        assertTrue(DATA.newLanguages().size() >= 20);
        Set<String> all = new HashSet<>(DATA.newLanguages());
        all.addAll(DATA.oldLanguages());
        assertEquals(Set.copyOf(CORPUS.languages()), all);
        assertEquals(all.size(), DATA.newLanguages().size() + DATA.oldLanguages().size());
    }

    @Test
    void no_phase_sees_a_test_text_without_accents_case_and_punctuation() {
        Set<String> tests = DATA.test().texts().stream().map(t -> letters(DATA.vocabulary().decode(t))).collect(Collectors.toSet());
        assertTrue(tests.size() > 700, () -> tests.size() + " different test texts");
        assertEquals(List.of(), learnt().map(DATA.vocabulary()::decode).filter(t -> tests.contains(letters(t))).toList());
    }

    private static String letters(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("[^\\p{L}]", "").toLowerCase(Locale.ROOT);
    }

    @Test
    void no_phase_sees_a_test_text_in_another_form() {
        Set<String> learnt = learnt().map(DATA.vocabulary()::decode).collect(Collectors.toSet());
        int forms = 0;
        for (int label = 0; label < DATA.newLanguages().size(); label++) {
            List<Folded> tests = decoded(DATA.test(), label).stream().map(Folded::of).toList();
            for (String text : CORPUS.texts(DATA.newLanguages().get(label))) {
                Folded folded = Folded.of(seen(text));
                if (tests.stream().anyMatch(folded::formOf)) {
                    forms++;
                    assertFalse(learnt.contains(seen(text)), text);
                }
            }
        }
        assertTrue(forms > DATA.test().labels().length, forms + " forms, the test texts among them");
    }

    @Test
    void every_new_language_has_thirty_test_texts_of_its_own() {
        for (int label = 0; label < DATA.newLanguages().size(); label++) {
            List<String> tests = decoded(DATA.test(), label);
            assertEquals(30, tests.size());
            Set<String> own = CORPUS.own(DATA.newLanguages().get(label)).stream().map(DemoDataTest::seen).collect(Collectors.toSet());
            assertTrue(own.containsAll(tests), DATA.newLanguages().get(label));
        }
        assertEquals(30 * DATA.newLanguages().size(), DATA.test().labels().length);
    }

    @Test
    void labelled_texts_of_old_languages_are_their_own() {
        for (int label = 0; label < DATA.oldLanguages().size(); label++) {
            Set<String> own = CORPUS.own(DATA.oldLanguages().get(label)).stream().map(DemoDataTest::seen).collect(Collectors.toSet());
            List<String> old = decoded(DATA.old(), label);
            List<String> held = decoded(DATA.held(), label);
            assertTrue(own.containsAll(old) && own.containsAll(held), DATA.oldLanguages().get(label));
            assertEquals(8, held.size());
            assertTrue(old.size() >= 250, DATA.oldLanguages().get(label) + " has " + old.size());
        }
    }

    @Test
    void labels_and_ids_are_in_range() {
        for (DemoData.Labelled old : List.of(DATA.old(), DATA.held())) {
            assertTrue(IntStream.of(old.labels()).allMatch(l -> 0 <= l && l < DATA.oldLanguages().size()));
            assertEquals(old.labels().length, old.texts().size());
        }
        for (DemoData.Labelled fresh : List.of(DATA.test(), DATA.few(50, 0))) {
            assertTrue(IntStream.of(fresh.labels()).allMatch(l -> 0 <= l && l < DATA.newLanguages().size()));
            assertEquals(fresh.labels().length, fresh.texts().size());
        }
        Stream.concat(learnt(), DATA.test().texts().stream()).forEach(text -> {
            assertTrue(text.length >= 1 && text.length <= SETTINGS.maxLength());
            assertTrue(IntStream.of(text)
                    .allMatch(id -> id < DATA.vocabulary().size() && id != CharVocabulary.PADDING && id != CharVocabulary.MASK));
        });
    }

    @Test
    void few_labels_are_nested_and_evenly_spread() {
        for (int run = 0; run < SETTINGS.runs(); run++) {
            Set<int[]> fewer = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int perLanguage : SETTINGS.labelsPerClass()) {
                DemoData.Labelled few = DATA.few(perLanguage, run);
                Set<int[]> now = Collections.newSetFromMap(new IdentityHashMap<>());
                now.addAll(few.texts());
                assertEquals(perLanguage * DATA.newLanguages().size(), now.size());
                assertTrue(now.containsAll(fewer));
                for (int label = 0; label < DATA.newLanguages().size(); label++) {
                    assertEquals(perLanguage, decoded(few, label).size());
                }
                fewer = now;
            }
        }
    }

    @Test
    void runs_have_other_labels() {
        assertNotEquals(decoded(DATA.few(5, 0).texts()), decoded(DATA.few(5, 1).texts()));
    }

    @Test
    void a_seed_gives_the_same_data_again_and_another_seed_other_data() {
        DemoData again = DemoData.of(CORPUS, SETTINGS, 1);
        assertEquals(DATA.facts(), again.facts());
        assertSame(DATA.unlabelled(), again.unlabelled());
        assertSame(DATA.old().texts(), again.old().texts());
        assertSame(DATA.test().texts(), again.test().texts());
        assertSame(DATA.few(50, 3).texts(), again.few(50, 3).texts());
        assertNotEquals(DATA.newLanguages(), DemoData.of(CORPUS, SETTINGS, 2).newLanguages());
    }

    private static void assertSame(List<int[]> expected, List<int[]> actual) {
        assertArrayEquals(expected.toArray(), actual.toArray());
    }

    @Test
    void every_seed_leaves_enough_labels() {
        for (int seed = 2; seed < 5; seed++) {
            DemoData data = DemoData.of(CORPUS, DemoSettings.quick(), seed);
            assertEquals(50 * data.newLanguages().size(), data.few(50, 0).labels().length);
        }
    }
}
