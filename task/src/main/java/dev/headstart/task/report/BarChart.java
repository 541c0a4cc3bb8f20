package dev.headstart.task.report;

import dev.headstart.task.report.Axis.Scale;
import dev.headstart.task.report.Drawing.Entry;
import dev.headstart.task.report.Drawing.Legend;
import dev.headstart.task.report.Drawing.Look;
import dev.headstart.task.report.Drawing.Sample;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Figures as horizontal bars in groups, each with its number: seconds per step, frozen and not. Bars start at 0.
///
/// @param title heading
/// @param axis what is measured
/// @param groups names of the groups, downwards
/// @param bars one bar in every group for each of these
public record BarChart(String title, Axis axis, List<String> groups, List<Bars> bars) implements Chart {
    private static final int BAR = 16;
    private static final int BAR_GAP = 3;
    private static final int GROUP_GAP = 16;

    /// Bars of one colour, one for each group.
    ///
    /// @param name as shown in the legend
    /// @param figures as many as there are groups; NaN is shown as missing
    public record Bars(String name, List<Estimate> figures) {
        /// Keeps a copy of the figures.
        public Bars {
            figures = List.copyOf(figures);
        }

        /// Bars without spread.
        public Bars(String name, double... figures) {
            this(name, Arrays.stream(figures).mapToObj(Estimate::of).toList());
        }
    }

    /// Checks that every group has its bars.
    ///
    /// @throws IllegalArgumentException when the number of figures is not that of the groups, or the axis is logarithmic
    public BarChart {
        groups = List.copyOf(groups);
        bars = List.copyOf(bars);
        axis = axis.fromZero();
        if (axis.kind() == Axis.Kind.LOG) {
            throw new IllegalArgumentException("bar chart " + title + ": bars start at 0, which has no place on a logarithmic axis");
        }
        for (Bars one : bars) {
            if (one.figures.size() != groups.size()) {
                throw new IllegalArgumentException(
                        "bar chart " + title + ": " + one.name + " has " + one.figures.size() + " figures for " + groups.size()
                                + " groups");
            }
        }
    }

    @Override
    public String svg() {
        List<Estimate> all = bars.stream().flatMap(b -> b.figures.stream()).filter(Axis::drawable).toList();
        double low = all.stream().mapToDouble(Estimate::low).min().orElse(0);
        double high = all.stream().mapToDouble(Estimate::high).max().orElse(1);
        double names = groups.stream().mapToDouble(Drawing::textWidth).max().orElse(0);
        double left = 12 + Math.min(names, Drawing.WIDTH * 0.36);
        double numbers = 8 + all.stream().mapToDouble(e -> Drawing.textWidth(axis.show(e.mean()))).max().orElse(60);
        Legend legend = bars.size() < 2 ? new Legend(List.of()) : Legend.of(entries(), 2);
        double top = Drawing.TITLE_HEIGHT + legend.height() + 8;
        double groupHeight = bars.size() * (BAR + BAR_GAP) - BAR_GAP + GROUP_GAP;
        double bottom = top + groups.size() * groupHeight;
        Scale scale = axis.scale(low, high, left, Drawing.WIDTH - Drawing.RIGHT - numbers, 7, true);

        Xml svg = Drawing.begin(title, label(), bottom + 50);
        legend.draw(svg, 2, Drawing.TITLE_HEIGHT - 4);
        for (Tick tick : scale.ticks()) {
            double x = scale.pixel(tick);
            Drawing.line(svg, "grid", x, top, x, bottom);
            Drawing.text(svg, tick.label(), x, bottom + 18, "middle");
        }
        svg.newLine();
        for (int group = 0; group < groups.size(); group++) {
            drawGroup(svg, scale, group, left, top + group * groupHeight + GROUP_GAP / 2.0);
        }
        double zero = scale.pixel(0);
        Drawing.line(svg, "axis", zero, top, zero, bottom);
        Drawing.text(svg, Drawing.fit(axis.label(), Drawing.WIDTH - left), (left + Drawing.WIDTH - Drawing.RIGHT - numbers) / 2,
                bottom + 39, "middle");
        return svg.close().newLine().toString();
    }

    private void drawGroup(Xml svg, Scale scale, int group, double left, double top) {
        double middle = top + (bars.size() * (BAR + BAR_GAP) - BAR_GAP) / 2.0;
        String name = groups.get(group);
        svg.element("text", Drawing.fit(name, left - 12), "x", Xml.pixels(left - 10), "y", Xml.pixels(middle + 4.5), "text-anchor", "end")
                .newLine();
        for (int i = 0; i < bars.size(); i++) {
            drawBar(svg, scale, bars.get(i).figures.get(group), i, name, top + i * (BAR + BAR_GAP));
        }
    }

    private void drawBar(Xml svg, Scale scale, Estimate figure, int place, String group, double y) {
        double zero = scale.pixel(0);
        double middle = y + BAR / 2.0;
        if (!Axis.drawable(figure)) {
            Drawing.text(svg, "no data", zero + 6, middle + 4.5, "start");
            return;
        }
        double end = scale.pixel(figure.mean());
        svg.open("g").element("title", tip(bars.get(place).name, group, figure)).open("g", "class", new Look(place, 0).colourClass());
        svg.empty("rect", "class", "bar", "x", Xml.pixels(Math.min(zero, end)), "y", Xml.pixels(y), "width",
                Xml.pixels(Math.abs(end - zero)),
                "height", "" + BAR);
        svg.close();
        double reach = Math.max(zero, end);
        if (figure.hasSpread()) {
            double low = scale.pixel(figure.low());
            double high = scale.pixel(figure.high());
            String bar = "M" + Xml.pixels(low) + " " + Xml.pixels(middle) + "H" + Xml.pixels(high);
            svg.empty("path", "class", "whisker", "d", bar + "m0 -3v6M" + Xml.pixels(low) + " " + Xml.pixels(middle - 3) + "v6");
            reach = Math.max(reach, high);
        }
        svg.element("text", axis.show(figure.mean()), "x", Xml.pixels(reach + 6), "y", Xml.pixels(middle + 4.5)).close().newLine();
    }

    private String tip(String name, String group, Estimate figure) {
        String spread = figure.hasSpread() ? " (" + axis.show(figure.low()) + " to " + axis.show(figure.high()) + ")" : "";
        return group + ", " + name + "\n" + axis.title() + ": " + axis.show(figure.mean()) + spread;
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < bars.size(); i++) {
            entries.add(new Entry(bars.get(i).name, Sample.BAR, new Look(i, 0)));
        }
        return entries;
    }

    private String label() {
        String all = bars.stream()
                .map(b -> b.name + ": " + IntStream.range(0, groups.size())
                        .mapToObj(g -> groups.get(g) + " " + axis.show(b.figures.get(g).mean())).collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
        return "Bar chart: " + title + "; " + axis.label() + "; " + all;
    }
}
