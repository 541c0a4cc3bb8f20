package dev.headstart.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every operator keeps every law.
class OperatorsTest {
    private static final Path SOURCES = Path.of(System.getProperty("headstart.root"), "autograd/src/main/java");

    @TestFactory
    Stream<DynamicContainer> every_operator_keeps_the_law() {
        return Stream.of(OpLaw.values()).map(law -> DynamicContainer.dynamicContainer(law.name().toLowerCase(Locale.ROOT),
                OpCatalogue.all().stream().map(spec -> DynamicTest.dynamicTest(spec.name(), () -> law.check(spec)))));
    }

    @Test
    void every_operator_has_one_specification() throws Exception {
        List<String> operators = new ArrayList<>();
        for (String room : List.of("dev/headstart/autograd", "dev/headstart/autograd/op")) {
            try (Stream<Path> files = Files.list(SOURCES.resolve(room))) {
                for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    if (!name.equals("package-info") && isOperator(Class.forName(room.replace('/', '.') + "." + name))) {
                        operators.add(name);
                    }
                }
            }
        }
        operators.sort(null);
        assertEquals(44, operators.size(), () -> "an operator came or went: " + operators);
        assertEquals(operators, OpCatalogue.all().stream().map(OpSpec::name).sorted().toList());
    }

    private static boolean isOperator(Class<?> type) {
        return Recorded.class.isAssignableFrom(type) && !type.isInterface();
    }

    @Test
    void every_operator_is_documented_in_four_rows_and_lists_its_errors() throws IOException {
        for (OpSpec spec : OpCatalogue.all()) {
            String source = Files.readString(SOURCES.resolve(spec.op().getName().replace('.', '/') + ".java"));
            for (String row : List.of("shapes", "backward", "errors", "source")) {
                assertTrue(source.contains("/// | " + row + " | "), spec + " has no row: " + row);
            }
            assertEquals(spec.refusals().isEmpty(), source.contains("/// | errors | none |"),
                    spec + ": the documentation and the specification differ about errors");
        }
    }

    @Test
    void samples_are_many_and_small_enough_for_finite_differences() {
        for (OpSpec spec : OpCatalogue.all()) {
            assertTrue(spec.samples().size() >= 4, spec + " has few samples");
            assertTrue(spec.samples().stream().allMatch(s -> s.inputs().stream().allMatch(x -> x.size() <= 200)),
                    spec + " has a big sample");
            assertTrue(spec.large().forward(spec.large().inputs()).size() > 0, spec + " has an empty large sample");
        }
    }
}
