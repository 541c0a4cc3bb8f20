package dev.headstart.examples;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.Sequential;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.train.tuning.Snapshot;
import java.io.PrintStream;
import java.util.List;

/// Freezing: layers that are to stay as they are, by pattern.
public final class FreezingExample {
    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        Task task = Task.target(200, 5);
        Sequential network = Task.withHead(Task.pretrained(), task.classes(), 1);
        Parameters parameters = network.parameters();

        parameters.select("0.**").freeze(); // or the other way round: parameters.only("2.**", "4.**")
        out.println("learns: " + parameters.trainable().byName().keySet());

        Snapshot before = Snapshot.of(parameters);
        Adam adam = Adam.adamW(List.of(ParamGroup.of(parameters).rate(0.01).decay(0.1)), Schedule.constant(), 1);
        Task.trainer(task.objective(network), parameters, adam, task.size()).run(50);
        before.values().forEach((name, value) -> out
                .println(name + (value.bitsEqual(parameters.get(name).value()) ? " has the bits it had" : " has moved")));
        out.println("the optimiser has state for " + adam.state().slotSteps().size() + " of " + parameters.size() + " parameters");

        parameters.unfreeze(); // in the middle of a run, too
        Task.trainer(task.objective(network), parameters, adam, task.size()).run(10);
        out.println("unfrozen, 0.weight " + (before.value("0.weight").bitsEqual(parameters.get("0.weight").value()) ? "stays" : "moves"));

        try {
            parameters.select("layer.**").freeze();
        } catch (IllegalArgumentException e) {
            out.println("a slip is an error: " + e.getMessage());
        }
    }

    private FreezingExample() {}
}
