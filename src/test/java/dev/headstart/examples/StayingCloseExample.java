package dev.headstart.examples;

import dev.headstart.nn.Sequential;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Objective;
import dev.headstart.train.tuning.Anchor;
import dev.headstart.train.tuning.Distillation;
import dev.headstart.train.tuning.Rehearsal;
import dev.headstart.train.tuning.Snapshot;
import dev.headstart.train.tuning.WeightAverage;
import java.io.PrintStream;
import java.util.stream.IntStream;

/// Learning something new without losing what was known: the same 8 classes from other instruments, of which every second is connected the wrong
/// way round.
public final class StayingCloseExample {
    private static final int STEPS = 100;

    private final Sequential source = Task.pretrained();
    private final Task old = Task.source(500, 11);
    private final Task fresh = Task.source(300, 12).turned();
    private final PrintStream out;

    private StayingCloseExample(PrintStream out) {
        this.out = out;
    }

    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        StayingCloseExample example = new StayingCloseExample(out);
        example.tell("before", example.source);
        example.fineTuned("nothing against it", (objective, network) -> objective);
        example.fineTuned("L2-SP", (objective, network) -> Anchor.l2sp(network.parameters(), 0.1).over(objective));
        example.fineTuned("EWC", example::consolidated);
        example.fineTuned("rehearsal of 50 old examples", example::rehearsed);
        example.fineTuned("distillation from the source", example::distilled);
        example.between();
        example.averaged();
    }

    /// What is added to the new task's objective.
    private interface Closeness {
        Objective of(Objective objective, Sequential network);
    }

    private void fineTuned(String name, Closeness closeness) {
        Sequential network = Task.copy(source);
        Task.learn(closeness.of(fresh.objective(network), network), network.parameters(), fresh.size(), STEPS);
        tell(name, network);
    }

    private Objective consolidated(Objective objective, Sequential network) {
        int[] some = IntStream.range(0, 200).toArray();
        return Anchor.ewc(network.parameters(), old.objective(network), some, 20, RandomStream.of(1)).over(objective);
    }

    private Objective rehearsed(Objective objective, Sequential network) {
        return new Rehearsal(objective, old.objective(network), IntStream.range(0, 50).toArray(), 20, 1);
    }

    /// The teacher is the source as it was: learning without forgetting.
    private Objective distilled(Objective objective, Sequential network) {
        return new Distillation((examples, random) -> network.forward(fresh.inputs(examples)),
                (examples, random) -> source.forward(fresh.inputs(examples)), fresh.labels(), 2, 0.25f);
    }

    /// WiSE-FT: no training, only weights between two models.
    private void between() {
        Sequential network = Task.copy(source);
        Task.learn(fresh.objective(network), network.parameters(), fresh.size(), STEPS);
        Snapshot tuned = Snapshot.of(network.parameters());
        Snapshot.of(source.parameters()).mix(tuned, 0.5, network.parameters());
        tell("half way (WiSE-FT)", network);
    }

    private void averaged() {
        Sequential network = Task.copy(source);
        WeightAverage average = WeightAverage.exponential(network.parameters(), 0.98);
        Task.trainer(fresh.objective(network), network.parameters(), Task.adam(network.parameters()), fresh.size())
                .afterEachStep(average::update)
                .run(STEPS);
        average.swap();
        tell("average over the steps (EMA)", network);
    }

    private void tell(String name, Sequential network) {
        out.printf("%-30s old task %5.1f %%, new task %5.1f %%, moved by %.2f%n", name, 100 * old.accuracy(network),
                100 * Task.source(500, 13).turned().accuracy(network), distance(network));
    }

    /// How far the weights are from the source's.
    private double distance(Sequential network) {
        return Math.sqrt(source.parameters().byName().entrySet().stream()
                .mapToDouble(e -> network.parameters().get(e.getKey()).value().minus(e.getValue().value()).sumOfSquares().item()).sum());
    }
}
