package dev.headstart.examples;

import dev.headstart.nn.Sequential;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroups;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.tuning.RateFinder;
import java.io.PrintStream;
import java.util.stream.IntStream;

/// Learning rates: of each level, over the steps, and where to begin.
public final class RatesExample {
    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        Task task = Task.target(200, 5);
        Sequential network = Task.withHead(Task.pretrained(), task.classes(), 1);

        out.println("Each level has half the rate of the one above, and biases do not decay:");
        ParamGroups groups = ParamGroups.byDepth(network.parameters(), "4.**").rate(0.01).rateDecay(0.5).decay(0.1).withoutDecay("**.bias");
        groups.list().forEach(
                group -> out.printf("  %s: rate %s, decay %s%n", group.parameters().byName().keySet(), group.rate(), group.decay()));

        out.println("Factors of the rate over 100 steps:");
        tell(out, "warm-up and line", Schedule.linear(10, 100));
        tell(out, "warm-up and cosine", Schedule.cosine(10, 100, 0));
        tell(out, "slanted triangle", Schedule.slantedTriangular(100, 0.1, 32));
        tell(out, "one cycle", Schedule.oneCycle(100, 0.3));

        double before = loss(task, network);
        RateFinder found = RateFinder.run(task.objective(network), network.parameters(),
                schedule -> Adam.adamW(groups.rate(1).list(), schedule, 1),
                Batches.of(task.size(), task.size(), RandomStream.of(2)), 60, RandomStream.of(3));
        out.printf("The finder suggests %.1g after %d steps; the loss is %s%n", found.suggestion(), found.curve().size(),
                before == loss(task, network) ? "what it was: every weight is back" : "another");
        Task.trainer(task.objective(network), network.parameters(),
                Adam.adamW(groups.rate(found.suggestion()).list(), Schedule.constant(), 1), 200).run(30);
        out.printf("30 steps at this rate: loss %.3f, before %.3f%n", loss(task, network), before);
    }

    private static void tell(PrintStream out, String name, Schedule schedule) {
        out.printf("  %-18s", name);
        for (int step : new int[] {0, 9, 29, 50, 75, 99}) {
            out.printf("  step %d: %.3f", step, schedule.factor(step));
        }
        out.println();
    }

    private static double loss(Task task, Sequential network) {
        return task.objective(network).loss(IntStream.range(0, task.size()).toArray(), RandomStream.of(1)).value().item();
    }

    private RatesExample() {}
}
