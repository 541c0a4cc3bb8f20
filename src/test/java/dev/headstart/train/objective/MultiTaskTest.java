package dev.headstart.train.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MultiTaskTest {
    private static final RandomStream RANDOM = RandomStream.of(21);

    private final Parameter weight = Parameter.of(Tensor.of(Shape.of(2), 3, 5));

    private MultiTask.Task task(String name, int axis, float weighted, int examples, List<int[]> seen) {
        Objective objective = (batch, _) -> {
            seen.add(batch);
            return weight.slice(0, axis, axis + 1).sum();
        };
        return new MultiTask.Task(name, objective, weighted, Batches.of(examples, 2, RANDOM.child(name)));
    }

    @Test
    void the_loss_is_the_weighted_sum_and_so_are_its_gradients() {
        MultiTask both = new MultiTask(List.of(task("a", 0, 1, 4, new ArrayList<>()), task("b", 1, 0.5f, 6, new ArrayList<>())));
        Variable loss = both.loss(new int[] {0}, RANDOM);
        assertEquals(3 + 0.5f * 5, loss.value().item());
        assertArrayEquals(new float[] {1, 0.5f}, Objects.requireNonNull(loss.backward().get(weight)).toArray());
    }

    @Test
    void every_task_goes_through_its_own_examples_in_its_own_epochs() {
        List<int[]> a = new ArrayList<>();
        List<int[]> b = new ArrayList<>();
        MultiTask both = new MultiTask(List.of(task("a", 0, 1, 4, a), task("b", 1, 1, 6, b)));
        Batches rounds = Batches.rounds();
        for (long step = 0; step < 6; step++) {
            both.loss(rounds.batch(step), RANDOM);
        }
        for (int epoch = 0; epoch < 3; epoch++) {
            assertArrayEquals(new int[] {0, 1, 2, 3}, sorted(a.subList(2 * epoch, 2 * epoch + 2)));
        }
        for (int epoch = 0; epoch < 2; epoch++) {
            assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, sorted(b.subList(3 * epoch, 3 * epoch + 3)));
        }
    }

    private static int[] sorted(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    }

    @Test
    void sums_of_nothing_of_twins_of_no_weight_and_steps_of_several_rounds_are_refused() {
        MultiTask.Task task = task("a", 0, 1, 4, new ArrayList<>());
        assertThrows(IllegalArgumentException.class, () -> new MultiTask(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new MultiTask(List.of(task, task)));
        assertThrows(IllegalArgumentException.class, () -> task("a", 0, 0, 4, new ArrayList<>()));
        assertThrows(IllegalArgumentException.class, () -> new MultiTask(List.of(task)).loss(new int[] {0, 1}, RANDOM));
    }
}
