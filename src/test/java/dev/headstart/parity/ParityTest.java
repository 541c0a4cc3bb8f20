package dev.headstart.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Published architectures against their reference implementations: the cases of `src/test/resources/parity`, or with `-Dparity.dir=DIR` all
/// cases in DIR, with both kinds of kernels. Architectures we do not have are named and not run; it is an error when nothing is run.
///
/// Without the vector module the project's own cases are run up to [#SMALL] parameters: full-size networks would take minutes there, and
/// equal bits of both kinds of kernels are tested elsewhere. Cases of a folder are run whatever they take.
class ParityTest {
    private static final long SMALL = 15_000_000;
    private static final String GIVEN = System.getProperty("parity.dir", "");
    private static final boolean SCALAR = "scalar".equals(System.getProperty("headstart.expectedKernels"));

    private static Path root() {
        Path project = Path.of(System.getProperty("headstart.root", "."));
        return GIVEN.isEmpty() ? project.resolve("src/test/resources/parity") : project.resolve(GIVEN);
    }

    @TestFactory
    Stream<DynamicTest> every_case_agrees_with_its_reference() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (ParityCase reference : ParityCase.in(root())) {
            if (GIVEN.isEmpty() && SCALAR && reference.parameters() > SMALL) {
                System.out.println("parity: left to the run with the vector module: " + reference);
            } else if (ParityModels.of(reference).isEmpty()) {
                System.out.println("parity: NOT SUPPORTED, not run: " + reference);
            } else {
                tests.add(DynamicTest.dynamicTest(reference.name(), () -> agrees(reference)));
            }
        }
        assertFalse(tests.isEmpty(), "no parity case was run from " + root());
        return tests.stream();
    }

    private static void agrees(ParityCase reference) throws IOException {
        Optional<ParityModel> ours = ParityModels.of(reference);
        ParityRun run = new ParityRun(reference, ours.orElseThrow());
        Agreement agreement = run.run();
        System.out.println("parity: " + reference + ": " + agreement.atOnce() + " of " + reference.tolerance().size()
                + " tensors agree at once, " + agreement.judgedByGradient() + " numbers after AdamW are judged by their gradient, "
                + agreement.later().size() + " tensors needed other last bits of the weights in " + (run.attempted() - 1)
                + " more attempts " + agreement.later());
        assertEquals(List.of(), agreement.disagreements(), reference + "\n" + String.join("\n", agreement.disagreements()));
    }
}
