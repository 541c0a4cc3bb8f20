package dev.headstart.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The comparison finds what is wrong. The reference is a gradient of 64 numbers of the ResNet-18 case.
class ParityAgreementTest {
    private static final String NAME = "grad.bn1.weight";

    private final ParityCase reference = ParityCase
            .read(Path.of(System.getProperty("headstart.root", ".")).resolve("src/test/resources/parity/resnet18"));
    private final Agreement agreement = new Agreement(reference, 1);
    private final Tensor right = reference.tensor(NAME);

    ParityAgreementTest() throws IOException {}

    @Test
    void the_reference_agrees_with_itself_at_once() {
        agreement.compare(NAME, right);
        assertTrue(agreement.isSettled(NAME));
        assertEquals(1, agreement.atOnce());
        assertFalse(agreement.isSettled(""), "the other tensors were not compared");
    }

    @Test
    void an_error_is_found_and_no_number_of_attempts_excuses_it() {
        for (int attempt = 0; attempt < 20; attempt++) {
            agreement.compare(NAME, right.times(1.01f + attempt * 1e-5f));
        }
        assertFalse(agreement.isSettled(NAME));
        assertTrue(agreement.disagreements().stream().anyMatch(line -> line.startsWith(NAME + ": number ")));
    }

    @Test
    void numbers_that_are_not_numbers_and_other_sizes_never_agree() {
        agreement.compare(NAME, right.times(Float.NaN));
        assertFalse(agreement.isSettled(NAME));
        Agreement other = new Agreement(reference, 1);
        other.compare(NAME, Tensor.zeros(Shape.of(63)));
        assertFalse(other.isSettled(NAME));
    }

    @Test
    void a_later_attempt_counts_and_is_told() {
        agreement.compare(NAME, right.times(1.01f));
        agreement.compare(NAME, right);
        assertTrue(agreement.isSettled(NAME));
        assertEquals(0, agreement.atOnce());
        assertEquals(java.util.Set.of(NAME), agreement.later());
    }

    private boolean allowsTwoStepsMore(Tensor gradient) {
        String name = "adamw3.bn1.weight";
        float[] nudged = reference.tensor(name).toArray();
        nudged[7] += 2e-3f;
        Agreement other = new Agreement(reference, 1);
        other.widen("bn1.weight", gradient, 3);
        other.compare(name, Tensor.wrap(right.shape(), nudged));
        assertEquals(other.isSettled(name), other.judgedByGradient() > 0);
        return other.isSettled(name);
    }

    /// Of a gradient far above its tolerance AdamW's steps are exact; of one that may be rounding they may be any. Without one there is none.
    @Test
    void a_step_of_adam_w_is_judged_by_its_gradient_where_that_is_rounding() {
        assertFalse(allowsTwoStepsMore(right));
        assertTrue(allowsTwoStepsMore(right.times(1e-9f)));
        assertFalse(allowsTwoStepsMore(right.times(0f)));
    }

    @Test
    void a_long_tensor_is_judged_by_its_sums_too() {
        String name = "grad.conv1.weight";
        Shape shape = reference.shape("conv1.weight");
        agreement.compare(name, HashFill.weight("conv1.weight", shape));
        assertFalse(agreement.isSettled(name));
    }
}
