package dev.headstart.task.demo;

import dev.headstart.train.ModelSummary;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Estimate;
import java.util.List;
import java.util.Map;

/// Everything the demo found out: what the table, the report and `report.json` show.
///
/// @param settings sizes
/// @param seed seed of everything
/// @param newLanguages how many languages there are to learn
/// @param data what the data was, one fact each
/// @param pretraining how each pre-training went
/// @param arms accuracies
/// @param curves accuracy on new languages while fine-tuning everything
/// @param stepsToTarget steps until an arm is as good as random weights become
/// @param labelsToTarget labels per language until an arm is as good as random weights with most labels
/// @param secondsPerStep time of a fine-tuning step by mode
/// @param transfer what the transfer loaded
/// @param summary the classifier with its lower half frozen
/// @param weightsSha256 hashes of the weight files
/// @param seconds time of the whole demo
record DemoResult(DemoSettings settings, long seed, int newLanguages, Map<String, String> data, List<Pretraining> pretraining,
        List<Arm> arms,
        List<Curve> curves,
        Target stepsToTarget, Target labelsToTarget, Map<String, Double> secondsPerStep, String transfer, ModelSummary summary,
        Map<String, String> weightsSha256, double seconds) {
    /// One pre-training run.
    ///
    /// @param name what was learnt
    /// @param metric what the curve measures besides loss
    record Pretraining(String name, String metric, TrainingResult result, double seconds) {}

    /// One way to learn the new languages, with several seeds.
    ///
    /// @param pretraining `none`, `masked-lm`, `supervised`, `masked-lm+supervised`, or `shuffled`
    /// @param mode `full`, `half-frozen` or `probe`
    /// @param accuracy on the test strings, one for each seed
    record Arm(String pretraining, String mode, int labelsPerClass, List<Double> accuracy) {
        String name() {
            return pretraining + ", " + mode + ", " + labelsPerClass + " labels";
        }

        Estimate estimate() {
            return Estimate.meanAndDeviation(accuracy.stream().mapToDouble(Double::doubleValue).toArray());
        }

        double mean() {
            return accuracy.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        }
    }

    /// Accuracy after a number of steps, one list of accuracies (a seed each) for each of the steps.
    record Curve(String pretraining, List<Integer> steps, List<List<Double>> accuracy) {}

    /// An accuracy to reach, and what each kind of pre-training needed for it; NaN where it never got there.
    ///
    /// @param accuracy the accuracy that random weights reach
    /// @param needed by pre-training
    record Target(double accuracy, Map<String, Double> needed) {}

    /// The arm of these settings.
    Arm arm(String pretraining, String mode, int labels) {
        return arms.stream().filter(a -> a.pretraining.equals(pretraining) && a.mode.equals(mode) && a.labelsPerClass == labels).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no arm " + pretraining + ", " + mode + ", " + labels));
    }
}
