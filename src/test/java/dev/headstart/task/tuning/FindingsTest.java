package dev.headstart.task.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.task.data.Evaluation;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.TrainingResult.Point;
import dev.headstart.train.measure.Calibration;
import dev.headstart.train.measure.Overfitting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is said of a result, and what is not said from too little.
class FindingsTest {
    private static List<String> sentences(int right, int wrong, double temperature) {
        Evaluation evaluation = new Evaluation(List.of("pos", "neg"), new int[][] {{right, 0}, {wrong, 0}});
        return new Findings(evaluation, new Calibration(List.of(), 0.1), temperature, new Overfitting(0.01), null).sentences();
    }

    @Test
    void always_guessing_the_commonest_label_is_no_merit() {
        assertEquals("Baseline: always guessing 'pos' gets 95.0 %; balanced accuracy 50.0 %, macro F1 48.7 %.",
                sentences(190, 10, 1).getFirst());
    }

    @Test
    void macro_f1_and_balanced_accuracy_are_scikit_learns() {
        Evaluation evaluation = new Evaluation(List.of("a", "b", "c"), new int[][] {{5, 1, 0}, {2, 3, 0}, {0, 1, 0}});
        assertEquals((5.0 / 6 + 3.0 / 5 + 0) / 3, evaluation.balancedAccuracy(), 1e-12);
        assertEquals((10.0 / 13 + 6.0 / 10 + 0) / 3, evaluation.macroF1(), 1e-12);
    }

    @Test
    void nothing_is_claimed_from_few_examples_or_at_a_bound() {
        assertEquals("Calibration and overfitting: not judged from 5 held-out examples; at least 30 are needed.",
                sentences(4, 1, 20).get(1));
        assertTrue(sentences(40, 1, 19.999).get(1).endsWith("no division of the logits, by 0.05 to 20.0, mends that."));
        assertTrue(sentences(40, 1, 1.5).get(1).endsWith("with logits divided by 1.50 it is right as often as it says."));
    }

    private static Optional<String> divergence(double... losses) {
        List<Point> curve = new ArrayList<>();
        for (double loss : losses) {
            curve.add(new Point(curve.size() + 1, loss, 0.5));
        }
        return new TrainingResult(losses.length, false, 1, 1, curve).divergence();
    }

    @Test
    void a_loss_that_grew_is_said() {
        assertEquals(Optional.of("the loss diverged: 1.78 at step 1, 4.80e+11 at step 4"), divergence(1.78, 1.4e7, 7e10, 4.8e11));
        assertTrue(divergence(2.3, 0.4, 5.1).isPresent());
        assertTrue(divergence(1.78, 2.1, 1.9).isEmpty());
        assertTrue(divergence(-100, -101, -99).isEmpty());
        assertTrue(divergence(1.78).isEmpty());
    }
}
