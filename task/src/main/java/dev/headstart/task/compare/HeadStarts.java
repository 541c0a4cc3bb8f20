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

/// What each way gains over random weights, in the measures of Taylor and Stone 2009. Shuffled weights are the control: what they gain is
/// scale, not knowledge.
///
/// @param outcomes of all runs
/// @param noun what an example is
record HeadStarts(Outcomes outcomes, String noun) {
    private static final Plan.Way RANDOM = new Plan.Way(Initialization.RANDOM, TuningMode.FULL);

    private Plan plan() {
        return outcomes.plan();
    }

    /// Whether there are seeds enough to say anything.
    boolean canBeTold() {
        return plan().seeds() >= HeadStart.SEEDS;
    }

    private List<Plan.Way> ways() {
        return plan().ways().stream().filter(way -> !way.equals(RANDOM)).toList();
    }

    private HeadStart of(Plan.Way way, int labels) {
        return HeadStart.compare(outcomes.of(way, labels), outcomes.of(RANDOM, labels), target(labels));
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
        for (Plan.Way way : ways()) {
            HeadStart gain = of(way, labels);
            table.row(way.initialization() + " weights", way.mode().toString(), points(gain.jumpStart()), points(gain.asymptote()),
                    steps(gain.stepsToTarget()), steps(gain.stepsWithout()), gain.helps() ? "yes" : "no");
        }
        return table;
    }

    /// How many times as many labels random weights need; of every way, for what it reaches with the fewest.
    Table efficiency() {
        int few = plan().labels().getFirst();
        Table table = new Table(
                String.format(Locale.ROOT, "Label efficiency: as good with %d %s per class as random weights with so many", few, noun))
                .left("start from").left("what is trained").right(noun + " per class");
        for (Plan.Way way : ways()) {
            double times = efficiency(way);
            table.row(way.initialization() + " weights", way.mode().toString(), Double.isInfinite(times)
                    ? "more than " + plan().labels().getLast()
                    : times <= 1 ? few + " or fewer" : Numbers.count(Math.round(times * few)));
        }
        return table;
    }

    private double efficiency(Plan.Way way) {
        return HeadStart.labelEfficiency(plan().labels().stream().mapToInt(Integer::intValue).toArray(), accuracies(way),
                accuracies(RANDOM));
    }

    private double[] accuracies(Plan.Way way) {
        return plan().labels().stream().mapToDouble(labels -> outcomes.accuracy(way, labels).mean()).toArray();
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
        for (Plan.Way way : ways()) {
            for (int labels : plan().labels()) {
                HeadStart gain = of(way, labels);
                rows.add(Json.object().put("start", way.initialization().toString()).put("learning", way.mode().toString())
                        .put("labelsPerClass", labels).put("jumpStart", json(gain.jumpStart())).put("asymptote", json(gain.asymptote()))
                        .put("target", gain.target()).put("stepsToTarget", json(gain.stepsToTarget()))
                        .put("stepsWithout", json(gain.stepsWithout())).put("helps", gain.helps())
                        .put("labelEfficiency", Json.numberOrNull(efficiency(way))).build());
            }
        }
        return new Json.Arr(rows);
    }

    private static Json json(Estimate estimate) {
        return Json.object().put("mean", Json.numberOrNull(estimate.mean()))
                .put("deviation", Json.numberOrNull(estimate.high() - estimate.mean())).build();
    }
}
