package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Trace;
import dev.headstart.io.Checkpoints;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.objective.FeatureClassification;
import dev.headstart.train.objective.MaskedLanguage;
import dev.headstart.train.objective.TextClassification;
import dev.headstart.zoo.own.MaskedLanguageModel;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The laws of training, on a small text classifier with dropout.
class TrainerTest {
    private static final TextEncoder.Config CONFIG = new TextEncoder.Config(12, 8, 16, 2, 2, 32, 0.1f);

    private final List<int[]> texts = new ArrayList<>();
    private final int[] labels = new int[48];

    TrainerTest() {
        RandomStream random = RandomStream.of(5);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 3;
            int[] text = new int[2 + random.below(6, i)];
            for (int j = 0; j < text.length; j++) {
                text[j] = 3 + labels[i] * 3 + random.child(i).below(3, j);
            }
            texts.add(text);
        }
    }

    /// A model with its trainer's ingredients, always the same.
    private final class Run {
        final TextClassifier model = new TextClassifier(CONFIG, 3, RandomStream.of(7));
        final TextClassification objective = new TextClassification(model, texts, labels, CrossEntropy.PLAIN);
        final Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(3e-3).decay(0.01)), Schedule.cosine(3, 40, 0),
                1);

        Trainer trainer() {
            return Trainer.of(objective, model.parameters(), optimizer, Batches.of(labels.length, 10, RandomStream.of(8)),
                    RandomStream.of(9));
        }

        Map<String, Tensor> weights() {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            model.parameters().byName().forEach((name, p) -> weights.put(name, p.value().copy()));
            return weights;
        }
    }

    private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, tensor) -> assertTrue(tensor.bitsEqual(actual.getOrDefault(name, Tensor.scalar(0))), name));
    }

    @Test
    void training_learns() {
        Run run = new Run();
        double before = run.objective.score().accuracy();
        run.trainer().run(40);
        double after = run.objective.score().accuracy();
        assertTrue(after > 0.9, "from " + before + " to " + after);
    }

    @Test
    void resuming_at_any_step_gives_the_bits_of_never_having_stopped_also_with_other_threads(@TempDir Path folder) {
        Run whole = new Run();
        TrainingResult expected = whole.trainer().validate(5, "accuracy", () -> whole.objective.score().accuracy()).run(14);
        for (int stop = 1; stop < 14; stop += 3) {
            Checkpoints checkpoints = Checkpoints.in(folder.resolve("stop-" + stop));
            int at = stop;
            Run first = new Run();
            Workers.of(3).run(() -> first.trainer().validate(5, "accuracy", () -> first.objective.score().accuracy())
                    .checkpoints(checkpoints, 1).run(at));
            Run second = new Run();
            second.model.parameters().forEach(p -> p.value().copyInPlace(p.value().times(0))); // nothing may survive but the checkpoint
            TrainingResult result = second.trainer().validate(5, "accuracy", () -> second.objective.score().accuracy())
                    .checkpoints(checkpoints, 4).run(14);
            assertSame(whole.weights(), second.weights());
            assertEquals(expected.curve().getLast().metric(), result.curve().getLast().metric(), 0);
        }
    }

    /// With early stopping, so that the best weights are in the checkpoint too.
    @Test
    void a_run_asked_to_stop_saves_and_goes_on_with_the_bits_of_never_having_stopped(@TempDir Path folder) {
        Run whole = new Run();
        TrainingResult expected = whole.trainer().validate(5, "accuracy", () -> whole.objective.score().accuracy()).earlyStopping(2)
                .run(14);
        assertFalse(expected.interrupted());
        for (int stop = 1; stop < 14; stop += 2) {
            Checkpoints checkpoints = Checkpoints.in(folder.resolve("stop-" + stop));
            int at = stop;
            AtomicInteger steps = new AtomicInteger();
            Run first = new Run();
            TrainingResult stopped = first.trainer().validate(5, "accuracy", () -> first.objective.score().accuracy()).earlyStopping(2)
                    .checkpoints(checkpoints, 100).stopWhen(() -> steps.incrementAndGet() == at).run(14);
            assertTrue(stopped.interrupted());
            assertEquals(stop, stopped.steps());
            Run second = new Run();
            second.model.parameters().forEach(p -> p.value().copyInPlace(p.value().times(0)));
            TrainingResult result = second.trainer().validate(5, "accuracy", () -> second.objective.score().accuracy()).earlyStopping(2)
                    .checkpoints(checkpoints, 100).run(14);
            assertSame(whole.weights(), second.weights());
            assertEquals(expected.curve(), result.curve());
        }
    }

    @Test
    void a_run_that_is_done_is_not_interrupted() {
        TrainingResult result = new Run().trainer().stopWhen(() -> true).run(1);
        assertEquals(1, result.steps());
        assertFalse(result.interrupted());
    }

    @Test
    void a_checkpoint_of_another_run_is_refused(@TempDir Path folder) {
        Checkpoints checkpoints = Checkpoints.in(folder);
        new Run().trainer().checkpoints(checkpoints, 1).run(2);
        Run other = new Run();
        Trainer trainer = Trainer
                .of(other.objective, other.model.parameters(), other.optimizer, Batches.of(labels.length, 12, RandomStream.of(8)),
                        RandomStream.of(9))
                .checkpoints(checkpoints, 1);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> trainer.run(4));
        assertTrue(String.valueOf(e.getMessage()).startsWith("resume: the checkpoint is of another run"), e.getMessage());
    }

    @Test
    void what_is_frozen_keeps_its_bytes_and_stays_frozen_over_a_checkpoint(@TempDir Path folder) {
        Run run = new Run();
        Map<String, Tensor> before = run.weights();
        Parameters frozen = run.model.parameters().select("encoder.{embedding,block}.{token,position,0}.**").freeze();
        run.trainer().checkpoints(Checkpoints.in(folder), 2).run(6);
        Map<String, Tensor> after = run.weights();
        assertTrue(frozen.size() > 10);
        after.forEach((name, tensor) -> assertEquals(frozen.byName().containsKey(name), tensor.bitsEqual(before.getOrDefault(name, tensor)),
                name));
        Run second = new Run();
        second.trainer().checkpoints(Checkpoints.in(folder), 2).run(8);
        second.model.parameters().byName().forEach((name, p) -> assertEquals(!frozen.byName().containsKey(name), p.isTrainable(), name));
    }

    @Test
    void a_frozen_step_does_less_work() {
        Run run = new Run();
        TokenBatch batch = TokenBatch.of(texts, CharVocabulary.PADDING);
        int everything = recorded(run.model, batch);
        run.model.parameters().select("encoder.embedding.**").freeze();
        run.model.parameters().select("encoder.block.0.**").freeze();
        int upper = recorded(run.model, batch);
        run.model.parameters().select("encoder.**").freeze();
        int head = recorded(run.model, batch);
        assertEquals(1, head, "only the head is recorded");
        assertTrue(head < upper && upper < everything, head + " < " + upper + " < " + everything);
        Gradients gradients = Mode.training(RandomStream.of(1), () -> run.model.forward(batch)).sum().backward();
        assertEquals(2, gradients.parameters().size());
    }

    /// Operators recorded for backward.
    private static int recorded(TextClassifier model, TokenBatch batch) {
        return Trace.of(() -> Mode.training(RandomStream.of(1), () -> model.forward(batch))).steps().size();
    }

    @Test
    void a_probe_over_extracted_features_learns_the_bits_of_the_frozen_network() {
        Run run = new Run();
        run.model.parameters().select("encoder.**").freeze();
        TextClassifier still = new TextClassifier(new TextEncoder.Config(12, 8, 16, 2, 2, 32, 0), 3, RandomStream.of(7)); // without dropout
        still.parameters().select("encoder.**").freeze();
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(still.parameters())), Schedule.constant(), 1);
        Trainer.of(new TextClassification(still, texts, labels, CrossEntropy.PLAIN), still.parameters(), optimizer,
                Batches.of(labels.length, 10, RandomStream.of(8)), RandomStream.of(9)).run(12);

        TextClassifier other = new TextClassifier(new TextEncoder.Config(12, 8, 16, 2, 2, 32, 0), 3, RandomStream.of(7));
        Tensor features = TextClassification.features(other, texts);
        Optimizer probe = Adam.adamW(List.of(ParamGroup.of(other.head().parameters())), Schedule.constant(), 1);
        Trainer.of(new FeatureClassification(other.head(), features, labels), other.head().parameters(), probe,
                Batches.of(labels.length, 10, RandomStream.of(8)), RandomStream.of(9)).run(12);
        assertTrue(still.head().weight().value().bitsEqual(other.head().weight().value()));
    }

    @Test
    void a_row_has_the_same_bits_alone_and_in_a_batch() {
        TextClassifier model = new Run().model;
        Tensor together = TextClassification.logits(model, texts);
        for (int i = 0; i < texts.size(); i += 7) {
            Tensor alone = TextClassification.logits(model, List.of(texts.get(i)));
            assertTrue(alone.bitsEqual(together.slice(0, i, i + 1)), "row " + i);
        }
    }

    @Test
    void early_stopping_ends_with_the_best_weights() {
        Run run = new Run();
        AtomicInteger calls = new AtomicInteger();
        double[] metrics = {0.1, 0.5, 0.4, 0.3, 0.2};
        List<Map<String, Tensor>> seen = new ArrayList<>();
        TrainingResult result = run.trainer().validate(2, "accuracy", () -> {
            seen.add(run.weights());
            return metrics[calls.getAndIncrement()];
        }).earlyStopping(2).run(100);
        assertTrue(result.stoppedEarly());
        assertEquals(8, result.steps());
        assertEquals(4, result.bestStep());
        assertEquals(0.5, result.bestMetric(), 0);
        assertSame(seen.get(1), run.weights());
    }

    @Test
    void patience_is_lost_only_after_the_step_it_is_asked_for() {
        AtomicInteger calls = new AtomicInteger();
        TrainingResult result = new Run().trainer().validate(2, "accuracy", () -> -calls.getAndIncrement()).earlyStopping(2).patienceFrom(6)
                .run(100);
        assertTrue(result.stoppedEarly());
        assertEquals(10, result.steps(), "8 and 10 were worse");
        assertEquals(2, result.bestStep());
        assertThrows(IllegalArgumentException.class, () -> new Run().trainer().patienceFrom(-1));
    }

    @Test
    void a_loss_that_is_not_finite_stops_training_and_names_step_and_layer() {
        Run run = new Run();
        AtomicInteger step = new AtomicInteger();
        Parameter bad = run.model.parameters().get("encoder.block.1.feedforward.up.weight");
        Objective poisoned = (examples, random) -> {
            if (step.incrementAndGet() == 3) {
                bad.value().copyInPlace(Tensor.full(bad.shape(), Float.NaN));
            }
            return run.objective.loss(examples, random);
        };
        Trainer trainer = Trainer.of(poisoned, run.model.parameters(), run.optimizer, Batches.of(labels.length, 10, RandomStream.of(8)),
                RandomStream.of(9));
        NonFiniteLossException e = assertThrows(NonFiniteLossException.class, () -> trainer.run(10));
        assertEquals(3, e.step());
        assertTrue(String.valueOf(e.getMessage()).contains("the loss is NaN at step 3"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("the weights of encoder.block.1.feedforward.up (linear) are already not finite"),
                e.getMessage());
    }

    @Test
    void an_overflow_names_the_layer_it_came_out_of() {
        Run run = new Run();
        run.model.parameters().get("encoder.block.0.attention.value.weight").value().copyInPlace(
                Tensor.full(run.model.parameters().get("encoder.block.0.attention.value.weight").shape(), 3e38f));
        NonFiniteLossException e = assertThrows(NonFiniteLossException.class, () -> run.trainer().run(10));
        assertEquals(1, e.step());
        assertTrue(String.valueOf(e.getMessage()).contains("came out of linear at or after encoder.block.0.attention.value"),
                e.getMessage());
    }

    @Test
    void masked_language_modelling_learns() {
        MaskedLanguageModel model = new MaskedLanguageModel(CONFIG, RandomStream.of(1));
        MaskedLanguage objective = new MaskedLanguage(model, texts, 0.15, CharVocabulary.MASK, CharVocabulary.FIRST_ORDINARY);
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(5e-3)), Schedule.constant(), 1);
        TrainingResult result = Trainer
                .of(objective, model.parameters(), optimizer, Batches.of(texts.size(), 16, RandomStream.of(2)), RandomStream.of(3))
                .run(150);
        assertTrue(result.curve().getLast().loss() < result.curve().getFirst().loss() - 0.2, result.curve().toString());
        assertFalse(Double.isNaN(result.secondsPerStep()));
    }
}
