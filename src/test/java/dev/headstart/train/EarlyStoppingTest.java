package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    private final Parameter weight = Parameter.of(Tensor.scalar(0));
    private final Parameters parameters = Parameters.of(Map.of("weight", weight));

    private void measured(EarlyStopping stopping, long step, double metric) {
        weight.value().copyInPlace(Tensor.scalar((float) step));
        stopping.measured(step, metric, parameters);
    }

    @Test
    void it_stops_when_patience_is_at_its_end_and_gives_the_best_weights_back() {
        EarlyStopping stopping = EarlyStopping.after(2, 0);
        measured(stopping, 1, 0.2);
        measured(stopping, 2, 0.5);
        measured(stopping, 3, 0.5); // no better
        assertFalse(stopping.stops());
        measured(stopping, 4, 0.1);
        assertTrue(stopping.stops());
        assertEquals(2, stopping.finish(4, parameters));
        assertEquals(2, weight.value().item());
    }

    @Test
    void a_better_validation_gives_all_patience_back() {
        EarlyStopping stopping = EarlyStopping.after(2, 0);
        measured(stopping, 1, 0.2);
        measured(stopping, 2, 0.1);
        measured(stopping, 3, 0.3);
        measured(stopping, 4, 0.1);
        assertFalse(stopping.stops());
    }

    @Test
    void validations_up_to_the_given_step_are_not_counted() {
        EarlyStopping stopping = EarlyStopping.after(1, 3);
        measured(stopping, 1, 0.2);
        measured(stopping, 3, 0.1);
        assertFalse(stopping.stops());
        measured(stopping, 4, 0.1);
        assertTrue(stopping.stops());
    }

    @Test
    void without_it_nothing_stops_and_the_last_weights_stay() {
        EarlyStopping never = EarlyStopping.never();
        for (int step = 1; step < 100; step++) {
            measured(never, step, -step);
        }
        assertFalse(never.stops());
        assertEquals(Map.of(), never.state().weights());
        assertEquals(99, never.finish(99, parameters));
        assertEquals(99, weight.value().item());
    }

    @Test
    void a_restored_state_goes_on_where_it_was() {
        EarlyStopping first = EarlyStopping.after(2, 0);
        measured(first, 1, 0.5);
        measured(first, 2, 0.1);
        EarlyStopping second = EarlyStopping.after(2, 0);
        second.restore(first.state());
        measured(second, 3, 0.2);
        assertTrue(second.stops());
        assertEquals(1, second.finish(3, parameters));
        assertEquals(1, weight.value().item());
    }
}
