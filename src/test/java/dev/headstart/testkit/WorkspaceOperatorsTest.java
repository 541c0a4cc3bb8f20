package dev.headstart.testkit;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headstart.tensor.Workspace;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Operators and their gradients have the same bits in memory that was used before. Tests run with assertions, so a workspace fills what it
/// takes back with NaN: whoever reads what it has not written gives other bits.
class WorkspaceOperatorsTest {
    static Stream<OpSpec> operators() {
        return OpCatalogue.all().stream();
    }

    @ParameterizedTest
    @MethodSource("operators")
    void used_memory_does_not_show(OpSpec operator) {
        Workspace workspace = new Workspace();
        for (Sample sample : Stream.concat(operator.samples().stream(), Stream.of(operator.large())).toList()) {
            Outcome fresh = Outcome.of(sample);
            for (int round = 0; round < 3; round++) {
                workspace.run(() -> assertNull(fresh.difference(Outcome.of(sample)), operator + " " + sample));
            }
        }
    }
}
