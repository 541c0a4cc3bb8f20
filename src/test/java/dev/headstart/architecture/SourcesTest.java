package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Rules of the source text that no other tool holds.
class SourcesTest {
    private static final List<Path> SOURCES = Project.files(Project.root(), ".java").stream()
            .filter(f -> !Project.root().relativize(f).toString().contains("target/")).toList();

    /// Comment marks that say work is left, spelled so that this file does not contain them.
    private static final Set<String> LEFT_OVERS = Set.of("TO" + "DO", "FIX" + "ME", "X" + "XX");

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

    @Test
    void every_package_says_what_it_is() {
        Set<Path> described = Set.copyOf(SOURCES.stream().filter(f -> f.endsWith("package-info.java")).map(Path::getParent).toList());
        List<Path> mute = SOURCES.stream().filter(f -> f.toString().contains("src/main/java/dev")).map(Path::getParent).distinct()
                .filter(folder -> !described.contains(folder)).toList();
        assertEquals(List.of(), mute);
    }
}
