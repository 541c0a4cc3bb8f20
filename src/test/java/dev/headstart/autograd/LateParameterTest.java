package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Parameters whose first values are made when they are first asked for.
class LateParameterTest {
    private static final Shape SHAPE = Shape.of(7, 5);

    private final AtomicInteger drawn = new AtomicInteger();

    private Tensor draw() {
        drawn.incrementAndGet();
        return RandomStream.of(3).normal(SHAPE, 0, 1);
    }

    @Test
    void the_rule_is_asked_once_whichever_threads_want_the_value() {
        Parameter parameter = Parameter.of(SHAPE, this::draw);
        Tensor[] seen = new Tensor[64];
        Workers.of(4).call(() -> {
            Workers.current().forEach(seen.length, i -> seen[i] = parameter.value());
            return 0;
        });
        assertEquals(1, drawn.get());
        for (Tensor tensor : seen) {
            assertSame(parameter.value(), tensor);
        }
        assertTrue(RandomStream.of(3).normal(SHAPE, 0, 1).bitsEqual(parameter.value()));
    }

    @Test
    void shape_and_flags_ask_for_nothing() {
        Parameter parameter = Parameter.of(SHAPE, this::draw);
        parameter.freeze();
        assertEquals(SHAPE, parameter.shape());
        assertFalse(parameter.requiresGradient());
        assertEquals("Parameter " + SHAPE + " frozen", parameter.toString());
        assertEquals(0, drawn.get());
        assertTrue(RandomStream.of(3).normal(SHAPE, 0, 1).bitsEqual(parameter.value()), "frozen before it was drawn");
        assertFalse(parameter.isTrainable());
    }

    @Test
    void what_is_taken_first_is_the_value_and_nothing_is_drawn() {
        Parameter parameter = Parameter.of(SHAPE, this::draw);
        Tensor given = Tensor.ones(SHAPE);
        assertThrows(ShapeException.class, () -> parameter.take(Tensor.ones(Shape.of(5, 7))));
        parameter.take(given);
        assertTrue(Tensor.ones(SHAPE).bitsEqual(parameter.value()));
        Tensor held = parameter.value();
        parameter.take(Tensor.zeros(SHAPE));
        assertSame(held, parameter.value(), "whoever holds the values sees the new ones");
        assertTrue(Tensor.zeros(SHAPE).bitsEqual(held));
        assertEquals(0, drawn.get());
    }

    @Test
    void values_drawn_or_taken_in_a_workspace_outlive_it() {
        Parameter first = Parameter.of(SHAPE, this::draw);
        Parameter second = Parameter.of(SHAPE, this::draw);
        Workspace workspace = new Workspace();
        for (int step = 0; step < 3; step++) {
            workspace.call(() -> {
                first.value();
                second.take(Tensor.ones(SHAPE).plus(Tensor.ones(SHAPE)));
                return Tensor.ones(SHAPE).times(5).size(); // memory that the next step uses again
            });
        }
        assertTrue(RandomStream.of(3).normal(SHAPE, 0, 1).bitsEqual(first.value()));
        assertTrue(Tensor.ones(SHAPE).times(2).bitsEqual(second.value()));
    }
}
