package dev.headstart.train.tuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.loss.Losses;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Techniques that keep a model near its source, or near a teacher.
class StayingCloseTest {
    private static Parameters one(Parameter w) {
        return Parameters.of(Map.of("w", w));
    }

    private static void train(Objective objective, Parameters parameters, double rate, int steps) {
        Trainer.of(objective, parameters, Sgd.of(ParamGroup.of(parameters).rate(rate)), Batches.of(8, 4, RandomStream.of(1)),
                RandomStream.of(2))
                .run(steps);
    }

    /// `a / 2 · (w₀ - t)² + b / 2 · (w₁ - t)²`
    private static Objective quadratic(Parameter w, float a, float b, float target) {
        Tensor stiffness = Tensor.of(Shape.of(2), a / 2, b / 2);
        return (examples, random) -> w.minus(Variable.of(Tensor.full(Shape.of(2), target))).square().times(Variable.of(stiffness)).sum();
    }

    @Test
    void l2sp_ends_between_source_and_task_where_the_two_pulls_are_equal() {
        Parameter w = Parameter.of(Tensor.of(Shape.of(2), 2, 2));
        Objective anchored = Anchor.l2sp(one(w), 3).over(quadratic(w, 1, 3, 10));
        train(anchored, one(w), 0.1, 300);
        assertArrayEquals(new float[] {(3 * 2 + 10) / 4f, (2 + 10) / 2f}, w.value().toArray(), 1e-4f);
    }

    @Test
    void an_anchor_pulls_nothing_at_the_source_and_leaves_what_is_frozen() {
        Small small = new Small();
        Anchor anchor = Anchor.l2sp(small.parameters, 0.5);
        assertEquals(0, anchor.penalty().value().item());
        small.parameters.forEach(p -> p.value().copyInPlace(p.value().plus(Tensor.scalar(1))));
        assertEquals(0.25 * small.parameters.count(), anchor.penalty().value().item(), 1e-2);
        small.parameters.only("8.bias");
        assertEquals(0.25 * 3, anchor.penalty().value().item(), 1e-6);
        assertEquals(1, anchor.penalty().backward().parameters().size());
    }

    @Test
    void fisher_is_the_mean_square_of_each_example_s_gradient() {
        float[] x = {1, 2, -3, 0.5f};
        int[] y = {1, 0, 1, 1};
        Parameter w = Parameter.of(Tensor.of(Shape.of(1), 0.7f));
        Objective logistic = (examples, random) -> {
            Tensor input = Tensor.of(Shape.of(1), x[examples[0]]);
            return Losses.binaryCrossEntropy(w.times(Variable.of(input)), Tensor.of(Shape.of(1), y[examples[0]]));
        };
        double expected = 0;
        for (int i = 0; i < 4; i++) {
            double p = 1 / (1 + Math.exp(-0.7 * x[i]));
            expected += (p - y[i]) * (p - y[i]) * x[i] * x[i] / 4;
        }
        Tensor fisher = Anchor.fisher(one(w), logistic, new int[] {0, 1, 2, 3}, RandomStream.of(1)).get("w");
        assertNotNull(fisher);
        assertEquals(expected, fisher.item(), 1e-5);
    }

    @Test
    void ewc_holds_the_weights_the_old_task_needs_and_lets_the_others_go() {
        Parameter w = Parameter.of(Tensor.of(Shape.of(2), 1, 1));
        Objective old = (examples, random) -> quadratic(w, 4, 0, examples[0] % 2 == 0 ? 0 : 2).loss(examples, random); // needs w₀ alone
        Anchor ewc = Anchor.ewc(one(w), old, new int[] {0, 1, 2, 3}, 1, RandomStream.of(1));
        assertArrayEquals(new float[] {16, 0}, ewc.importance().getOrDefault("w", Tensor.scalar(0)).toArray(), 1e-4f);
        train(ewc.over(quadratic(w, 1, 1, 18)), one(w), 0.05, 400);
        assertArrayEquals(new float[] {(16 * 1 + 18) / 17f, 18}, w.value().toArray(), 1e-3f);
    }

    @Test
    void rehearsal_keeps_the_old_task_where_training_without_loses_it() {
        double[] accuracies = new double[2];
        for (int way = 0; way < 2; way++) {
            Small small = new Small();
            Adam first = Adam.adamW(List.of(ParamGroup.of(small.parameters).rate(0.02)), Schedule.constant(), 1);
            run(small.objective(), small, first, 60);
            assertTrue(small.accuracy() > 0.9, "the old task was learnt: " + small.accuracy());
            // the new task: only examples of class 0, so that all others are forgotten
            Objective now = (examples, random) -> small.objective()
                    .loss(java.util.Arrays.stream(examples).map(i -> i / 3 * 3).toArray(), random);
            int[] kept = {0, 1, 2, 3, 4, 5, 6, 7, 8};
            Objective objective = way == 0 ? now : new Rehearsal(now, small.objective(), kept, 6, 1);
            run(objective, small, Adam.adamW(List.of(ParamGroup.of(small.parameters).rate(0.02)), Schedule.constant(), 1), 60);
            accuracies[way] = small.accuracy();
        }
        assertTrue(accuracies[0] < 0.5 && accuracies[1] > 0.75, accuracies[0] + " without, " + accuracies[1] + " with rehearsal");
    }

    private static void run(Objective objective, Small small, Adam adam, int steps) {
        Trainer.of(objective, small.parameters, adam, Batches.of(Small.EXAMPLES, 12, RandomStream.of(2)), RandomStream.of(3)).run(steps);
    }

    @Test
    void a_mix_of_two_models_is_each_of_them_at_its_ends_and_lies_on_the_line_between() {
        Small small = new Small();
        Snapshot source = Snapshot.of(small.parameters);
        run(small.objective(), small, Adam.adamW(List.of(ParamGroup.of(small.parameters)), Schedule.constant(), 1), 3);
        Snapshot tuned = Snapshot.of(small.parameters);
        source.mix(tuned, 0, small.parameters);
        assertTrue(small.head().weight().value().bitsEqual(source.value("8.weight")));
        source.mix(tuned, 1, small.parameters);
        assertTrue(small.head().weight().value().bitsEqual(tuned.value("8.weight")));
        source.mix(source, 0.3, small.parameters);
        assertTrue(small.head().weight().value().bitsEqual(source.value("8.weight")), "what is the same in both");
        source.mix(tuned, 0.25, small.parameters);
        for (int i = 0; i < 3; i++) {
            assertEquals(0.75 * source.value("8.weight").get(i, 1) + 0.25 * tuned.value("8.weight").get(i, 1),
                    small.head().weight().value().get(i, 1), 1e-6);
        }
        assertThrows(IllegalArgumentException.class, () -> source.mix(Snapshot.of(small.parameters.select("8.**")), 0.5, small.parameters));
    }

    @Test
    void averages_follow_their_formulas() {
        Parameter w = Parameter.of(Tensor.of(Shape.of(1), 1));
        WeightAverage exponential = WeightAverage.exponential(one(w), 0.75);
        WeightAverage uniform = WeightAverage.uniform(one(w));
        double expected = 1;
        double sum = 0;
        for (int step = 1; step <= 6; step++) {
            w.value().copyInPlace(Tensor.of(Shape.of(1), step * step));
            exponential.update();
            uniform.update();
            expected = 0.75 * expected + 0.25 * step * step;
            sum += step * step;
        }
        assertEquals(6, uniform.updates());
        exponential.swap();
        assertEquals(expected, w.value().item(), 1e-5);
        exponential.swap();
        assertEquals(36, w.value().item());
        uniform.swap();
        assertEquals(sum / 6, w.value().item(), 1e-5);
        assertThrows(IllegalArgumentException.class, () -> WeightAverage.exponential(one(w), 1));
    }

    @Test
    void an_average_goes_on_from_a_checkpoint_with_the_same_bits(@TempDir Path folder) {
        Tensor[] ends = new Tensor[2];
        for (int way = 0; way < 2; way++) {
            for (int stop : way == 0 ? new int[] {7} : new int[] {3, 7}) {
                Small small = new Small();
                WeightAverage average = WeightAverage.exponential(small.parameters, 0.9);
                Trainer.of(small.objective(), average.with("average"),
                        Adam.adamW(List.of(ParamGroup.of(small.parameters)), Schedule.constant(), 1),
                        Batches.of(Small.EXAMPLES, 12, RandomStream.of(2)), RandomStream.of(3)).afterEachStep(average::update)
                        .checkpoints(Checkpoints.in(folder.resolve("way-" + way)), 1).run(stop);
                average.swap();
                ends[way] = small.head().weight().value();
            }
        }
        assertTrue(ends[0].bitsEqual(ends[1]));
    }

    @Test
    void distillation_is_nothing_for_equals_and_has_the_paper_s_gradient() {
        Tensor teacher = RandomStream.of(1).normal(Shape.of(4, 5), 0, 2);
        Parameter same = Parameter.of(teacher);
        assertEquals(0, Distillation.divergence(same, teacher, 3).value().item(), 1e-6);
        Parameter student = Parameter.of(RandomStream.of(2).normal(Shape.of(4, 5), 0, 2));
        Tensor gradient = Distillation.divergence(student, teacher, 3).backward().get(student);
        Tensor expected = student.value().times(1 / 3f).softmax().minus(teacher.times(1 / 3f).softmax()).times(1 / (3f * 4));
        assertNotNull(gradient);
        assertArrayEquals(expected.toArray(), gradient.toArray(), 1e-6f);
        assertTrue(Distillation.divergence(student, teacher, 3).value().item() > 0);
    }

    @Test
    void a_student_comes_to_say_what_its_teacher_says_and_the_teacher_stays() {
        Small teacher = new Small();
        run(teacher.objective(), teacher, Adam.adamW(List.of(ParamGroup.of(teacher.parameters).rate(0.02)), Schedule.constant(), 1), 40);
        Snapshot taught = Snapshot.of(teacher.parameters);
        Small student = new Small(1); // its labels are others: it learns from the teacher alone
        Distillation objective = new Distillation((examples, random) -> student.model.forward(Variable.of(student.batch(examples))),
                (examples, random) -> teacher.model.forward(Variable.of(teacher.batch(examples))), student.labels, 2, 1);
        run(objective, student, Adam.adamW(List.of(ParamGroup.of(student.parameters).rate(0.02)), Schedule.constant(), 1), 40);
        Indices own = student.model.forward(Variable.of(student.images)).value().argmax();
        Indices said = teacher.model.forward(Variable.of(teacher.images)).value().argmax();
        int agree = 0;
        for (int i = 0; i < Small.EXAMPLES; i++) {
            agree += own.at(i) == said.at(i) ? 1 : 0;
        }
        assertTrue(agree > 40, agree + " of 48 agree");
        taught.values().forEach((name, value) -> assertTrue(value.bitsEqual(teacher.parameters.get(name).value()), name));
    }

    @Test
    void mixup_is_the_mean_of_both_labels_losses_on_the_mixed_input() {
        Small small = new Small();
        Tensor[] seen = new Tensor[1];
        Mixup mixup = new Mixup(x -> {
            seen[0] = x.value();
            return small.model.forward(x);
        }, (examples, random) -> small.batch(examples), small.labels, 0.4, CrossEntropy.PLAIN);
        int[] batch = {0, 1, 2, 3, 4, 5};
        RandomStream random = RandomStream.of(11);
        float loss = mixup.loss(batch, random).value().item();
        double lambda = Mixup.beta(0.4, random.child("lambda"));
        int[] partners = random.child("partners").permutation(6);
        float expected = 0;
        for (int i = 0; i < 6; i++) {
            float mixed = (float) (lambda * small.images.get(i, 2, 3, 1) + (1 - lambda) * small.images.get(partners[i], 2, 3, 1));
            assertEquals(mixed, seen[0].get(i, 2, 3, 1), 1e-5);
            Variable logits = small.model.forward(Variable.of(seen[0].slice(0, i, i + 1)));
            expected += (float) (lambda * Losses.crossEntropy(logits, small.labels(i)).value().item()
                    + (1 - lambda) * Losses.crossEntropy(logits, small.labels(partners[i])).value().item()) / 6;
        }
        assertEquals(expected, loss, 1e-5);
        assertEquals(loss, mixup.loss(batch, random).value().item(), 0, "the same for the same stream");
    }

    @Test
    void the_mix_is_drawn_from_a_beta_distribution() {
        for (double alpha : new double[] {0.2, 1, 3}) {
            double sum = 0;
            double squares = 0;
            int n = 4000;
            for (int i = 0; i < n; i++) {
                double x = Mixup.beta(alpha, RandomStream.of(i));
                assertTrue(x >= 0 && x <= 1);
                sum += x;
                squares += (x - 0.5) * (x - 0.5);
            }
            assertEquals(0.5, sum / n, 0.03);
            assertEquals(1 / (4 * (2 * alpha + 1)), squares / n, 0.008, "variance for alpha " + alpha);
        }
    }

    @Test
    void the_rate_finder_restores_everything_and_suggests_a_rate_at_which_the_loss_falls() {
        Small small = new Small();
        small.parameters.select("0.**").freeze();
        Snapshot before = Snapshot.of(small.parameters);
        RateFinder found = RateFinder.run(small.objective(), small.parameters,
                schedule -> Sgd.of(List.of(ParamGroup.of(small.parameters).rate(1)), schedule, Double.POSITIVE_INFINITY, 0, false),
                Batches.of(Small.EXAMPLES, 12, RandomStream.of(2)), 60, RandomStream.of(3), 1e-5, 1000);
        before.values().forEach((name, value) -> assertTrue(value.bitsEqual(small.parameters.get(name).value()), name));
        assertEquals(before.trainable(), small.parameters.trainable().byName().keySet());
        assertEquals(1e-5, found.curve().getFirst().rate(), 1e-12);
        assertTrue(found.suggestion() > 1e-3 && found.suggestion() < 100, "suggested " + found.suggestion());
        float start = loss(small);
        train(small, found.suggestion());
        assertTrue(loss(small) < start - 0.1f, start + " → " + loss(small));
        assertThrows(IllegalArgumentException.class, () -> RateFinder.run(small.objective(), small.parameters,
                schedule -> Sgd.of(ParamGroup.of(small.parameters)), Batches.of(9, 3, RandomStream.of(1)), 5, RandomStream.of(1)));
    }

    private static float loss(Small small) {
        int[] all = new int[Small.EXAMPLES];
        java.util.Arrays.setAll(all, i -> i);
        return small.objective().loss(all, RandomStream.of(1)).value().item();
    }

    private static void train(Small small, double rate) {
        Trainer.of(small.objective(), small.parameters, Sgd.of(ParamGroup.of(small.parameters).rate(rate)),
                Batches.of(Small.EXAMPLES, 12, RandomStream.of(2)), RandomStream.of(3)).run(20);
    }

    @Test
    void settings_that_mean_nothing_are_refused() {
        Small small = new Small();
        Logits logits = (examples, random) -> small.model.forward(Variable.of(small.batch(examples)));
        assertThrows(IllegalArgumentException.class, () -> new Distillation(logits, logits, small.labels, 0, 0.5f));
        assertThrows(IllegalArgumentException.class, () -> new Rehearsal(small.objective(), small.objective(), new int[3], 4, 1));
        assertThrows(IllegalArgumentException.class, () -> Anchor.l2sp(small.parameters, -1));
        assertFalse(Snapshot.of(small.parameters).trainable().isEmpty());
    }
}
