package dev.headstart.task.report;

import java.util.ArrayDeque;
import java.util.Deque;

/// A writer of XML elements in which foreign text cannot become markup: text and attribute values are escaped here and nowhere else.
///
/// The same text is well-formed XML and valid HTML: empty elements are closed (`<br/>`), attributes are quoted.
final class Xml {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /// `<tag name="value" …>`; attributes are name, value, name, value, …
    Xml open(String tag, String... attributes) {
        start(tag, attributes).append('>');
        open.push(tag);
        return this;
    }

    /// Closes what was opened last.
    Xml close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /// `<tag name="value" …/>`
    Xml empty(String tag, String... attributes) {
        start(tag, attributes).append("/>");
        return this;
    }

    /// `<tag …>text</tag>`
    Xml element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /// Escaped text.
    Xml text(String text) {
        out.append(escape(text));
        return this;
    }

    /// Markup of our own: style sheets, and what another writer made.
    Xml markup(String markup) {
        out.append(markup);
        return this;
    }

    /// A line break in the source, for people who read it.
    Xml newLine() {
        out.append('\n');
        return this;
    }

    private StringBuilder start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1])).append('"');
        }
        return out;
    }

    /// A length in pixels, with one decimal at most: `12`, `3.5`.
    static String pixels(double length) {
        long tenths = Math.round(length * 10);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }

    /// The text as content of elements and quoted attributes; what XML cannot hold (control characters, half surrogates) becomes U+FFFD.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(legal(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean legal(int c) {
        return c == '\n' || c == '\t' || between(c, 0x20, 0x7E) || between(c, 0xA0, 0xD7FF) || between(c, 0xE000, 0xFFFD) || c >= 0x10000;
    }

    private static boolean between(int c, int first, int last) {
        return c >= first && c <= last;
    }

    /// The finished text.
    ///
    /// @throws IllegalStateException when an element is still open
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("xml: <" + open.peek() + "> is still open");
        }
        return out.toString();
    }
}
