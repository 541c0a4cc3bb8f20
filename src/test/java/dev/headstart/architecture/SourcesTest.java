package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Rules of the source text that no other tool holds.
class SourcesTest {
    private static final List<Path> SOURCES = Project.files(Project.root(), ".java").stream()
            .filter(f -> !Project.root().relativize(f).toString().contains("target/")).toList();

    /// Comment marks that say work is left, spelled so that this file does not contain them.
    private static final Set<String> LEFT_OVERS = Set.of("TO" + "DO", "FIX" + "ME", "X" + "XX");

    private static final int MOST_FILES = 30;

    private static List<String> lines(Predicate<String> wrong) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : SOURCES) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (wrong.test(lines.get(i))) {
                    found.add(Project.root().relativize(file) + ":" + (i + 1));
                }
            }
        }
        assertTrue(SOURCES.size() >= 100, "only " + SOURCES.size() + " files were read");
        return found;
    }

    @Test
    void imports_name_one_class() throws IOException {
        assertEquals(List.of(), lines(line -> line.startsWith("import ") && line.endsWith(".*;")));
    }

    @Test
    void nothing_is_left_for_later() throws IOException {
        assertEquals(List.of(), lines(line -> LEFT_OVERS.stream().anyMatch(line::contains)));
    }

    /// Without a locale, digits and decimal points are those of whoever runs it.
    @Test
    void numbers_are_formatted_with_a_locale() throws IOException {
        List<String> found = new ArrayList<>();
        int formats = 0;
        for (Path file : SOURCES) {
            String relative = Project.root().relativize(file).toString();
            if (relative.contains("src/main/java")) {
                String text = Files.readString(file);
                formats += (int) Pattern.compile("String\\.format\\(\\s*Locale").matcher(text).results().count();
                if (Pattern.compile("\\.formatted\\(|String\\.format\\(\\s*(?!Locale|\\s)").matcher(text).find()) {
                    found.add(relative);
                }
            }
        }
        assertEquals(List.of(), found);
        assertTrue(formats >= 20, "only " + formats + " formats were seen");
    }

    /// The library does not know how it is called: remedies that are options or commands are given where they are, in cli. Listed are the
    /// sources that came from there and still have some; the list may only become shorter.
    @Test
    void the_task_library_has_no_words_of_a_command_line() throws IOException {
        Set<String> still = Set.of("ImageExamples", "Tuning", "Learns", "Characters", "PublishedImages", "PublishedTexts", "Lesson",
                "TunedResults", "ComparisonReport", "ChosenImages", "Tokenizers");
        Pattern words = Pattern.compile("(^|[^-\\w])--[a-z]|\\bheadstart "
                + "(bench|compare|demo|doctor|features|finetune|inspect|predict|pretrain|probe|rank)\\b");
        List<String> found = new ArrayList<>();
        int literals = 0;
        for (Path file : Project.files(Project.root().resolve("task/src/main/java"), ".java")) {
            String name = file.getFileName().toString().replace(".java", "");
            for (String line : Files.readAllLines(file)) {
                Matcher literal = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"").matcher(line.strip().startsWith("//") ? "" : line);
                while (literal.find()) {
                    literals++;
                    if (!still.contains(name) && words.matcher(literal.group()).find()) {
                        found.add(name + ": " + literal.group());
                    }
                }
            }
        }
        assertEquals(List.of(), found);
        assertTrue(literals >= 300, "only " + literals + " texts were read");
    }

    @Test
    void every_package_says_what_it_is() {
        Set<Path> described = Set.copyOf(SOURCES.stream().filter(f -> f.endsWith("package-info.java")).map(Path::getParent).toList());
        List<Path> mute = SOURCES.stream().filter(f -> f.toString().contains("src/main/java/dev")).map(Path::getParent).distinct()
                .filter(folder -> !described.contains(folder)).toList();
        assertEquals(List.of(), mute);
    }

    /// A package is what a reader can look over at once. Operators are the exception: a file each, and all of them alike.
    @Test
    void no_package_has_more_than_thirty_files() {
        Map<Path, Long> files = SOURCES.stream().map(Path::getParent).map(Project.root()::relativize)
                .filter(folder -> folder.toString().contains("java/dev/headstart"))
                .collect(Collectors.groupingBy(folder -> folder, TreeMap::new, Collectors.counting()));
        assertTrue(files.size() >= 60, "only " + files.size() + " packages were counted");
        files.values().removeIf(count -> count <= MOST_FILES);
        files.keySet().removeIf(folder -> folder.endsWith("autograd/op"));
        assertEquals(Map.of(), files);
    }
}
