package dev.headstart.task.report;

import static dev.headstart.task.report.Markup.HOSTILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.task.report.LineChart.Point;
import dev.headstart.task.report.LineChart.Reference;
import dev.headstart.task.report.LineChart.Series;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartTest {
    private static final Axis STEP = Axis.linear("step", "");
    private static final Axis LOSS = Axis.linear("loss", "nats");

    @Test
    void ticks_asked_for_are_the_ticks_drawn() {
        LineChart chart = new LineChart("t", Axis.log("labels per class", "", 2, 5, 10, 50), Axis.percent("accuracy").fromZero(),
                List.of(accuracy(0)));
        List<String> texts = Markup.texts(Markup.parse(chart.svg()), "text");
        assertTrue(texts.containsAll(List.of("2", "5", "10", "50", "labels per class", "accuracy (%)", "0", "40")), texts::toString);
        assertFalse(texts.contains("20 %") || texts.contains("100"), texts::toString);
    }

    @Test
    void a_logarithmic_axis_has_equal_ratios_equally_long() {
        Axis.Scale scale = Axis.log("n", "").scale(1, 100, 0, 200, 9, true);
        assertEquals(100, scale.pixel(10), 1e-9);
        assertEquals(0, scale.pixel(1), 1e-9);
    }

    @Test
    void points_tell_their_figures() {
        Document svg = Markup
                .parse(new LineChart("t", Axis.log("labels", "", 2, 50), Axis.percent("accuracy"), List.of(accuracy(0))).svg());
        assertTrue(Markup.texts(svg, "title").contains("arm 0\nlabels: 2\naccuracy: 20.0 % (18.0 % to 22.0 %)"));
    }

    @Test
    void few_points_have_error_bars_and_many_a_band() {
        Document few = Markup.parse(new LineChart("t", STEP, LOSS, List.of(accuracy(0))).svg());
        assertEquals(4, Markup.ofClass(few, "whisker").size());
        assertEquals(0, Markup.ofClass(few, "band").size());
        Document many = Markup.parse(new LineChart("t", STEP, LOSS, List.of(curve(100))).svg());
        assertEquals(0, Markup.ofClass(many, "whisker").size());
        assertEquals(1, Markup.ofClass(many, "band").size());
    }

    @Test
    void a_figure_that_is_missing_is_a_gap() {
        List<Point> points = List.of(new Point(1, 1), new Point(2, 2), new Point(3, Double.NaN), new Point(4, 3),
                new Point(5, Double.POSITIVE_INFINITY),
                new Point(6, 3), new Point(7, 3));
        Document svg = Markup.parse(new LineChart("t", STEP, LOSS, List.of(new Series("s", points))).svg());
        // Two lines of two points each and one in the legend; five points have a marker, the legend has one.
        assertEquals(3, Markup.ofClass(svg, "line").size());
        assertEquals(6, Markup.ofClass(svg, "marker").size());
        assertFalse(svg.getDocumentElement().getTextContent().contains("NaN"));
    }

    @Test
    void a_chart_without_data_says_so() {
        LineChart chart = new LineChart("t", STEP, Axis.log("loss", ""),
                List.of(new Series("lost", List.of()), new Series("nan", List.of(new Point(1, Double.NaN)))));
        List<String> texts = Markup.texts(Markup.parse(chart.svg()), "text");
        assertTrue(texts.containsAll(List.of("no data", "lost (no data)", "nan (no data)")), texts::toString);
        Markup.parse(new LineChart("t", STEP, LOSS, List.of()).svg());
        Markup.parse(new BarChart("t", LOSS, List.of(), List.of()).svg());
    }

    @Test
    void a_single_point_stands_inside_of_the_plot() {
        for (double value : new double[] {0, 1, -3.5, 1e99, 1e-300}) {
            Document svg = Markup.parse(new LineChart("t", STEP, LOSS, List.of(new Series("s", List.of(new Point(value, value))))).svg());
            Element hit = Markup.ofClass(svg, "hit").getFirst();
            assertTrue(Markup.number(hit, "cx") > 30 && Markup.number(hit, "cx") < 640, () -> value + " at x " + hit.getAttribute("cx"));
            assertTrue(Markup.number(hit, "cy") > 50 && Markup.number(hit, "cy") < 400, () -> value + " at y " + hit.getAttribute("cy"));
        }
    }

    @Test
    void what_has_no_place_on_an_axis_is_refused() {
        Series zero = new Series("s", List.of(new Point(0, 1)));
        Exception refused = assertThrows(IllegalArgumentException.class,
                () -> new LineChart("t", Axis.log("labels", ""), LOSS, List.of(zero)));
        assertEquals("axis labels: 0.0 has no place on it: a logarithmic axis needs numbers above 0", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Point(Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> Axis.log("labels", "", 0, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new LineChart("t", STEP, LOSS, List.of(), List.of(new Reference("r", Double.NaN))));
        assertThrows(IllegalArgumentException.class, () -> new BarChart("t", Axis.log("time", "s"), List.of(), List.of()));
        assertEquals("bar chart t: frozen has 1 figures for 2 groups", assertThrows(IllegalArgumentException.class,
                () -> new BarChart("t", LOSS, List.of("a", "b"), List.of(new BarChart.Bars("frozen", 1)))).getMessage());
    }

    @Test
    void hostile_names_stay_text() {
        Axis axis = Axis.linear(HOSTILE, HOSTILE);
        Point point = new Point(1, new Estimate(2, 1, 3));
        Document line = Markup.parse(
                new LineChart(HOSTILE, axis, axis, List.of(new Series(HOSTILE, List.of(point))), List.of(new Reference(HOSTILE, 1))).svg());
        assertTrue(line.getDocumentElement().getAttribute("aria-label").contains("<script>alert('1')</script>\" onload=\"x &amp; & <b>"));
        assertFalse(line.getDocumentElement().hasAttribute("onload"));
        Document bars = Markup.parse(
                new BarChart(HOSTILE, axis, List.of(HOSTILE), List.of(new BarChart.Bars(HOSTILE, 1), new BarChart.Bars(HOSTILE, 2))).svg());
        assertTrue(Markup.texts(bars, "title").getFirst().contains("</title><script>"));
    }

    @Test
    void charts_are_labelled_images() {
        for (Chart chart : List.of(new LineChart("Curves", STEP, LOSS, List.of(accuracy(0))), bars())) {
            Element svg = Markup.parse(chart.svg()).getDocumentElement();
            assertEquals("img", svg.getAttribute("role"));
            assertTrue(svg.getAttribute("aria-label").contains(chart.title()));
        }
    }

    @Test
    void the_legend_stands_above_the_plot_inside_of_the_picture() {
        List<Series> series = IntStream.range(0, 12).mapToObj(i -> new Series("a name of some length " + i, accuracy(i).points())).toList();
        Document svg = Markup.parse(new LineChart("t", STEP, LOSS, series).svg());
        double plotTop = Markup.ofClass(svg, "grid").stream().mapToDouble(e -> Markup.number(e, "y1")).min().orElseThrow();
        List<Element> names = Markup.elements(svg, "text").stream().filter(e -> e.getTextContent().startsWith("a name")).toList();
        assertEquals(12, names.size());
        for (Element name : names) {
            assertTrue(Markup.number(name, "y") + 10 < plotTop, "legend over the plot");
            assertTrue(Markup.number(name, "x") + Drawing.textWidth(name.getTextContent()) <= Drawing.WIDTH, "legend beyond the picture");
        }
    }

    @Test
    void series_differ_in_more_than_colour() {
        Set<String> looks = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            Drawing.Look look = new Drawing.Look(i, i);
            assertTrue(looks.add(look.marker(0, 0)), "marker " + i + " repeats");
            looks.add(look.colourClass());
        }
        assertEquals(14, looks.size());
        // With dashes, 35 series in all.
        Set<List<String>> both = new HashSet<>();
        IntStream.range(0, 35).mapToObj(i -> new Drawing.Look(i, i)).forEach(look -> both.add(List.of(look.colourClass(), look.dashes())));
        assertEquals(35, both.size());
    }

    @Test
    void a_series_keeps_the_look_it_asks_for() {
        String svg = new LineChart("t", STEP, LOSS, List.of(curve(30).looking(4, 1))).svg();
        assertTrue(svg.contains("<g class=\"hs-c4\">") && svg.contains("stroke-dasharray=\"7 4\"") && !svg.contains("<g class=\"hs-c0\">"));
    }

    @Test
    void error_bars_of_several_series_do_not_hide_each_other() {
        Document svg = Markup.parse(
                new LineChart("t", Axis.log("labels", "", 2, 5, 10, 50), LOSS, List.of(accuracy(0), accuracy(1), accuracy(2))).svg());
        List<Double> at = Markup.ofClass(svg, "hit").stream().map(e -> Markup.number(e, "cx")).sorted().toList();
        assertEquals(12, new HashSet<>(at).size());
        assertEquals(at.get(1) - at.get(0), 6, 0.11);
    }

    @Test
    void long_series_have_few_markers_and_a_bounded_size() {
        String svg = new LineChart("t", STEP, LOSS, List.of(curve(2000))).svg();
        Document document = Markup.parse(svg);
        assertTrue(Markup.ofClass(document, "marker").size() <= 14);
        assertTrue(Markup.ofClass(document, "hit").size() <= 135);
    }

    @Test
    void bars_are_as_long_as_their_figures() {
        Document svg = Markup.parse(bars().svg());
        List<Element> rects = Markup.ofClass(svg, "bar").stream().filter(e -> Markup.number(e, "height") == 16).toList();
        assertEquals(3, rects.size());
        assertEquals(2, Markup.number(rects.get(0), "width") / Markup.number(rects.get(2), "width"), 0.01);
        List<String> texts = Markup.texts(svg, "text");
        assertTrue(texts.containsAll(List.of("0.0400 s", "0.0200 s", "0.0300 s", "no data", "all", "frozen")), texts::toString);
    }

    @Property(tries = 80)
    void whatever_is_drawn_lies_inside_of_the_picture(@ForAll("series") List<Series> series) {
        LineChart chart = new LineChart("t", STEP, LOSS, series);
        String svg = chart.svg();
        Document document = Markup.parse(svg);
        double height = Markup.number(document.getDocumentElement(), "height");
        for (Element hit : Markup.ofClass(document, "hit")) {
            double x = Markup.number(hit, "cx");
            double y = Markup.number(hit, "cy");
            assertTrue(x >= 0 && x <= 640 && y >= 0 && y <= height, () -> x + ", " + y + " lies outside");
        }
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"));
        assertEquals(svg, new LineChart("t", STEP, LOSS, new ArrayList<>(series)).svg(), "equal charts, equal text");
    }

    @Provide
    Arbitrary<List<Series>> series() {
        Arbitrary<Double> y = Arbitraries.oneOf(
                Arbitraries.doubles().between(-10, 10), Arbitraries.doubles(),
                Arbitraries.of(Double.NaN, Double.NEGATIVE_INFINITY, 0.0, -0.0));
        Arbitrary<Double> spread = Arbitraries.of(0.0, 0.5, Double.POSITIVE_INFINITY);
        Arbitrary<Point> point = Combinators.combine(Arbitraries.doubles().between(-1e6, 1e6), y, spread)
                .as((x, mean, s) -> new Point(x, new Estimate(mean, mean - s, mean + s)));
        return point.list().ofMaxSize(40).map(points -> new Series("s", points)).list().ofMaxSize(9);
    }

    private static BarChart bars() {
        return new BarChart("Seconds per step", Axis.linear("time", "s"), List.of("all", "frozen"),
                List.of(new BarChart.Bars("batch 64", 0.04, 0.02), new BarChart.Bars("batch 32", 0.03, Double.NaN)));
    }

    private static Series accuracy(int arm) {
        double base = 0.2 + arm / 20.0;
        return new Series("arm " + arm, List.of(point(2, base), point(5, base + 0.1), point(10, base + 0.15), point(50, base + 0.2)));
    }

    private static Point point(double x, double y) {
        return new Point(x, new Estimate(y, y - 0.02, y + 0.02));
    }

    private static Series curve(int points) {
        return new Series("curve", IntStream.range(0, points).mapToObj(i -> point(i, 1.0 / (1 + i))).toList());
    }
}
