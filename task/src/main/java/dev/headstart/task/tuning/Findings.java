package dev.headstart.task.tuning;

import dev.headstart.task.data.Evaluation;
import dev.headstart.task.report.Numbers;
import dev.headstart.train.measure.Calibration;
import dev.headstart.train.measure.Forgetting;
import dev.headstart.train.measure.Overfitting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How good a fine-tuned network is.
///
/// @param evaluation on the held-out examples
/// @param calibration on them
/// @param temperature by which logits must be divided to be right as often as they say, fitted on them
/// @param overfitting training and held-out accuracy over the run
/// @param forgetting of the task that the source was trained for; null where there are no examples of it
public record Findings(Evaluation evaluation, Calibration calibration, double temperature, Overfitting overfitting,
        @Nullable Forgetting forgetting) {
    private static final int LEAST_JUDGED = 30;

    /// A sentence for each finding besides the accuracy.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(evaluation.baseline());
        if (evaluation.count() < LEAST_JUDGED) {
            sentences.add("Calibration and overfitting: not judged from " + evaluation.count() + " held-out examples; at least "
                    + LEAST_JUDGED + " are needed.");
        } else {
            sentences.add(String.format(Locale.ROOT, "Calibration: its confidence is off by %s on average (ECE); %s.",
                    Numbers.percent(calibration.error()), scaling()));
            sentences.add("Overfitting: " + overfitting + ".");
        }
        if (forgetting != null) {
            sentences.add("Forgetting: " + forgetting + ".");
        }
        return sentences;
    }

    /// At a bound of the search, no temperature was found.
    private String scaling() {
        boolean atBound = temperature < Calibration.LEAST * 1.01 || temperature > Calibration.MOST / 1.01;
        return atBound
                ? "no division of the logits, by " + Calibration.LEAST + " to " + Numbers.significant(Calibration.MOST, 3) + ", mends that"
                : "with logits divided by " + Numbers.significant(temperature, 3) + " it is right as often as it says";
    }

    /// What was measured on examples that were not trained on, by name.
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", evaluation.accuracy());
        metrics.put("calibration error", calibration.error());
        metrics.put("temperature", temperature);
        if (forgetting != null) {
            metrics.put("accuracy on the old task", forgetting.accuracy()[1][0]);
            metrics.put("accuracy on the old task before", forgetting.accuracy()[0][0]);
        }
        return metrics;
    }
}
