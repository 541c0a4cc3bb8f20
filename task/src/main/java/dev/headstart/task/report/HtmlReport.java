package dev.headstart.task.report;

import dev.headstart.task.report.Table.Cell;
import dev.headstart.task.report.Table.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A report as one HTML file that needs nothing else: no network, no scripts, no fonts. Readable in light and dark, and on paper.
///
/// ```
/// new HtmlReport("What was the head start worth?")
///         .headline("With 2 labels per language, pre-training lifts accuracy from 21.6 % to 32.0 %.")
///         .section("Learning curves").paragraph("Five seeds each.").charts(curves)
///         .section("Figures").table(figures)
///         .write(Path.of("report.html"));
/// ```
///
/// All text is escaped. The file depends on what is passed in and on nothing else: equal input, equal bytes.
public final class HtmlReport {
    private static final int SECTIONS_WORTH_A_LIST = 4;

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--paper:#fff;--shade:#f5f7f9;--rule:#d5dbe1;--accent:#0072b2;--glow:#e9f3fa}
            @media screen and (prefers-color-scheme:dark){
            :root{--ink:#e6edf3;--soft:#9ba6b1;--paper:#12161b;--shade:#1a2027;--rule:#313a44;--accent:#4aa3e8;--glow:#16283a}
            }
            *{box-sizing:border-box}
            html{-webkit-text-size-adjust:100%}
            body{margin:0;background:var(--paper);color:var(--ink);
            font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
            main{max-width:76rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
            h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 1.25rem}
            h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--rule)}
            p{max-width:46rem;margin:.75rem 0}
            a{color:var(--accent)}
            .headline{max-width:none;margin:0 0 1.5rem;padding:1.1rem 1.4rem;font-size:1.2rem;line-height:1.45;
            background:var(--glow);border-left:5px solid var(--accent);border-radius:0 8px 8px 0}
            nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0;padding:0;list-style:none}
            nav a{text-decoration:none}
            nav a:hover{text-decoration:underline}
            .wide{overflow-x:auto;margin:1.25rem 0}
            table{border-collapse:collapse;font-size:.925rem;line-height:1.4;font-variant-numeric:tabular-nums}
            caption{text-align:left;font-weight:600;padding-bottom:.5rem}
            th,td{padding:.38rem .9rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
            th:first-child,td:first-child{padding-left:.6rem}
            .data th:first-child{min-width:9rem}
            thead th{color:var(--soft);font-weight:600;vertical-align:bottom;border-bottom:2px solid var(--rule)}
            tbody th{font-weight:500}
            tbody tr:hover{background:var(--shade)}
            .n{text-align:right;white-space:nowrap}
            .best{font-weight:700;background:var(--glow)}
            .settings tbody th{color:var(--soft);white-space:nowrap}
            .settings td{overflow-wrap:anywhere}
            .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,34rem),1fr));gap:2rem 2.5rem;margin:1.5rem 0;align-items:start}
            .pictures{display:flex;flex-wrap:wrap;gap:1.5rem 2.5rem;margin:1.5rem 0}
            figure{margin:0}
            figure img{max-width:100%;height:auto;image-rendering:pixelated;border:1px solid var(--rule)}
            figcaption{color:var(--soft);font-size:.875rem}
            pre{overflow-x:auto;margin:1rem 0;padding:.9rem 1.1rem;background:var(--shade);border:1px solid var(--rule);border-radius:8px;
            font:.82rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;tab-size:4}
            details{margin:1rem 0;border:1px solid var(--rule);border-radius:8px;padding:0 1.1rem}
            summary{cursor:pointer;font-weight:600;padding:.7rem 0}
            details[open]{padding-bottom:.6rem}
            @media print{
            body{font-size:10.5pt}
            main{max-width:none;padding:0}
            table{font-size:9pt}
            th,td{padding:.25rem .6rem}
            .headline{font-size:12pt}
            .charts{grid-template-columns:1fr;gap:1rem}
            .hs-chart{max-width:13cm}
            nav{display:none}
            .hs-chart,tr,.headline{break-inside:avoid}
            h2{break-after:avoid}
            pre{white-space:pre-wrap}
            *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
            }
            """;

    private final String title;
    private final Xml body = new Xml();
    private final List<String> sections = new ArrayList<>();
    private String headline = "";
    private boolean inDetails;

    /// An empty report.
    public HtmlReport(String title) {
        this.title = title;
    }

    /// The result in one sentence, in a box at the top.
    public HtmlReport headline(String sentence) {
        headline = sentence;
        return this;
    }

    /// Begins a section; what is added from here on belongs to it.
    ///
    /// @throws IllegalStateException inside of [details][#details]
    public HtmlReport section(String heading) {
        if (inDetails) {
            throw new IllegalStateException("report " + title + ": section " + heading + " cannot begin inside of details");
        }
        sections.add(heading);
        body.element("h2", heading, "id", "section-" + sections.size()).newLine();
        return this;
    }

    /// Running text.
    public HtmlReport paragraph(String text) {
        body.element("p", together(text)).newLine();
        return this;
    }

    /// Names and values in the order of the map: settings, seeds, versions.
    public HtmlReport settings(String caption, Map<String, ?> settings) {
        startTable(caption, "settings").open("tbody").newLine();
        settings.forEach((name, value) -> body.open("tr").element("th", name, "scope", "row").element("td", String.valueOf(value)).close()
                .newLine());
        body.close().close().close().newLine();
        return this;
    }

    /// A table; its first column names the rows.
    public HtmlReport table(Table table) {
        startTable(table.caption(), "data").open("thead").open("tr");
        for (Column column : table.columns()) {
            body.element("th", column.heading(), "scope", "col", "class", column.right() ? "n" : "w");
        }
        body.close().close().newLine().open("tbody").newLine();
        for (List<Cell> row : table.rows()) {
            body.open("tr");
            for (int i = 0; i < row.size(); i++) {
                String style = (table.columns().get(i).right() ? "n" : "w") + (row.get(i).highlighted() ? " best" : "");
                if (i == 0) {
                    body.element("th", row.get(i).text(), "scope", "row", "class", style);
                } else {
                    body.element("td", row.get(i).text(), "class", style);
                }
            }
            body.close().newLine();
        }
        body.close().close().close().newLine();
        return this;
    }

    /// Charts, side by side where there is room.
    public HtmlReport charts(Chart... charts) {
        return charts(List.of(charts));
    }

    /// Charts, side by side where there is room.
    public HtmlReport charts(List<? extends Chart> charts) {
        body.open("div", "class", "charts").newLine();
        charts.forEach(chart -> body.markup(chart.svg()));
        body.close().newLine();
        return this;
    }

    /// Pictures with what they show, side by side where there is room. They are in the file itself.
    public HtmlReport pictures(Picture... pictures) {
        body.open("div", "class", "pictures").newLine();
        for (Picture picture : pictures) {
            body.open("figure").empty("img", "alt", picture.title(), "width", String.valueOf(picture.width()), "height",
                    String.valueOf(picture.height()), "src", picture.dataUri());
            body.element("figcaption", together(picture.title())).close().newLine();
        }
        body.close().newLine();
        return this;
    }

    /// Text whose lines and columns stay as they are: a transfer report, the summary of a model.
    public HtmlReport preformatted(String text) {
        body.element("pre", text, "tabindex", "0").newLine();
        return this;
    }

    /// Content that is folded away until the reader asks for it.
    public HtmlReport details(String summary, Consumer<HtmlReport> content) {
        boolean outer = inDetails;
        body.open("details").element("summary", summary).newLine();
        inDetails = true;
        content.accept(this);
        inDetails = outer;
        body.close().newLine();
        return this;
    }

    /// The report as HTML.
    public String html() {
        Xml page = new Xml();
        page.markup("<!DOCTYPE html>\n").open("html", "lang", "en").newLine().open("head").newLine();
        page.empty("meta", "charset", "utf-8").newLine();
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").newLine();
        // The browser itself refuses scripts and every request.
        page.empty("meta", "http-equiv", "Content-Security-Policy", "content",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:").newLine();
        page.element("title", title).newLine();
        page.open("style").newLine().markup(STYLE).close().newLine().close().newLine();
        page.open("body").newLine().open("main").newLine().element("h1", title).newLine();
        if (!headline.isEmpty()) {
            page.element("p", together(headline), "class", "headline").newLine();
        }
        if (sections.size() >= SECTIONS_WORTH_A_LIST) {
            page.open("nav", "aria-label", "Sections").open("ul").newLine();
            for (int i = 0; i < sections.size(); i++) {
                page.open("li").element("a", sections.get(i), "href", "#section-" + (i + 1)).close().newLine();
            }
            page.close().close().newLine();
        }
        page.markup(body.toString()).close().newLine().close().newLine().close().newLine();
        return page.toString();
    }

    /// Writes the report as UTF-8. A reader of the file sees the old one or the new one, never a part; missing folders are made.
    public void write(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw new IOException("report: " + file + " is not a file");
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(target.getFileName() + ".part");
        try {
            Files.write(part, html().getBytes(StandardCharsets.UTF_8));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// A number and its percent sign stay on one line.
    private static String together(String prose) {
        return prose.replace(" %", "\u00a0%");
    }

    private Xml startTable(String caption, String style) {
        body.open("div", "class", "wide").open("table", "class", style).newLine();
        if (!caption.isEmpty()) {
            body.element("caption", caption).newLine();
        }
        return body;
    }
}
