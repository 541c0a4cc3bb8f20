package dev.headstart.task.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// Reads what the report package writes, strictly.
final class Markup {
    static final String HOSTILE = "</title><script>alert('1')</script>\" onload=\"x &amp; & <b> ]]> \u0007\u009b \ud800 日本語 \u202e";

    private Markup() {}

    /// The document, if it is well-formed XML that refers to nothing outside.
    static Document parse(String text) {
        String own = text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assertFalse(own.contains("http://") || own.contains("https://") || own.contains("url(") || own.contains("@import"),
                "refers to the network");
        try {
            var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            Document document = parser.parse(new InputSource(new StringReader(text)));
            assertEquals(0, document.getElementsByTagName("script").getLength(), "scripts");
            return document;
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    static List<Element> elements(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    static List<Element> ofClass(Document document, String style) {
        return elements(document, "*").stream().filter(e -> e.getAttribute("class").equals(style)).toList();
    }

    static List<String> texts(Document document, String tag) {
        return elements(document, tag).stream().map(Element::getTextContent).toList();
    }

    static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
