package dev.headstart.task.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.terminal.TextTable;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The report's figures, from curves that are made up so that the figures are known.
class HeadStartsTest {
    private static Plan plan(int seeds) {
        return new Plan(List.of(TuningMode.FULL), List.of(10, 50), seeds, 20, 8, 2, 1, 1, 1, List.of(), 1, 1);
    }

    /// Pre-trained weights gain `gain` at each point over random ones, shuffled ones nothing; 50 labels are worth 0.2 more than 10.
    private static ComparisonReport report(int seeds, double gain) {
        Plan plan = plan(seeds);
        List<Outcome> outcomes = new ArrayList<>();
        for (Outcome.Run run : plan.runs()) {
            double base = 0.4 + (run.labels() == 50 ? 0.2 : 0) + 0.01 * run.seed()
                    + (run.variant().initialization() == Initialization.PRETRAINED ? gain : 0);
            outcomes.add(new Outcome(run, new TrainingResult(20, false, 20, 0.5, List.of(new TrainingResult.Point(10, 1, base - 0.1),
                    new TrainingResult.Point(20, 1, base)))));
        }
        return new ComparisonReport(new Outcomes(plan, outcomes), "images", 2, Map.of());
    }

    private static Json.Obj row(Json.Obj report, int number) throws JsonException {
        return (Json.Obj) report.array("headStart").get(number);
    }

    @Test
    void gains_are_those_over_random_weights_of_the_same_seed() throws JsonException {
        Json.Obj gained = row(report(5, 0.3).json(), 0);
        assertEquals(0.3, gained.object("jumpStart").number("mean"), 1e-12);
        assertEquals(0, gained.object("jumpStart").number("deviation"), 1e-12);
        assertEquals(0.3, gained.object("asymptote").number("mean"), 1e-12);
        assertEquals(10, gained.object("stepsToTarget").number("mean"));
        assertEquals(0.4, gained.number("target"), 1e-12, "what the worst of the random runs reaches");
        assertEquals(20, gained.object("stepsWithout").number("mean"));
        assertTrue(gained.bool("helps"));
        assertEquals("shuffled", row(report(5, 0.3).json(), 2).string("start"));
        assertFalse(row(report(5, 0.3).json(), 2).bool("helps"), "the control gains nothing");
    }

    @Test
    void a_loss_is_said_to_be_one() throws JsonException {
        ComparisonReport report = report(5, -0.2);
        assertFalse(row(report.json(), 0).bool("helps"));
        assertTrue(report.headline().contains("the head start harms"), report.headline());
        assertEquals(2, report.headline().lines().count(), "a sentence for each number of labels");
    }

    @Test
    void label_efficiency_lies_on_the_line_between_numbers_of_labels() {
        String tables = report(5, 0.1).tables().stream().map(TextTable::render).collect(Collectors.joining("\n"));
        assertTrue(tables.contains("pre-trained weights  everything") && tables.contains("30"), tables); // 10 + half of the way to 50
    }

    @Test
    void fewer_than_five_seeds_tell_nothing() throws JsonException {
        assertEquals(Json.Null.NULL, report(4, 0.3).json().get("headStart"));
        assertTrue(report(4, 0.3).headline().contains("too few seeds to tell"), report(4, 0.3).headline());
        assertTrue(report(5, 0.3).headline().contains("the head start helps"), report(5, 0.3).headline());
        assertTrue(report(4, 0.3).tables().stream().map(TextTable::render).noneMatch(table -> table.contains("Head start with")));
        assertTrue(report(5, 0.3).tables().stream().map(TextTable::render).anyMatch(table -> table.contains("Head start with 10 images")));
    }
}
