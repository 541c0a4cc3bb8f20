package dev.headstart.train.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.tuning.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is measured before, while and after.
class MeasuresTest {
    private static int[] labels(int... counts) {
        return IntStream.range(0, counts.length).flatMap(c -> IntStream.range(0, counts[c]).map(i -> c)).toArray();
    }

    private static int count(int[] part, int[] labels, int label) {
        return (int) Arrays.stream(part).filter(i -> labels[i] == label).count();
    }

    @Test
    void a_stratified_split_keeps_each_class_s_share_uses_all_and_is_the_same_for_the_same_seed() {
        int[] labels = labels(100, 10, 31);
        Splits splits = Splits.stratified(labels, RandomStream.of(1), 0.7, 0.1, 0.2);
        assertEquals(141, splits.parts().stream().flatMapToInt(Arrays::stream).distinct().count());
        assertEquals(70, count(splits.parts().get(0), labels, 0));
        assertEquals(1, count(splits.parts().get(1), labels, 1));
        assertEquals(20, count(splits.parts().get(2), labels, 0));
        assertEquals(31, IntStream.range(0, 3).map(p -> count(splits.parts().get(p), labels, 2)).sum());
        Splits again = Splits.stratified(labels, RandomStream.of(1), 0.7, 0.1, 0.2);
        assertArrayEquals(splits.parts().get(1), again.parts().get(1));
        assertFalse(Arrays.equals(splits.parts().get(1), Splits.stratified(labels, RandomStream.of(2), 0.7, 0.1, 0.2).parts().get(1)));
        assertThrows(IllegalArgumentException.class, () -> Splits.stratified(labels, RandomStream.of(1), 0.7, 0.1));
    }

    @Test
    void each_example_is_in_one_fold_and_folds_are_balanced() {
        int[] labels = labels(20, 7, 5);
        Splits folds = Splits.folds(labels, 4, RandomStream.of(3));
        assertEquals(32, folds.parts().stream().flatMapToInt(Arrays::stream).distinct().count());
        for (int fold = 0; fold < 4; fold++) {
            assertEquals(8, folds.parts().get(fold).length);
            assertEquals(5, count(folds.parts().get(fold), labels, 0));
            assertEquals(24, folds.without(fold).length);
            assertTrue(Arrays.stream(folds.parts().get(fold))
                    .noneMatch(i -> Arrays.stream(folds.without(folds.parts().size() - 1)).count() == 0));
        }
        assertThrows(IllegalArgumentException.class, () -> Splits.folds(labels, 33, RandomStream.of(1)));
    }

    @Test
    void what_is_in_two_parts_is_a_leak_and_a_double_within_a_part_is_none() {
        Splits splits = new Splits(List.of(new int[] {0, 1, 2}, new int[] {3, 4}, new int[] {5}));
        String[] content = {"a", "b", "b", "c", "a", "b"};
        assertEquals(List.of(new Splits.Leak(0, 4), new Splits.Leak(1, 5)), splits.leaks(i -> content[i]));
        assertEquals(List.of(), splits.leaks(String::valueOf));
    }

    @Test
    void calibration_is_perfect_when_confidence_is_accuracy() {
        // confidence 0.75 in two classes: right in 3 of 4
        float logit = (float) Math.log(3);
        Tensor logits = Tensor.of(Shape.of(4, 2), logit, 0, logit, 0, logit, 0, logit, 0);
        assertEquals(0, Calibration.of(logits, 0, 0, 0, 1).error(), 1e-6);
        assertEquals(0.25, Calibration.of(logits, 0, 0, 0, 0).error(), 1e-6);
        assertEquals(0.75, Calibration.of(logits, 1, 1, 1, 1).error(), 1e-6);
        assertEquals(4, Calibration.of(logits, 0, 0, 0, 1).bins().stream().mapToInt(Calibration.Bin::count).sum());
    }

    @Test
    void temperature_scaling_finds_the_factor_that_was_put_in_and_mends_calibration() {
        int n = 600;
        Tensor honest = RandomStream.of(1).normal(Shape.of(n, 3), 0, 2);
        int[] labels = new int[n];
        Tensor p = honest.softmax();
        for (int i = 0; i < n; i++) {
            float u = RandomStream.of(2).uniform(i);
            labels[i] = u < p.get(i, 0) ? 0 : u < p.get(i, 0) + p.get(i, 1) ? 1 : 2;
        }
        Tensor boasting = honest.times(4);
        double t = Calibration.temperature(boasting, labels);
        assertEquals(4, t, 0.5);
        assertTrue(Calibration.of(boasting.times((float) (1 / t)), labels).error() < Calibration.of(boasting, labels).error() / 2);
    }

    @Test
    void forgetting_is_measured_as_published() {
        Forgetting two = Forgetting.of(0.9, 0.7, 0.8);
        assertEquals(-0.2, two.backwardTransfer(), 1e-12);
        assertEquals(0.2, two.worst(), 1e-12);
        assertEquals("old task: 90.0 % before, 70.0 % after; new task: 80.0 %; backward transfer -0.200", two.toString());
        Forgetting three = new Forgetting(new double[][] {{0.8, 0.1, 0.1}, {0.9, 0.7, 0.2}, {0.6, 0.75, 0.9}});
        assertEquals(((0.6 - 0.8) + (0.75 - 0.7)) / 2, three.backwardTransfer(), 1e-12);
        assertEquals(((0.9 - 0.6) + (0.7 - 0.75)) / 2, three.worst(), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> new Forgetting(new double[][] {{1}}));
    }

    private static TrainingResult run(double... metrics) {
        List<TrainingResult.Point> curve = new ArrayList<>();
        for (int i = 0; i < metrics.length; i++) {
            curve.add(new TrainingResult.Point(10L * (i + 1), 1, metrics[i]));
        }
        return new TrainingResult(10L * metrics.length, false, 10L * metrics.length, 1, curve);
    }

    @Test
    void a_head_start_is_told_from_at_least_five_seeds() {
        List<TrainingResult> with = IntStream.range(0, 5).mapToObj(seed -> run(0.6 + 0.01 * seed, 0.8, 0.9)).toList();
        List<TrainingResult> without = IntStream.range(0, 5).mapToObj(seed -> run(0.3, 0.5, 0.8 + 0.01 * seed)).toList();
        HeadStart start = HeadStart.compare(with, without, 0.8);
        assertEquals(0.32, start.jumpStart().mean(), 1e-12);
        assertEquals(0.08, start.asymptote().mean(), 1e-12);
        assertEquals(20, start.stepsToTarget().mean(), 0);
        assertEquals(30, start.stepsWithout().mean(), 0);
        assertTrue(start.helps());
        assertFalse(HeadStart.compare(without, with, 0.8).helps());
        assertFalse(HeadStart.compare(with, with, 0.8).helps());
        assertTrue(Double.isNaN(HeadStart.compare(with, without, 0.95).stepsToTarget().mean()));
        assertThrows(IllegalArgumentException.class, () -> HeadStart.compare(with.subList(0, 4), without.subList(0, 4), 0.8));
    }

    @Test
    void label_efficiency_is_how_many_times_as_many_labels_scratch_needs() {
        int[] labels = {10, 50, 500};
        assertEquals(30, HeadStart.labelEfficiency(labels, new double[] {0.8, 0.85, 0.9}, new double[] {0.3, 0.6, 0.6 + 0.2 * 450 / 250}),
                1e-9);
        assertEquals(1, HeadStart.labelEfficiency(labels, new double[] {0.3, 0.4, 0.5}, new double[] {0.35, 0.5, 0.6}), 0);
        assertEquals(Double.POSITIVE_INFINITY,
                HeadStart.labelEfficiency(labels, new double[] {0.9, 0.9, 0.9}, new double[] {0.3, 0.4, 0.5}), 0);
    }

    @Test
    void shuffled_weights_are_the_same_numbers_elsewhere() {
        Linear linear = new Linear(9, 7, RandomStream.of(1));
        float[] before = linear.weight().value().toArray();
        HeadStart.shuffled(linear.parameters(), RandomStream.of(2));
        float[] after = linear.weight().value().toArray();
        assertFalse(Arrays.equals(before, after));
        Arrays.sort(before);
        Arrays.sort(after);
        assertArrayEquals(before, after);
    }

    @Test
    void overfitting_is_validation_falling_while_training_does_not() {
        Overfitting watch = new Overfitting(0.01);
        assertEquals(0.5, watch.add(0.6, 0.5));
        watch.add(0.8, 0.7);
        watch.add(0.9, 0.695);
        assertFalse(watch.isNow(), "within the tolerance");
        watch.add(0.97, 0.65);
        assertTrue(watch.isNow());
        assertEquals(1, watch.best());
        assertEquals("training 0.970, validation 0.650, gap 0.320: overfitting since measurement 2: stop there, or freeze more, augment,"
                + " or regularise", watch.toString());
        watch.add(0.5, 0.4);
        assertFalse(watch.isNow(), "both fall: that is something else");
    }

    @Test
    void a_plan_counts_what_learns_and_what_is_recorded_and_changes_nothing() {
        Sequential model = new Sequential(new Linear(10, 20, RandomStream.of(1)), Activation.RELU, new Linear(20, 3, RandomStream.of(2)));
        Parameters parameters = model.parameters();
        Tensor x = RandomStream.of(3).normal(Shape.of(40, 10), 0, 1);
        parameters.only("2.**");
        Snapshot before = Snapshot.of(parameters);
        Plan plan = Plan.of((examples, random) -> CrossEntropy.PLAIN.of(model.forward(Variable.of(x.gatherRows(Indices.of(examples)))),
                Indices.of(new int[examples.length])), parameters, 2, 16, 40, RandomStream.of(4));
        assertEquals(10 * 20 + 20 + 20 * 3 + 3, plan.parameters());
        assertEquals(63, plan.trainable());
        assertEquals(4 * 63 * 2, plan.optimizerBytes());
        assertEquals(3, plan.stepsPerEpoch());
        long each = 4 * (20 + 3 + 3 + 2); // hidden (input of what is recorded), logits, log p, those picked, and times their weights
        assertTrue(plan.activationBytes() >= 16 * each && plan.activationBytes() < 16 * each + 16 * 4 * 3 + 100,
                "" + plan.activationBytes());
        assertTrue(plan.secondsPerEpoch() > 0);
        before.values().forEach((name, value) -> assertTrue(value.bitsEqual(parameters.get(name).value()), name));
        assertEquals(2, parameters.trainable().size());
        parameters.unfreeze();
        assertTrue(Plan.of((examples, random) -> CrossEntropy.PLAIN.of(model.forward(Variable.of(x.gatherRows(Indices.of(examples)))),
                Indices.of(new int[examples.length])), parameters, 2, 16, 40, RandomStream.of(4))
                .activationBytes() > plan.activationBytes());
    }
}
