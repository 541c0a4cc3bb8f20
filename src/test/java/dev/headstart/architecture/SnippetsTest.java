package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// Every Java snippet of the documentation compiles. CONTRIBUTING says what a snippet may leave out.
class SnippetsTest {
    private static final List<Path> SOURCES = Project.files(Project.root(), ".java").stream()
            .filter(file -> file.toString().contains("src/main/java")).toList();
    private static final Pattern EXPORTS = Pattern.compile("exports (dev\\.headstart[\\w.]*);");

    @Test
    void snippets_compile() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path source : SOURCES) {
            snippets.addAll(Snippet.in(source));
        }
        int javadoc = snippets.size();
        for (Path page : Project.pages()) {
            snippets.addAll(Snippet.in(page));
        }
        assertTrue(javadoc >= 35 && snippets.size() >= javadoc + 10, "only " + javadoc + " in Javadoc, " + snippets.size() + " in all");
        List<Snippet> excerpts = excerpts(snippets.subList(javadoc, snippets.size()));
        assertTrue(excerpts.size() >= 2, "the tour has excerpts, but only these were found: " + excerpts);
        snippets.removeAll(excerpts);
        assertEquals("", String.join("\n", errors(snippets)));
    }

    /// Snippets of pages that are lines of the code.
    private static List<Snippet> excerpts(List<Snippet> ofPages) throws IOException {
        List<Snippet> excerpts = new ArrayList<>();
        for (Path source : SOURCES) {
            String text = Files.readString(source);
            ofPages.stream().filter(snippet -> snippet.isExcerptOf(text)).forEach(excerpts::add);
        }
        return excerpts;
    }

    /// What the compiler says, each with the place in the documentation.
    private static List<String> errors(List<Snippet> snippets) throws IOException {
        String head = head();
        List<Unit> units = new ArrayList<>();
        for (Snippet snippet : snippets) {
            units.add(new Unit(snippet, "Snippet" + units.size(), head));
        }
        List<String> options = List.of("-proc:none", "-implicit:none", "-Xmaxerrs", "1000", "-cp", System.getProperty("java.class.path"));
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        ((JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, found, options, null, units)).analyze();
        return found.getDiagnostics().stream().filter(each -> each.getKind() == Diagnostic.Kind.ERROR).map(SnippetsTest::text).toList();
    }

    /// The imports that all snippets have, on one line: every exported package with types of its own, but for that of the operators, which
    /// have the names of layers.
    private static String head() throws IOException {
        Set<String> exported = new TreeSet<>();
        Set<String> filled = new HashSet<>();
        for (Path source : SOURCES) {
            String text = Files.readString(source);
            if (source.endsWith("module-info.java")) {
                EXPORTS.matcher(text).results().forEach(match -> exported.add(match.group(1)));
            } else if (!source.endsWith("package-info.java")) {
                filled.add(text.substring(text.indexOf("package ") + "package ".length(), text.indexOf(';')));
            }
        }
        exported.retainAll(filled);
        exported.remove("dev.headstart.autograd.op");
        assertTrue(exported.size() >= 30, "only these packages: " + exported);
        return "import module java.base; import static dev.headstart.architecture.SnippetNames.any; "
                + exported.stream().map(name -> "import " + name + ".*; ").collect(Collectors.joining());
    }

    private static String text(Diagnostic<? extends JavaFileObject> error) {
        String place = error.getSource() instanceof Unit unit
                ? unit.snippet.file() + ":" + (unit.snippet.line() + error.getLineNumber() - Unit.LINES_BEFORE - 1)
                : "no snippet";
        return place + ": " + error.getMessage(Locale.ROOT);
    }

    /// A snippet in a class of its own.
    private static final class Unit extends SimpleJavaFileObject {
        /// Lines that the compiler sees before the snippet's first.
        static final int LINES_BEFORE = 1;

        final Snippet snippet;
        private final String text;

        Unit(Snippet snippet, String name, String head) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.snippet = snippet;
            boolean members = snippet.isMembers();
            text = snippet.inPackage() + head + "\n" + snippet.imports() + "abstract class " + name
                    + " implements dev.headstart.architecture.SnippetNames { "
                    + (members ? "" : "void run() throws Exception { ") + snippet.body() + (members ? "" : "}") + "}\n";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
