package dev.headstart.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.task.report.Table;
import dev.headstart.task.report.TextWidth;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columns_are_aligned_and_the_best_has_a_star() {
        Table table = new Table("Accuracy").left("arm").right("labels").right("accuracy")
                .row("random weights", 2, "9.6 %")
                .row("pre-trained", 1000, Table.highlight("32.0 %"));
        assertEquals("""
                Accuracy
                arm             labels  accuracy
                --------------  ------  --------
                random weights       2     9.6 %
                pre-trained      1,000    32.0 % *
                """, TextTable.render(table));
    }

    @Test
    void wide_and_combining_characters_are_counted_as_terminals_show_them() {
        Table table = new Table("").left("name").right("n").row("日本語", 1).row("e\u0301te\u0301", 22).row("👋", 3);
        assertEquals("""
                name     n
                ------  --
                日本語   1
                e\u0301te\u0301     22
                👋       3
                """, TextTable.render(table));
    }

    @Test
    void names_from_files_cannot_command_the_terminal() {
        assertEquals("\uFFFD[2Jgone \uFFFD x y", TextWidth.printable("\u001b[2Jgone\n\u202e\tx\ry"));
        assertTrue(TextTable.render(new Table("\u001b]0;x\u0007").left("\u009b31m").row("\b")).chars()
                .noneMatch(c -> c != '\n' && Character.isISOControl(c)));
    }

    @Test
    void rows_and_columns_must_agree() {
        Table table = new Table("t").left("a").row("x");
        assertEquals("table t, row 2: 2 cells for 1 columns",
                assertThrows(IllegalArgumentException.class, () -> table.row("x", "y")).getMessage());
        assertThrows(IllegalStateException.class, () -> table.right("late"));
    }

    @Property
    void a_cut_text_fits(@ForAll String text, @ForAll @IntRange(min = 1, max = 20) int most) {
        String cut = TextWidth.cut(text, most);
        assertTrue(TextWidth.columns(cut) <= most);
        assertTrue(cut.endsWith("…") || cut.equals(TextWidth.printable(text)));
    }
}
