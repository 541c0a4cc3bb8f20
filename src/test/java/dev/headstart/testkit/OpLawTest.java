package dev.headstart.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Laws find the operators that break them.
class OpLawTest {
    /// Keeps both operands, whatever is wanted.
    record Hoarder(Tensor a, Tensor b) implements Op.Binary {
        static Variable apply(Variable a, Variable b) {
            return Variable.of(a.value().times(b.value()), new Hoarder(a.value(), b.value()), a, b);
        }

        @Override
        public Tensor dA(Tensor dY) {
            return dY.times(b);
        }

        @Override
        public Tensor dB(Tensor dY) {
            return dY.times(a);
        }
    }

    /// Computes both gradients, whatever is wanted.
    record Eager(Tensor a, Tensor b) implements Op.Joint {
        static Variable apply(Variable a, Variable b) {
            return Variable.of(a.value().times(b.value()), new Eager(a.value(), b.value()), a, b);
        }

        @Override
        public @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
            return new @Nullable Tensor[] {dY.times(b), dY.times(a)};
        }

        @Override
        public int inputs() {
            return 2;
        }
    }

    /// Keeps what a wanted gradient needs.
    record Thrifty(@Nullable Tensor a, @Nullable Tensor b) implements Op.Binary {
        static Variable apply(Variable a, Variable b) {
            return Variable.of(a.value().times(b.value()), new Thrifty(a.keptFor(b), b.keptFor(a)), a, b);
        }

        @Override
        public Tensor dA(Tensor dY) {
            return dY.times(kept(b));
        }

        @Override
        public Tensor dB(Tensor dY) {
            return dY.times(kept(a));
        }
    }

    private static OpSpec spec(Class<? extends Op> op, BinaryOperator<Variable> apply) {
        Sample sample = Sample.of(v -> apply.apply(v[0], v[1]), Values.between("a", Shape.of(3), -1, 1),
                Values.between("b", Shape.of(3), -1, 1));
        return new OpSpec(op, List.of(sample), sample, List.of());
    }

    @Test
    void what_is_kept_in_vain_is_named() {
        OpSpec hoarder = spec(Hoarder.class, Hoarder::apply);
        assertEquals("Hoarder on [3], [3]: wanted [true, false]: [a] kept in vain",
                assertThrows(AssertionError.class, () -> OpLaw.NOTHING_IS_KEPT_IN_VAIN.check(hoarder)).getMessage());
        assertDoesNotThrow(() -> OpLaw.FROZEN_INPUTS_COST_NOTHING.check(hoarder));
    }

    @Test
    void what_is_computed_in_vain_is_named() {
        OpSpec eager = spec(Eager.class, Eager::apply);
        assertEquals("Eager on [3], [3]: input 1 of [true, false]: not what is wanted was computed",
                assertThrows(AssertionError.class, () -> OpLaw.FROZEN_INPUTS_COST_NOTHING.check(eager)).getMessage());
    }

    @Test
    void who_keeps_what_is_needed_passes() {
        for (OpLaw law : OpLaw.values()) {
            assertDoesNotThrow(() -> law.check(spec(Thrifty.class, Thrifty::apply)));
        }
    }
}
