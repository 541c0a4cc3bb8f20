package dev.headstart.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A fence of Java in a page or in Javadoc.
///
/// @param file where it is, relative to the project
/// @param line the number of its first line there
/// @param lines its text, as in the file but for Javadoc's slashes
/// @param inPackage the declaration of the package whose names it may use first, that of its file; empty for a page
record Snippet(Path file, int line, List<String> lines, String inPackage) {
    private static final Pattern JAVADOC = Pattern.compile("\\s*/// ?");
    private static final Pattern MEMBER = Pattern.compile("(public|protected|private|static|@Override)\\b.*");

    /// All snippets of a page, or of a source file's Javadoc.
    static List<Snippet> in(Path page) throws IOException {
        boolean javadoc = page.toString().endsWith(".java");
        List<String> lines = Files.readAllLines(page);
        String inPackage = javadoc ? lines.stream().filter(line -> line.startsWith("package ")).findFirst().orElse("") : "";
        List<Snippet> snippets = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (text(lines.get(i), javadoc).equals("```java")) {
                List<String> code = lines.subList(i + 1, lines.size()).stream().map(line -> text(line, javadoc))
                        .takeWhile(line -> !line.equals("```")).toList();
                snippets.add(new Snippet(Project.root().relativize(page), i + 2, code, inPackage));
                i += code.size() + 1;
            }
        }
        return snippets;
    }

    private static String text(String line, boolean javadoc) {
        if (!javadoc) {
            return line;
        }
        return line.strip().startsWith("///") ? JAVADOC.matcher(line).replaceFirst("") : "";
    }

    /// The imports at its top, with their ends of lines.
    String imports() {
        return text(lines.subList(0, below()));
    }

    /// What is below the imports, where `…` stands for any value.
    String body() {
        return text(lines.subList(below(), lines.size()).stream().map(line -> line.strip().equals("…") ? "" : line.replace("…", "any()"))
                .toList());
    }

    private int below() {
        return (int) lines.stream().takeWhile(line -> line.isBlank() || line.startsWith("import ")).count();
    }

    private static String text(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /// Whether these are members of a class; otherwise they are statements.
    boolean isMembers() {
        return lines.stream().skip(below()).filter(line -> !line.isBlank() && !line.startsWith("//")).findFirst()
                .filter(line -> MEMBER.matcher(line).matches()).isPresent();
    }

    /// Whether its lines are lines of a source file, in the same order.
    boolean isExcerptOf(String source) {
        List<String> wanted = lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (!source.contains(wanted.getFirst())) {
            return false;
        }
        int found = 0;
        for (String line : (Iterable<String>) source.lines().map(String::strip)::iterator) {
            found += found < wanted.size() && line.equals(wanted.get(found)) ? 1 : 0;
        }
        return found == wanted.size();
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
