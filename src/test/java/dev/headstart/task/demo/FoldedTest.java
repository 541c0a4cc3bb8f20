package dev.headstart.task.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FoldedTest {
    private static boolean forms(String a, String b) {
        boolean there = Folded.of(a).formOf(Folded.of(b));
        assertEquals(there, Folded.of(b).formOf(Folded.of(a)));
        return there;
    }

    @Test
    void case_marks_and_punctuation_are_folded_away() {
        assertEquals(List.of("sao", "tome", "e", "principe"), Folded.of("SÃO Tomé-e (Príncipe) 2").words());
        assertEquals(List.of("strasse"), Folded.of("Straße").words());
        assertEquals(Folded.of("Istanbul"), Folded.of("\u0130stanbul"));
        assertEquals("ozbek", Folded.of("oʻzbek").letters());
        assertEquals(Folded.of("o'zbek"), Folded.of("oʻzbek"));
    }

    @Test
    void words_that_differ_in_a_short_suffix_are_forms_of_one() {
        assertTrue(forms("január", "januára"));
        assertTrue(forms("leden", "ledna"));
        assertTrue(forms("dolar kanadyjski", "Dolary kanadyjskie"));
    }

    @Test
    void an_abbreviation_is_a_form_of_its_word() {
        assertTrue(forms("sept.", "september"));
        assertFalse(forms("se", "september"));
    }

    @Test
    void other_words_are_no_forms() {
        assertFalse(forms("mai", "mei"));
        assertFalse(forms("Norge", "Noreg og meir"));
        assertFalse(forms("Kanada", "Kambodscha"));
        assertFalse(forms("amerikanisch", "ameisenhaft"));
    }
}
