package dev.headstart.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The graph of ARCHITECTURE, pinned: who requires whom, and which packages are open to the world.
class ModuleGraphTest {
    private static final String ROOT = "dev.headstart.";

    /// What each module requires beside java.base, and static annotations.
    private static final Map<String, Set<String>> GRAPH = new TreeMap<>(Map.ofEntries(
            Map.entry("tensor", Set.of("static jdk.incubator.vector")),
            Map.entry("autograd", Set.of("dev.headstart.tensor")),
            Map.entry("nn", Set.of("dev.headstart.autograd")),
            Map.entry("optim", Set.of("dev.headstart.autograd")),
            Map.entry("io", Set.of("dev.headstart.tensor")),
            Map.entry("images", Set.of("java.desktop", "dev.headstart.io")),
            Map.entry("zoo", Set.of("dev.headstart.nn", "dev.headstart.io")),
            Map.entry("train", Set.of("dev.headstart.nn", "dev.headstart.optim", "dev.headstart.io")),
            Map.entry("task", Set.of("dev.headstart.train", "dev.headstart.zoo")),
            Map.entry("testkit", Set.of("dev.headstart.autograd", "dev.headstart.nn")),
            Map.entry("bench", Set.of("dev.headstart.task", "static jmh.core")),
            Map.entry("cli", Set.of("dev.headstart.task", "dev.headstart.bench", "dev.headstart.images", "info.picocli",
                    "de.siegmar.fastcsv", "org.tomlj"))));

    private static ModuleDescriptor descriptor(String module) throws IOException {
        try (InputStream in = Files.newInputStream(Project.classes(module).resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static String text(Requires requires) {
        return (requires.modifiers().contains(Requires.Modifier.STATIC) ? "static " : "") + requires.name();
    }

    @Test
    void every_module_requires_what_the_architecture_allows_and_no_more() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String module : GRAPH.keySet()) {
            found.put(module, descriptor(module).requires().stream()
                    .filter(r -> !r.name().equals("java.base") && !r.name().equals("org.jspecify"))
                    .map(ModuleGraphTest::text)
                    .collect(Collectors.toSet()));
        }
        assertEquals(12, found.size());
        assertEquals(GRAPH, found);
    }

    @Test
    void annotations_are_needed_neither_at_run_time_nor_to_compile_what_uses_a_module() throws IOException {
        for (String module : GRAPH.keySet()) {
            List<Requires> annotations = descriptor(module).requires().stream().filter(r -> r.name().equals("org.jspecify")).toList();
            assertEquals(1, annotations.size(), module);
            assertEquals(Set.of(Requires.Modifier.STATIC), annotations.getFirst().modifiers(), module);
        }
    }

    /// Whoever requires a module reads what its signatures speak of.
    @Test
    void libraries_hand_on_the_libraries_they_require() throws IOException {
        for (String module : Project.LIBRARIES) {
            for (Requires each : descriptor(module).requires()) {
                assertTrue(!each.name().startsWith(ROOT) || each.modifiers().contains(Requires.Modifier.TRANSITIVE),
                        module + " requires " + each);
            }
        }
    }

    @Test
    void what_is_exported_speaks_of_exported_types_only() throws IOException {
        Set<String> exported = new TreeSet<>();
        for (String module : Project.LIBRARIES) {
            descriptor(module).exports().stream().filter(each -> !each.isQualified()).map(Exports::source).forEach(exported::add);
        }
        int members = 0;
        Set<String> hidden = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter().importPaths(Project.LIBRARIES.stream().map(Project::classes).toList())) {
            if (exported.contains(type.getPackageName()) && isOpen(type)) {
                List<JavaMember> open = type.getMembers().stream().filter(ModuleGraphTest::isApi).toList();
                members += open.size();
                Stream.concat(open.stream().flatMap(ModuleGraphTest::types), Stream.concat(type.getInterfaces().stream(), type
                        .getSuperclass().stream())).flatMap(each -> each.getAllInvolvedRawTypes().stream())
                        .map(JavaClass::getBaseComponentType)
                        .filter(each -> each.getPackageName().startsWith(ROOT) && !exported.contains(each.getPackageName()))
                        .forEach(each -> hidden.add(type.getName() + " speaks of " + each.getName()));
            }
        }
        assertTrue(members >= 1000, "only " + members + " members were seen");
        assertEquals(Set.of(), hidden);
    }

    /// Whether others may name a class: it and those around it are public, or protected.
    private static boolean isOpen(JavaClass type) {
        return isApi(type.getModifiers()) && type.getEnclosingClass().map(ModuleGraphTest::isOpen).orElse(true);
    }

    private static boolean isApi(JavaMember member) {
        return isApi(member.getModifiers());
    }

    private static boolean isApi(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static Stream<JavaType> types(JavaMember member) {
        return switch (member) {
            case JavaField field -> Stream.of(field.getType());
            case JavaCodeUnit code -> Stream.concat(Stream.of(code.getReturnType()), code.getParameterTypes().stream());
            default -> Stream.empty();
        };
    }

    @Test
    void bench_is_required_by_the_command_line_alone() {
        assertEquals(List.of("cli"), GRAPH.entrySet().stream().filter(module -> module.getValue().contains("dev.headstart.bench"))
                .map(Map.Entry::getKey).toList());
    }

    @Test
    void kernels_are_exported_to_those_who_check_and_time_them() throws IOException {
        List<String> kernelExports = new ArrayList<>();
        for (String module : GRAPH.keySet()) {
            for (Exports exports : descriptor(module).exports()) {
                if (exports.source().contains(".kernel")) {
                    kernelExports.add(exports.source());
                    assertTrue(exports.isQualified(), exports.source());
                    assertTrue(Set.of("dev.headstart.testkit", "dev.headstart.bench").containsAll(exports.targets()), exports.toString());
                }
            }
        }
        assertTrue(kernelExports.contains("dev.headstart.tensor.kernel"), kernelExports.toString());
    }

    @Test
    void every_module_of_the_build_is_in_the_graph_but_the_tests() throws IOException {
        List<String> built = Files.readAllLines(Project.root().resolve("pom.xml")).stream().map(String::strip)
                .filter(line -> line.startsWith("<module>"))
                .map(line -> line.replaceAll("</?module>", ""))
                .filter(module -> !module.equals("src/test") && !module.equals("layout.xml"))
                .sorted()
                .toList();
        assertEquals(List.copyOf(GRAPH.keySet()), built);
    }
}
