package dev.headstart.task.report;

/// A picture of numbers as SVG: static, no scripts, no fonts to load, nothing fetched.
///
/// Series differ in colour (the Okabe-Ito palette, told apart by colour-blind readers), and in marker and dash too, so that a print
/// without colour still says which is which. Text has the colour of its surroundings; colours follow the reader's light or dark setting.
public sealed interface Chart permits LineChart, BarChart {
    /// The chart's heading.
    String title();

    /// The chart as an SVG document that can be a file of its own or stand inside HTML. Equal charts have equal text.
    String svg();
}
