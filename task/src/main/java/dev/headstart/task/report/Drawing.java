package dev.headstart.task.report;

import java.util.ArrayList;
import java.util.List;

/// What charts have in common: the frame, the style sheet, looks of series, and legends. Lengths are in pixels of a 640 wide picture.
final class Drawing {
    static final int WIDTH = 640;
    static final int RIGHT = 18;
    static final int TITLE_HEIGHT = 30;

    private static final int LEGEND_ROW = 20;
    private static final int SAMPLE = 30;
    private static final int LEGEND_GAP = 18;
    private static final double COLUMN = 7.3;

    private static final int COLOURS = 7;
    private static final String[] DASHES = {"", "7 4", "2 3", "9 3 2 3", "12 5"};

    /// Style of all charts; the same in each, so that several in one page agree.
    private static final String STYLE = """
            .hs-chart{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;\
            font-variant-numeric:tabular-nums;color:#1f2328;width:100%;max-width:760px;height:auto;display:block}
            .hs-chart text{fill:currentColor}
            .hs-chart .title{font-size:15px;font-weight:600}
            .hs-chart .soft{fill-opacity:.72}
            .hs-chart .grid{stroke:currentColor;stroke-opacity:.13}
            .hs-chart .axis{stroke:currentColor;stroke-opacity:.55}
            .hs-chart .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .hs-chart .band{fill:currentColor;fill-opacity:.15;stroke:none}
            .hs-chart .bar{fill:currentColor;stroke:none}
            .hs-chart .whisker{fill:none;stroke:currentColor;stroke-width:1.4}
            .hs-chart .marker{fill:currentColor;stroke:none}
            .hs-chart .hit{fill:transparent;stroke:none}
            .hs-chart .reference{stroke:currentColor;stroke-opacity:.6;stroke-width:1.4;stroke-dasharray:1.5 4;stroke-linecap:round}
            .hs-c0{color:#0072b2}.hs-c1{color:#d55e00}.hs-c2{color:#009e73}.hs-c3{color:#b8579a}.hs-c4{color:#bf8300}.hs-c5{color:#3d9bd9}.hs-c6{color:#6e7781}
            @media screen and (prefers-color-scheme:dark){.hs-chart{color:#e6edf3}
            .hs-c0{color:#4aa3e8}.hs-c1{color:#f58a4b}.hs-c2{color:#35c497}.hs-c3{color:#e08fc6}.hs-c4{color:#f0b429}.hs-c5{color:#9ad5ff}.hs-c6{color:#a3abb3}}
            """;

    private Drawing() {}

    /// How a series looks: a colour with its marker, and a dash.
    record Look(int colour, int dash) {
        String colourClass() {
            return "hs-c" + Math.floorMod(colour, COLOURS);
        }

        String dashes() {
            return DASHES[Math.floorMod(dash, DASHES.length)];
        }

        /// The marker as a path around a point.
        String marker(double x, double y) {
            String at = "M" + Xml.pixels(x) + " " + Xml.pixels(y);
            return at + switch (Math.floorMod(colour, COLOURS)) {
                case 0 -> "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"; // disc
                case 1 -> "m-3.7 -3.7h7.4v7.4h-7.4z"; // square
                case 2 -> "m0 -5l4.8 8.4h-9.6z"; // triangle
                case 3 -> "m0 -5.3l5.3 5.3l-5.3 5.3l-5.3 -5.3z"; // diamond
                case 4 -> "m0 5l4.8 -8.4h-9.6z"; // triangle on its tip
                case 5 -> "m-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z"; // plus
                default -> "m-2.5 -4.6h5l2.5 4.6l-2.5 4.6h-5l-2.5 -4.6z"; // hexagon
            };
        }
    }

    /// What stands in a legend; a reference line has no look of its own.
    enum Sample {
        LINE, BAR, REFERENCE
    }

    record Entry(String name, Sample sample, Look look) {
        double width() {
            return SAMPLE + 6 + textWidth(name) + LEGEND_GAP;
        }
    }

    /// Entries in rows that fit the picture; drawn above the plot, where there is no data.
    record Legend(List<List<Entry>> rows) {
        static Legend of(List<Entry> entries, double left) {
            List<List<Entry>> rows = new ArrayList<>();
            double free = 0;
            for (Entry entry : entries) {
                if (rows.isEmpty() || entry.width() > free) {
                    rows.add(new ArrayList<>());
                    free = WIDTH - RIGHT - left + LEGEND_GAP;
                }
                rows.getLast().add(entry);
                free -= entry.width();
            }
            return new Legend(rows);
        }

        int height() {
            return rows.size() * LEGEND_ROW;
        }

        void draw(Xml svg, double left, double top) {
            double y = top + LEGEND_ROW / 2.0;
            for (List<Entry> row : rows) {
                double x = left;
                for (Entry entry : row) {
                    drawEntry(svg, entry, x, y);
                    x += entry.width();
                }
                y += LEGEND_ROW;
            }
        }

        private static void drawEntry(Xml svg, Entry entry, double x, double y) {
            svg.open("g");
            switch (entry.sample) {
                case REFERENCE -> line(svg, "reference", x, y, x + SAMPLE, y);
                case BAR -> {
                    svg.open("g", "class", entry.look.colourClass());
                    svg.empty("rect", "class", "bar", "x", Xml.pixels(x), "y", Xml.pixels(y - 6), "width", "26", "height", "12", "rx",
                            "1.5");
                    svg.close();
                }
                case LINE -> {
                    svg.open("g", "class", entry.look.colourClass());
                    path(svg, "M" + Xml.pixels(x) + " " + Xml.pixels(y) + "h" + SAMPLE, entry.look.dashes());
                    svg.empty("path", "class", "marker", "d", entry.look.marker(x + SAMPLE / 2.0, y));
                    svg.close();
                }
            }
            double room = WIDTH - RIGHT - x - SAMPLE - 6;
            svg.element("text", fit(entry.name, room), "x", Xml.pixels(x + SAMPLE + 6), "y", Xml.pixels(y + 4.5)).close().newLine();
        }
    }

    /// Begins a picture: size, label for those who cannot see it, style, heading.
    static Xml begin(String title, String label, double height) {
        Xml svg = new Xml();
        svg.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 " + WIDTH + " " + Xml.pixels(height), "width", "" + WIDTH,
                "height", Xml.pixels(height), "class", "hs-chart", "role", "img", "aria-label", label).newLine();
        svg.open("style").markup(STYLE).close().newLine();
        svg.element("text", fit(title, WIDTH - 2 - RIGHT, 8.6), "class", "title", "x", "2", "y", "18").newLine();
        return svg;
    }

    static void line(Xml svg, String style, double x1, double y1, double x2, double y2) {
        svg.empty("line", "class", style, "x1", Xml.pixels(x1), "y1", Xml.pixels(y1), "x2", Xml.pixels(x2), "y2", Xml.pixels(y2));
    }

    static void path(Xml svg, String d, String dashes) {
        if (dashes.isEmpty()) {
            svg.empty("path", "class", "line", "d", d);
        } else {
            svg.empty("path", "class", "line", "d", d, "stroke-dasharray", dashes);
        }
    }

    static void text(Xml svg, String text, double x, double y, String anchor) {
        svg.element("text", text, "class", "soft", "x", Xml.pixels(x), "y", Xml.pixels(y), "text-anchor", anchor);
    }

    /// Room a text takes at 13 pixels, on the safe side for the usual fonts.
    static double textWidth(String text) {
        return COLUMN * TextWidth.columns(text);
    }

    /// The text, cut with an ellipsis when it needs more room than there is.
    static String fit(String text, double room) {
        return fit(text, room, COLUMN);
    }

    private static String fit(String text, double room, double column) {
        return TextWidth.cut(text, (int) Math.max(1, room / column));
    }
}
