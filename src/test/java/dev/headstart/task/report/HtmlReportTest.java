package dev.headstart.task.report;

import static dev.headstart.task.report.Markup.HOSTILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.task.report.LineChart.Point;
import dev.headstart.task.report.LineChart.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class HtmlReportTest {
    @Test
    void all_parts_are_there_in_order() {
        Document page = Markup.parse(full("plain").html());
        assertEquals(List.of("plain"), Markup.texts(page, "h1"));
        assertEquals(List.of("plain 1", "plain 2", "plain 3", "plain 4"), Markup.texts(page, "h2"));
        assertEquals(List.of("the result: 5\u00a0%", "running text", "folded"), Markup.texts(page, "p"));
        assertEquals(2, Markup.elements(page, "svg").size());
        assertEquals(List.of("  a\n    b\n"), Markup.texts(page, "pre"));
        assertEquals(List.of("more"), Markup.texts(page, "summary"));
        assertEquals("en", page.getDocumentElement().getAttribute("lang"));
    }

    @Test
    void links_lead_to_sections() {
        Document page = Markup.parse(full("plain").html());
        List<String> targets = Markup.elements(page, "h2").stream().map(e -> "#" + e.getAttribute("id")).toList();
        assertEquals(targets, Markup.elements(page, "a").stream().map(e -> e.getAttribute("href")).toList());
        assertEquals(0, Markup.elements(Markup.parse(new HtmlReport("short").section("one").html()), "nav").size());
    }

    @Test
    void numbers_stand_right_and_the_best_stands_out() {
        Table table = new Table("Accuracy").left("arm").right("accuracy").row("random", "21 %").row("pre-trained", Table.highlight("32 %"));
        Document page = Markup.parse(new HtmlReport("t").table(table).html());
        List<Element> cells = Markup.elements(page, "td");
        assertEquals(List.of("n", "n best"), cells.stream().map(e -> e.getAttribute("class")).toList());
        assertEquals(List.of("arm", "accuracy", "random", "pre-trained"), Markup.texts(page, "th"));
        assertEquals(List.of("Accuracy"), Markup.texts(page, "caption"));
    }

    @Test
    void hostile_text_stays_text() {
        Document page = Markup.parse(full(HOSTILE).html());
        assertTrue(Markup.texts(page, "h1").getFirst().startsWith("</title><script>alert('1')</script>\" onload=\"x &amp; & <b> ]]> "));
        assertEquals(1 + 2, Markup.elements(page, "style").size());
        assertEquals(0, Markup.elements(page, "b").size());
    }

    @Test
    void equal_input_gives_equal_bytes() {
        HtmlReport report = full("plain");
        assertEquals(report.html(), full("plain").html());
        assertEquals(report.html(), report.html());
    }

    @Test
    void a_report_is_replaced_whole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new/folder/report.html");
        new HtmlReport("first").write(file);
        full("second").write(file);
        assertEquals(full("second").html(), Files.readString(file));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void a_report_that_cannot_be_written_leaves_nothing(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        Files.createDirectories(file.resolve("in-the-way"));
        assertThrows(IOException.class, () -> full("t").write(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void a_section_cannot_begin_inside_of_details() {
        HtmlReport report = new HtmlReport("t");
        assertThrows(IllegalStateException.class, () -> report.details("more", inner -> inner.section("no")));
    }

    @Test
    void the_browser_is_told_to_fetch_nothing() {
        String html = full("t").html();
        assertTrue(html.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:\""));
        assertFalse(html.contains("src=") || html.contains("<link"));
    }

    private static HtmlReport full(String name) {
        Chart line = new LineChart(name, Axis.linear(name, name), Axis.percent(name),
                List.of(new Series(name, List.of(new Point(1, 0.5)))));
        Chart bars = new BarChart(name, Axis.linear(name, "s"), List.of(name), List.of(new BarChart.Bars(name, 1)));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", 7);
        settings.put(name, name);
        return new HtmlReport(name).headline("the result: 5 %")
                .section(name + " 1").paragraph("running text").charts(line, bars)
                .section(name + " 2").table(new Table(name).left(name).right(name).row(name, 3))
                .section(name + " 3").preformatted("  a\n    b\n").details("more", inner -> inner.paragraph("folded"))
                .section(name + " 4").settings(name, settings);
    }
}
