package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules of the pages of documentation.
class DocumentsTest {
    private static final int MOST_CHARACTERS = 140;
    private static final int MOST_LINES_OF_README = 150;

    /// Code in a line: everything between backticks.
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /// A type, perhaps with a member, perhaps with arguments.
    private static final Pattern JAVA = Pattern.compile("(?:new )?([A-Z][a-z]\\w*)(?:\\.(\\w+))?(?:[.(<\\[].*)?");

    /// A file or folder, or a package of a module: `autograd/op/Matmul`.
    private static final Pattern PATH = Pattern.compile("([a-z][\\w-]*)/([\\w./-]+)");

    /// A package without `dev.headstart`, perhaps with a type: `zoo.vision`, `nn.Scope`.
    private static final Pattern PACKAGE = Pattern
            .compile("(tensor|autograd|nn|optim|io|images|zoo|train|task|cli|testkit|bench)\\.([\\w.]+)");

    /// A class of tests or an example, which pages name without backticks.
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w+(?:Test|Example)\\b");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    /// Words of a dialect; the field says reported, n, trainable, logging, samples, held-out, objective, schedule.
    private static final Pattern DIALECT = Pattern.compile(
            "(?i)\\b(?:told|so many|what learns|talks?|draws|drawn|held[ -]back|lessons?|courses?|goes on)\\b");

    private static final Pattern ISSUE = Pattern.compile("(?i)\\bissues? [#0-9]|(?<![\\w&])#\\d+\\b");

    /// What only looks like a name of ours: other people's, words of other languages, and tags in files.
    private static final Set<String> FOREIGN = Set.of("Unsafe", "Alemania", "Alemanha", "loss/fine-tune", "accuracy/fine-tune",
            "headstart-demo/report.html");

    private static final List<Path> PAGES = Project.pages();

    /// Pages that speak of the code as it is; the others are records of their time.
    private static final List<Path> OF_TODAY = PAGES.stream()
            .filter(page -> !page.endsWith("CHANGELOG.md") && !page.toString().contains("benchmarks")).toList();

    /// A line of prose.
    private record Line(Path page, int number, String text) {
        @Override
        public String toString() {
            return Project.root().relativize(page) + ":" + number + ": " + text;
        }
    }

    /// The lines of a page outside of fences.
    private static List<Line> prose(Path page) throws IOException {
        List<String> all = Files.readAllLines(page);
        List<Line> lines = new ArrayList<>();
        boolean fenced = false;
        for (int i = 0; i < all.size(); i++) {
            boolean fence = all.get(i).strip().startsWith("```");
            fenced ^= fence;
            if (!fence && !fenced) {
                lines.add(new Line(page, i + 1, all.get(i)));
            }
        }
        return lines;
    }

    private static List<Line> prose(List<Path> pages) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Path page : pages) {
            lines.addAll(prose(page));
        }
        return lines;
    }

    @Test
    void the_rules_see_every_page() throws IOException {
        assertTrue(PAGES.size() >= 35, "only " + PAGES);
        assertTrue(prose(PAGES).size() >= 1000);
    }

    @Test
    void lines_are_short_but_for_tables() throws IOException {
        assertEquals(List.of(), prose(PAGES).stream().filter(line -> line.text.length() > MOST_CHARACTERS && !line.text.startsWith("|"))
                .toList());
    }

    @Test
    void readme_fits_two_screens() throws IOException {
        assertTrue(Files.readAllLines(Project.root().resolve("README.md")).size() <= MOST_LINES_OF_README);
    }

    @Test
    void pages_name_no_issue() throws IOException {
        assertEquals(List.of(), prose(PAGES).stream().filter(line -> ISSUE.matcher(line.text).find()).toList());
    }

    @Test
    void pages_use_the_words_of_the_field() throws IOException {
        assertEquals(List.of(), prose(OF_TODAY).stream().filter(line -> DIALECT.matcher(line.text).find()).toList());
    }

    @Test
    void links_lead_somewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int seen = 0;
        for (Line line : prose(PAGES)) {
            for (MatchResult link : results(LINK, line)) {
                seen++;
                if (!link.group(1).contains("://") && !Files.exists(line.page.resolveSibling(link.group(1)))) {
                    broken.add(line.toString());
                }
            }
        }
        assertTrue(seen >= 80, "only " + seen + " links were seen");
        assertEquals(List.of(), broken);
    }

    @Test
    void names_of_code_exist() throws IOException {
        JavaNames names = new JavaNames();
        assertTrue(names.size() >= 500, "only " + names.size() + " types were found");
        List<String> unknown = new ArrayList<>();
        int seen = 0;
        for (Line line : prose(OF_TODAY)) {
            for (MatchResult code : results(CODE, line)) {
                Optional<Boolean> exists = exists(names, line.page, code.group(1));
                seen += exists.isPresent() ? 1 : 0;
                if (!exists.orElse(true)) {
                    unknown.add(code.group() + " in " + line);
                }
            }
            results(TEST, line).stream().filter(test -> !names.has(test.group()))
                    .forEach(test -> unknown.add(test.group() + " in " + line));
        }
        assertTrue(seen >= 150, "only " + seen + " names were seen");
        assertEquals("", String.join("\n", unknown));
    }

    /// Whether there is such a thing; nothing when this is no name of code.
    private static Optional<Boolean> exists(JavaNames names, Path page, String code) {
        Matcher java = JAVA.matcher(code);
        Matcher path = PATH.matcher(code);
        Matcher inPackage = PACKAGE.matcher(code);
        if (FOREIGN.contains(code)) {
            return Optional.empty();
        }
        if (java.matches()) {
            return Optional.of(java.group(2) == null ? names.has(java.group(1)) : names.has(java.group(1), java.group(2)));
        }
        if (path.matches()) {
            return Optional.of(isPath(page, path));
        }
        return inPackage.matches() ? Optional.of(inModule(inPackage.group(1), inPackage.group(2))) : Optional.empty();
    }

    private static List<MatchResult> results(Pattern pattern, Line line) {
        return pattern.matcher(line.text).results().toList();
    }

    private static boolean isPath(Path page, Matcher path) {
        return Stream.of(Project.root(), page.getParent()).anyMatch(folder -> Files.exists(folder.resolve(path.group())))
                || inModule(path.group(1), path.group(2));
    }

    /// Whether a module has a package or type of this name, below its own package.
    private static boolean inModule(String module, String name) {
        Path own = Project.root().resolve(module).resolve("src/main/java/dev/headstart").resolve(module);
        String inside = name.replace('.', '/');
        return Files.exists(own.resolve(inside)) || Files.exists(own.resolve(inside + ".java"));
    }
}
