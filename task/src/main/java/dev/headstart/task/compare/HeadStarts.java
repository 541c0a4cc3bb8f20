package dev.headstart.task.compare;

import dev.headstart.io.json.Json;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Estimate;
import dev.headstart.train.measure.HeadStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What each variant gains over random weights, in the measures of Taylor and Stone 2009. Shuffled weights are the control: what they gain is
/// scale, not knowledge.
///
/// @param outcomes of all runs
/// @param noun what an example is
record HeadStarts(Outcomes outcomes, String noun) {
    private static final Plan.Variant RANDOM = new Plan.Variant(Initialization.RANDOM, TuningMode.FULL);

    private Plan plan() {
        return outcomes.plan();
    }

    /// Whether there are seeds enough to say anything.
    boolean canBeTold() {
        return plan().seeds() >= HeadStart.SEEDS;
    }

    private List<Plan.Variant> variants() {
        return plan().variants().stream().filter(variant -> !variant.equals(RANDOM)).toList();
    }

    private HeadStart of(Plan.Variant variant, int labels) {
        return HeadStart.compare(outcomes.of(variant, labels), outcomes.of(RANDOM, labels), target(labels));
    }

    /// The accuracy that random weights reach with every seed.
    private double target(int labels) {
        return outcomes.of(RANDOM, labels).stream().mapToDouble(TrainingResult::bestMetric).min().orElseThrow();
    }

    /// A table for each number of labels; none with too few seeds.
    List<Table> tables() {
        return canBeTold() ? plan().labels().stream().map(this::table).toList() : List.of();
    }

    private Table table(int labels) {
        double target = target(labels);
        Table table = new Table(
                String.format(Locale.ROOT, "Head start with %d %s per class, over random weights with the same seed", labels, noun))
                .left("start from").left("what is trained").right("first, points").right("best, points")
                .right("steps to " + Numbers.percent(target)).right("random: steps").left("helps");
        for (Plan.Variant variant : variants()) {
            HeadStart gain = of(variant, labels);
            table.row(variant.initialization() + " weights", variant.mode().toString(), points(gain.jumpStart()), points(gain.asymptote()),
                    steps(gain.stepsToTarget()), steps(gain.stepsWithout()), gain.helps() ? "yes" : "no");
        }
        return table;
    }

    /// How many times as many labels random weights need; of every variant, for what it reaches with the fewest.
    Table efficiency() {
        int few = plan().labels().getFirst();
        Table table = new Table(
                String.format(Locale.ROOT, "Label efficiency: as good with %d %s per class as random weights with so many", few, noun))
                .left("start from").left("what is trained").right(noun + " per class");
        for (Plan.Variant variant : variants()) {
            double times = efficiency(variant);
            table.row(variant.initialization() + " weights", variant.mode().toString(), Double.isInfinite(times)
                    ? "more than " + plan().labels().getLast()
                    : times <= 1 ? few + " or fewer" : Numbers.count(Math.round(times * few)));
        }
        return table;
    }

    private double efficiency(Plan.Variant variant) {
        return HeadStart.labelEfficiency(plan().labels().stream().mapToInt(Integer::intValue).toArray(), accuracies(variant),
                accuracies(RANDOM));
    }

    private double[] accuracies(Plan.Variant variant) {
        return plan().labels().stream().mapToDouble(labels -> outcomes.accuracy(variant, labels).mean()).toArray();
    }

    private static String points(Estimate gain) {
        String mean = (gain.mean() < 0 ? "" : "+") + Numbers.fixed(100 * gain.mean(), 1);
        return gain.hasSpread() ? mean + " ± " + Numbers.fixed(100 * (gain.high() - gain.mean()), 1) : mean;
    }

    private static String steps(Estimate steps) {
        return Double.isNaN(steps.mean())
                ? "not all"
                : Numbers.fixed(steps.mean(), 0) + (steps.hasSpread() ? " ± " + Numbers.fixed(steps.high() - steps.mean(), 0) : "");
    }

    /// All figures; null with too few seeds.
    Json json() {
        if (!canBeTold()) {
            return Json.Null.NULL;
        }
        List<Json> rows = new ArrayList<>();
        for (Plan.Variant variant : variants()) {
            for (int labels : plan().labels()) {
                HeadStart gain = of(variant, labels);
                rows.add(Json.object().put("start", variant.initialization().toString()).put("learning", variant.mode().toString())
                        .put("labelsPerClass", labels).put("jumpStart", json(gain.jumpStart())).put("asymptote", json(gain.asymptote()))
                        .put("target", gain.target()).put("stepsToTarget", json(gain.stepsToTarget()))
                        .put("stepsWithout", json(gain.stepsWithout())).put("helps", gain.helps())
                        .put("labelEfficiency", Json.numberOrNull(efficiency(variant))).build());
            }
        }
        return new Json.Arr(rows);
    }

    private static Json json(Estimate estimate) {
        return Json.object().put("mean", Json.numberOrNull(estimate.mean()))
                .put("deviation", Json.numberOrNull(estimate.high() - estimate.mean())).build();
    }
}
