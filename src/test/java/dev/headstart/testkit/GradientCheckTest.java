package dev.headstart.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The check itself must find what is wrong.
class GradientCheckTest {
    private static final Tensor X = Values.between("x", Shape.of(3, 4), -1, 1);

    /// x³, with a gradient that may be spoilt.
    private record Cube(Tensor x, UnaryOperator<Tensor> spoil) implements Op.Unary {
        static Variable apply(Variable x, UnaryOperator<Tensor> spoil) {
            return Variable.of(x.value().square().times(x.value()), new Cube(x.value(), spoil), x);
        }

        @Override
        public Tensor dX(Tensor dY) {
            return spoil.apply(x.square().times(3).times(dY));
        }
    }

    enum Mistake {
        SIGN {
            @Override
            Tensor in(Tensor right) {
                return right.negate();
            }
        },
        A_FACTOR_OF_TWO {
            @Override
            Tensor in(Tensor right) {
                return right.times(2);
            }
        },
        ONE_PERCENT {
            @Override
            Tensor in(Tensor right) {
                return right.times(1.01f);
            }
        },
        A_SMALL_SHIFT {
            @Override
            Tensor in(Tensor right) {
                return right.plus(Tensor.scalar(0.01f));
            }
        },
        ZERO {
            @Override
            Tensor in(Tensor right) {
                return right.times(0);
            }
        },
        NAN {
            @Override
            Tensor in(Tensor right) {
                return right.times(Float.NaN);
            }
        },
        ONE_ELEMENT {
            @Override
            Tensor in(Tensor right) {
                float[] values = right.toArray();
                values[7] += 0.05f;
                return Tensor.wrap(right.shape(), values);
            }
        },
        SHAPE {
            @Override
            Tensor in(Tensor right) {
                return right.reshape(-1);
            }
        },
        ORDER {
            @Override
            Tensor in(Tensor right) {
                return right.reshape(4, 3).permute(1, 0);
            }
        };

        abstract Tensor in(Tensor right);
    }

    @Test
    void accepts_a_right_gradient() {
        assertDoesNotThrow(() -> GradientCheck.check("cube", v -> Cube.apply(v[0], dX -> dX), X));
    }

    @ParameterizedTest
    @EnumSource
    void finds(Mistake mistake) {
        AssertionError error = assertThrows(AssertionError.class,
                () -> GradientCheck.check("cube", v -> Cube.apply(v[0], mistake::in), X));
        assertTrue(String.valueOf(error.getMessage()).startsWith("cube: input 0"), error.getMessage());
    }

    /// a + b, which forgets to sum over stretched axes.
    private record Unsummed() implements Op.Binary {
        @Override
        public Tensor dA(Tensor dY) {
            return dY;
        }

        @Override
        public Tensor dB(Tensor dY) {
            return dY;
        }
    }

    @Test
    void finds_a_forgotten_sum_over_a_stretched_axis() {
        AssertionError error = assertThrows(AssertionError.class, () -> GradientCheck.check("plus",
                v -> Variable.of(v[0].value().plus(v[1].value()), new Unsummed(), v), X, Tensor.ones(Shape.of(4))));
        assertTrue(String.valueOf(error.getMessage()).contains("input 1 is [4], its gradient [3, 4]"), error.getMessage());
    }

    @Test
    void finds_a_gradient_that_is_missing() {
        AssertionError error = assertThrows(AssertionError.class,
                () -> GradientCheck.check("cut", v -> v[0].detach().times(v[1]), X, X));
        assertTrue(String.valueOf(error.getMessage()).contains("its gradient missing"), error.getMessage());
    }
}
