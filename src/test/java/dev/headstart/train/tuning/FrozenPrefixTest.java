package dev.headstart.train.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Linear;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a frozen part computes is computed once.
class FrozenPrefixTest {
    private final Small small = new Small();

    private FrozenPrefix prefix(FrozenPrefix.Part part) {
        return FrozenPrefix.of(small.parameters.without("8.**"), Small.EXAMPLES, part);
    }

    private FrozenPrefix plain() {
        return prefix((examples, random) -> small.features(Variable.of(small.batch(examples))));
    }

    private void train(Objective objective, int steps) {
        Adam adam = Adam.adamW(java.util.List.of(ParamGroup.of(small.head().parameters()).rate(0.05)), Schedule.constant(), 1);
        Trainer.of(objective, small.parameters, adam, Batches.of(Small.EXAMPLES, 10, RandomStream.of(2)), RandomStream.of(3)).run(steps);
    }

    @Test
    void a_head_over_the_cache_learns_the_bits_it_learns_without_and_each_example_is_computed_once() {
        small.parameters.only("8.**");
        Snapshot before = Snapshot.of(small.parameters);
        train(small.objective(), 15); // three epochs
        Tensor expected = small.head().weight().value().copy();
        before.restore(small.parameters);
        FrozenPrefix prefix = plain();
        train((examples, random) -> CrossEntropy.PLAIN.of(small.head().forward(prefix.of(examples)), small.labels(examples)), 15);
        assertTrue(expected.bitsEqual(small.head().weight().value()));
        assertFalse(expected.bitsEqual(before.value("8.weight")));
        assertEquals(Small.EXAMPLES, prefix.known());
        assertEquals(Small.EXAMPLES, prefix.computed(), "no example is computed twice");
    }

    @Test
    void a_trainable_parameter_is_a_reason_to_refuse_also_in_the_middle_of_a_run() {
        small.parameters.only("8.**");
        FrozenPrefix prefix = plain();
        prefix.of(1, 2, 3);
        small.parameters.get("4.weight").unfreeze();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> prefix.of(1));
        assertEquals("frozen prefix: 4.weight is trainable: what it gives changes from step to step, and batch-norm statistics with it:"
                + " freeze it, or compute without a cache", e.getMessage());
    }

    @Test
    void augmentation_is_a_reason_to_refuse() {
        small.parameters.only("8.**");
        FrozenPrefix noisy = prefix((examples, random) -> {
            Tensor batch = small.batch(examples);
            Tensor noise = random.child("noise").normal(batch.shape(), 0, 0.1f);
            return small.features(Variable.of(batch.plus(noise)));
        });
        assertTrue(String.valueOf(assertThrows(IllegalStateException.class, () -> noisy.of(0, 1)).getMessage())
                .contains("augmentation is on"));
    }

    @Test
    void dropout_is_a_reason_to_refuse_unless_it_is_switched_off() {
        small.parameters.only("8.**");
        Dropout dropout = new Dropout(0.5f);
        FrozenPrefix dropping = prefix((examples, random) -> dropout.forward(small.features(Variable.of(small.batch(examples)))));
        assertTrue(
                String.valueOf(assertThrows(IllegalStateException.class, () -> dropping.of(0, 1)).getMessage()).contains("dropout is on"));
        Tensor off = Mode.training(RandomStream.of(1), () -> dropping.withoutDropout().of(0, 1)).value();
        assertTrue(off.bitsEqual(plain().of(0, 1).value()));
    }

    @Test
    void a_folder_gives_the_same_bits_back_and_only_for_the_same_weights_preprocessing_and_data(@TempDir Path folder) throws IOException {
        small.parameters.only("8.**");
        FrozenPrefix first = plain();
        first.save(folder, 7, "preprocessing A", "data 1");
        FrozenPrefix second = plain();
        assertFalse(second.load(folder, "preprocessing B", "data 1"));
        assertFalse(second.load(folder, "preprocessing A", "data 2"));
        assertTrue(second.load(folder, "preprocessing A", "data 1"));
        assertTrue(first.of(4, 40, 4).value().bitsEqual(second.of(4, 40, 4).value()));
        assertEquals(0, second.computed());
        String key = first.key();
        small.parameters.get("3.bias").value().copyInPlace(Tensor.ones(small.parameters.get("3.bias").shape()));
        assertNotEquals(key, first.key());
        assertFalse(plain().load(folder, "preprocessing A", "data 1"), "other weights");
    }

    @Test
    void a_head_of_another_size_can_be_put_on_top() {
        small.parameters.only("8.**");
        FrozenPrefix prefix = plain();
        Linear head = new Linear(8, 5, RandomStream.of(4));
        assertEquals("[3, 5]", head.forward(prefix.of(9, 2, 9)).shape().toString());
        assertEquals(2, prefix.known());
    }
}
