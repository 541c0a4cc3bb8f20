package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.GradientCheck;
import org.junit.jupiter.api.Test;

/// The example in the documentation of [Op], word for word.
class UserOperatorTest {
    record Cube(Tensor x) implements Op.Unary {
        static Variable apply(Variable x) {
            return Variable.of(x.value().square().times(x.value()), new Cube(x.value()), x);
        }

        @Override
        public Tensor dX(Tensor dY) {
            return x.square().times(3).times(dY);
        }
    }

    @Test
    void an_operator_written_by_a_user_is_as_good_as_ours() {
        Tensor x = Tensor.of(Shape.of(2, 2), 0.5f, -1.5f, 2, 0);
        assertDoesNotThrow(() -> GradientCheck.check("cube", v -> Cube.apply(v[0]).times(v[0].tanh()), x));
    }

    @Test
    void its_name_is_the_record_s_with_a_small_letter() {
        Result y = assertInstanceOf(Result.class, Cube.apply(Parameter.of(Tensor.ones(Shape.of(3)))));
        assertEquals("cube", y.op().operator());
        assertEquals("Result cube [3]", y.toString());
    }
}
