package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Finding where numbers first went bad.
class DiagnosisTest {
    private final Parameter lower = Parameter.of(Tensor.of(Shape.of(2), 1, 2));
    private final Parameter upper = Parameter.of(Tensor.of(Shape.of(2), 3, 4));

    private static void assertFound(String operator, List<Parameter> parameters, boolean fromParameter, Supplier<Variable> loss) {
        Diagnosis diagnosis = Diagnosis.firstNonFinite(Trace.of(loss)).orElseThrow();
        assertEquals(operator, diagnosis.operator());
        assertEquals(parameters, diagnosis.parameters());
        assertEquals(fromParameter, diagnosis.fromParameter());
    }

    @Test
    void finite_numbers_have_no_diagnosis() {
        assertEquals(Optional.empty(), Diagnosis.firstNonFinite(Trace.of(() -> lower.times(upper).sum())));
        assertEquals(Optional.empty(), Diagnosis.firstNonFinite(Trace.of(() -> lower)));
    }

    @Test
    void the_first_operator_with_a_bad_result_is_named() {
        assertFound("log", List.of(lower), false, () -> lower.plus(-1).log().times(upper).tanh().sum());
        assertFound("exp", List.of(upper), false, () -> lower.square().times(upper).times(1000).exp().log().sum());
    }

    @Test
    void a_bad_result_that_later_vanishes_is_still_found() {
        assertFound("affine", List.of(lower), false, () -> lower.times(Float.POSITIVE_INFINITY).relu().sigmoid().times(upper).sum());
    }

    @Test
    void a_bad_parameter_is_told_from_a_bad_operator() {
        upper.value().copyInPlace(Tensor.of(Shape.of(2), 1, Float.NaN));
        assertFound("times", List.of(upper), true, () -> lower.square().times(upper).sum());
    }

    @Test
    void a_bad_constant_shows_where_it_comes_in() {
        assertFound("plus", List.of(lower), false, () -> lower.plus(Variable.of(Tensor.of(Shape.of(2), 0, Float.NaN))).times(upper).sum());
    }

    @Test
    void a_constant_that_does_no_harm_is_not_blamed() {
        Supplier<Variable> masked = () -> lower.plus(Variable.of(Tensor.of(Shape.of(2), 0, Float.NEGATIVE_INFINITY)));
        assertEquals(Optional.empty(), Diagnosis.firstNonFinite(Trace.of(() -> masked.get().softmax().times(upper).sum())));
        Supplier<Variable> filled = () -> lower.where(Tensor.of(Shape.of(2), 1, 0), 7);
        assertEquals(Optional.empty(), Diagnosis.firstNonFinite(Trace.of(() -> filled.get().times(upper).sum())));
    }

    @Test
    void a_block_that_is_computed_again_is_searched_too() {
        Supplier<Variable> inside = () -> lower.square().recompute(x -> x.times(upper).plus(-3).log().tanh());
        assertFound("log", List.of(upper), false, () -> inside.get().sum());
        Supplier<Variable> behind = () -> lower.square().recompute(x -> x.times(upper)).times(Float.POSITIVE_INFINITY);
        assertFound("affine", List.of(upper), false, () -> behind.get().sum());
        upper.value().copyInPlace(Tensor.of(Shape.of(2), 1, Float.NaN));
        assertFound("times", List.of(upper), true, () -> lower.square().recompute(x -> x.times(upper)).sum());
    }

    @Test
    void the_stand_in_for_a_block_s_input_is_never_blamed() {
        assertFound("log", List.of(lower), false, () -> lower.times(0).recompute(x -> x.log()).sum());
    }
}
