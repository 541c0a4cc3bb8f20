package dev.headstart.task.report;

import dev.headstart.task.report.Axis.Scale;
import dev.headstart.task.report.Drawing.Entry;
import dev.headstart.task.report.Drawing.Legend;
import dev.headstart.task.report.Drawing.Look;
import dev.headstart.task.report.Drawing.Sample;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Named series of points over a common x axis, with their spread: learning curves, accuracy over the number of labels.
///
/// A series of up to 12 points shows its spread as error bars, a longer one as a band. Where error bars of several series would
/// fall on the same x they stand side by side, a few pixels apart. A point whose y is NaN (or has diverged) is a gap in the line; a
/// series without points stays in the legend, so that its absence is seen.
///
/// @param title heading
/// @param x axis to the right
/// @param y axis upwards
/// @param series drawn in this order, later ones above earlier ones
/// @param references horizontal lines, such as what guessing would reach
public record LineChart(String title, Axis x, Axis y, List<Series> series, List<Reference> references) implements Chart {
    private static final int MOST_BARS = 12;
    private static final int MOST_MARKERS = 24;
    private static final int MOST_TIPS = 120;
    private static final int PLOT_HEIGHT = 250;
    private static final int PLOT_INSET = 14;
    private static final int BELOW = 50;

    /// One point.
    ///
    /// @param x finite
    /// @param y figure and spread; NaN is a gap
    public record Point(double x, Estimate y) {
        /// Checks x.
        ///
        /// @throws IllegalArgumentException when x is not finite
        public Point {
            if (!Double.isFinite(x)) {
                throw new IllegalArgumentException("point: x is " + x + ": it must be finite");
            }
        }

        /// A point without spread.
        public Point(double x, double y) {
            this(x, Estimate.of(y));
        }
    }

    /// A named line through points in the order given.
    ///
    /// @param name as shown in the legend
    /// @param points any number, also none
    /// @param colour index of colour and marker; -1: the series' place in the chart
    /// @param dash index of the dash; -1: the series' place in the chart
    public record Series(String name, List<Point> points, int colour, int dash) {
        /// Keeps a copy of the points.
        public Series {
            points = List.copyOf(points);
        }

        /// A series that looks like its place in the chart.
        public Series(String name, List<Point> points) {
            this(name, points, -1, -1);
        }

        /// The same series with a look of its own, so that one thing keeps its colour in several charts.
        public Series looking(int colour, int dash) {
            return new Series(name, points, colour, dash);
        }
    }

    /// A horizontal line at a known figure.
    ///
    /// @param name as shown in the legend
    /// @param y where
    public record Reference(String name, double y) {}

    /// Checks that every number has a place on its axis.
    ///
    /// @throws IllegalArgumentException when a number at or below 0 is to go on a logarithmic axis
    public LineChart {
        series = List.copyOf(series);
        references = List.copyOf(references);
        Range.x(x, series);
        Range.y(y, series, references);
    }

    /// A chart without reference lines.
    public LineChart(String title, Axis x, Axis y, List<Series> series) {
        this(title, x, y, series, List.of());
    }

    @Override
    public String svg() {
        return new Layout(this).draw();
    }

    private Look look(int place) {
        Series one = series.get(place);
        return new Look(one.colour < 0 ? place : one.colour, one.dash < 0 ? place : one.dash);
    }

    private boolean isEmpty() {
        return series.stream().flatMap(s -> s.points.stream()).noneMatch(p -> Axis.drawable(p.y));
    }

    /// Number of series that stand side by side: all of them, or none when at most one has error bars.
    private int shifted() {
        long spread = series.stream().filter(s -> s.points.size() <= MOST_BARS && s.points.stream().anyMatch(p -> p.y.hasSpread())).count();
        return spread < 2 ? 0 : series.size();
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            boolean none = series.get(i).points.stream().noneMatch(p -> Axis.drawable(p.y));
            entries.add(new Entry(series.get(i).name + (none ? " (no data)" : ""), Sample.LINE, look(i)));
        }
        references.forEach(r -> entries.add(new Entry(r.name, Sample.REFERENCE, new Look(0, 0))));
        return entries;
    }

    private String label() {
        String names = series.stream().map(Series::name).collect(Collectors.joining(", "));
        return "Line chart: " + title + "; " + y.label() + " over " + x.label() + "; series: " + names;
    }

    /// Least and greatest number on an axis; 0 to 1 (1 to 10 when logarithmic) when there is none.
    private record Range(double low, double high) {
        static Range x(Axis axis, List<Series> series) {
            return of(axis,
                    series.stream().flatMap(s -> s.points.stream()).filter(p -> Axis.drawable(p.y)).map(p -> Estimate.of(p.x)).toList());
        }

        static Range y(Axis axis, List<Series> series, List<Reference> references) {
            List<Estimate> all = new ArrayList<>();
            series.forEach(s -> s.points.stream().map(Point::y).filter(Axis::drawable).forEach(all::add));
            references.forEach(r -> all.add(Estimate.of(r.y)));
            return of(axis, all);
        }

        private static Range of(Axis axis, List<Estimate> all) {
            boolean log = axis.kind() == Axis.Kind.LOG;
            Range range = new Range(
                    all.stream().mapToDouble(Estimate::low).min().orElse(log ? 1 : 0),
                    all.stream().mapToDouble(Estimate::high).max().orElse(log ? 10 : 1));
            Scale _ = axis.scale(range.low, range.high, 0, 1, 3, true);
            return range;
        }
    }

    /// The chart on its pixels.
    private static final class Layout {
        private final LineChart chart;
        private final Legend legend;
        private final double left;
        private final double top;
        private final double bottom;
        private final Scale xs;
        private final Scale ys;
        private final Xml svg;

        Layout(LineChart chart) {
            this.chart = chart;
            Range xRange = Range.x(chart.x, chart.series);
            Range yRange = Range.y(chart.y, chart.series, chart.references);
            legend = Legend.of(chart.entries(), 2);
            top = Drawing.TITLE_HEIGHT + legend.height() + 32;
            bottom = top + PLOT_HEIGHT;
            ys = chart.y.scale(yRange.low, yRange.high, bottom, top, 7, true);
            left = 14 + ys.ticks().stream().mapToDouble(t -> Drawing.textWidth(t.label())).max().orElse(0);
            double inset = PLOT_INSET + 3.0 * chart.shifted();
            xs = chart.x.scale(xRange.low, xRange.high, left + inset, Drawing.WIDTH - Drawing.RIGHT - inset, 8, false);
            svg = Drawing.begin(chart.title, chart.label(), bottom + BELOW);
        }

        String draw() {
            legend.draw(svg, 2, Drawing.TITLE_HEIGHT - 4);
            drawAxes();
            if (chart.isEmpty()) {
                Drawing.text(svg, "no data", (left + Drawing.WIDTH - Drawing.RIGHT) / 2, (top + bottom) / 2, "middle");
            }
            for (Reference reference : chart.references) {
                double y = ys.pixel(reference.y);
                Drawing.line(svg, "reference", left, y, Drawing.WIDTH - Drawing.RIGHT, y);
            }
            for (int i = 0; i < chart.series.size(); i++) {
                drawSeries(i);
            }
            return svg.close().newLine().toString();
        }

        private void drawAxes() {
            double right = Drawing.WIDTH - Drawing.RIGHT;
            Drawing.text(svg, Drawing.fit(chart.y.label(), right - 2), 2, top - 15, "start");
            for (Tick tick : ys.ticks()) {
                double y = ys.pixel(tick);
                Drawing.line(svg, "grid", left, y, right, y);
                Drawing.text(svg, tick.label(), left - 7, y + 4.5, "end");
            }
            svg.newLine();
            Drawing.line(svg, "axis", left, bottom, right, bottom);
            double free = Double.NEGATIVE_INFINITY;
            for (Tick tick : xs.ticks()) {
                double x = xs.pixel(tick);
                double half = Drawing.textWidth(tick.label()) / 2;
                Drawing.line(svg, "axis", x, bottom, x, bottom + 5);
                if (x - half > free) {
                    double centre = Math.min(x, Drawing.WIDTH - 1 - half);
                    Drawing.text(svg, tick.label(), centre, bottom + 19, "middle");
                    free = centre + half + 4;
                }
            }
            Drawing.text(svg, Drawing.fit(chart.x.label(), right - left), (left + right) / 2, bottom + 40, "middle");
            svg.newLine();
        }

        private void drawSeries(int place) {
            Series one = chart.series.get(place);
            List<List<Point>> runs = runs(one.points);
            if (runs.isEmpty()) {
                return;
            }
            Look look = chart.look(place);
            boolean bars = one.points.size() <= MOST_BARS;
            double shift = bars ? shift(place) : 0;
            svg.open("g", "class", look.colourClass()).newLine();
            for (List<Point> run : runs) {
                if (!bars && run.size() > 1 && run.stream().anyMatch(p -> p.y.hasSpread())) {
                    svg.empty("path", "class", "band", "d", band(run)).newLine();
                }
                if (run.size() > 1) {
                    Drawing.path(svg, "M" + run.stream().map(p -> place(p.x, shift, p.y.mean())).collect(Collectors.joining("L")),
                            look.dashes());
                    svg.newLine();
                }
                if (bars || run.size() == 1) {
                    run.stream().filter(p -> p.y.hasSpread()).forEach(p -> drawErrorBar(p, shift));
                }
            }
            drawPoints(one, runs, look, shift, place);
            svg.close().newLine();
        }

        private void drawErrorBar(Point point, double shift) {
            String x = Xml.pixels(xs.pixel(point.x) + shift);
            String low = Xml.pixels(ys.pixel(point.y.low()));
            String high = Xml.pixels(ys.pixel(point.y.high()));
            svg.empty("path", "class", "whisker", "d", "M" + x + " " + low + "V" + high + "m-3 0h6M" + x + " " + low + "m-3 0h6");
        }

        /// Markers and tooltips: on every point of a short series; thinned on a long one, differently for each series.
        private void drawPoints(Series one, List<List<Point>> runs, Look look, double shift, int place) {
            int tipStride = stride(one.points.size(), MOST_TIPS);
            int markerStride = one.points.size() <= MOST_MARKERS ? 1 : stride(one.points.size(), MOST_MARKERS / 2);
            int phase = markerStride == 1 ? 0 : (int) (markerStride * ((place * 0.381966) % 1));
            int index = 0;
            for (List<Point> run : runs) {
                for (Point point : run) {
                    boolean marked = run.size() == 1 || index % markerStride == phase;
                    if (marked || index % tipStride == 0) {
                        drawPoint(one, point, look, shift, marked);
                    }
                    index++;
                }
            }
        }

        private void drawPoint(Series one, Point point, Look look, double shift, boolean marked) {
            double x = xs.pixel(point.x) + shift;
            double y = ys.pixel(point.y.mean());
            svg.open("g").element("title", tip(one, point));
            svg.empty("circle", "class", "hit", "cx", Xml.pixels(x), "cy", Xml.pixels(y), "r", "7");
            if (marked) {
                svg.empty("path", "class", "marker", "d", look.marker(x, y));
            }
            svg.close().newLine();
        }

        private String tip(Series one, Point point) {
            String spread = point.y.hasSpread() ? " (" + chart.y.show(point.y.low()) + " to " + chart.y.show(point.y.high()) + ")" : "";
            return one.name + "\n" + chart.x.title() + ": " + chart.x.show(point.x) + "\n"
                    + chart.y.title() + ": " + chart.y.show(point.y.mean()) + spread;
        }

        private String band(List<Point> run) {
            String there = run.stream().map(p -> place(p.x, 0, p.y.high())).collect(Collectors.joining("L"));
            String back = run.reversed().stream().map(p -> place(p.x, 0, p.y.low())).collect(Collectors.joining("L"));
            return "M" + there + "L" + back + "z";
        }

        private String place(double x, double shift, double y) {
            return Xml.pixels(xs.pixel(x) + shift) + " " + Xml.pixels(ys.pixel(y));
        }

        /// How far the points of a series with error bars stand beside their x, so that they do not hide each other.
        private double shift(int place) {
            int all = chart.shifted();
            if (all == 0) {
                return 0;
            }
            TreeSet<Double> at = new TreeSet<>();
            chart.series.forEach(s -> s.points.forEach(p -> at.add(xs.pixel(p.x))));
            double gap = PLOT_INSET * 2.5;
            for (Double pixel : at) {
                Double next = at.higher(pixel);
                gap = next == null ? gap : Math.min(gap, next - pixel);
            }
            double apart = Math.min(6, 0.6 * gap / all);
            return (place - (all - 1) / 2.0) * apart;
        }

        /// The points between gaps.
        private static List<List<Point>> runs(List<Point> points) {
            List<List<Point>> runs = new ArrayList<>();
            boolean gap = true;
            for (Point point : points) {
                if (!Axis.drawable(point.y)) {
                    gap = true;
                    continue;
                }
                if (gap) {
                    runs.add(new ArrayList<>());
                    gap = false;
                }
                runs.getLast().add(point);
            }
            return runs;
        }

        private static int stride(int points, int most) {
            return Math.max(1, (points + most - 1) / most);
        }
    }
}
