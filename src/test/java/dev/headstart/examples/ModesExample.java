package dev.headstart.examples;

import dev.headstart.nn.Sequential;
import dev.headstart.optim.Adam;
import dev.headstart.optim.FineTuning;
import dev.headstart.optim.ParamGroups;
import dev.headstart.optim.Schedule;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// The modes of fine-tuning: which levels of a pre-trained network learn, and from when on. The target task has 30 examples.
public final class ModesExample {
    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        Map<String, FineTuning> modes = new LinkedHashMap<>();
        modes.put("the head alone", new FineTuning.FeatureExtraction());
        modes.put("the upper two levels", new FineTuning.Partial(2));
        modes.put("everything", new FineTuning.Full());
        modes.put("the head for 50 steps, then everything", new FineTuning.ProbeThenTune(50));
        modes.put("one level more every 40 steps", new FineTuning.Gradual(40));
        Sequential source = Task.pretrained();
        modes.forEach((name, mode) -> tell(out, name, source, mode));
        tell(out, "everything, from random weights", Task.network(8, 7), new FineTuning.Full());
    }

    private static void tell(PrintStream out, String name, Sequential source, FineTuning mode) {
        Task few = Task.target(30, 5);
        Sequential network = Task.withHead(source, few.classes(), 1);
        ParamGroups groups = ParamGroups.byDepth(network.parameters(), "4.**").rate(0.01).tuned(mode);
        Adam adam = Adam.adamW(groups.list(), Schedule.linear(10, 150), 1);
        long atFirst = network.parameters().trainable().count();
        Task.trainer(few.objective(network), network.parameters(), adam, few.size()).run(150);
        out.printf("%-40s %4d weights learn at first, %4d at the end, %.1f %% of unseen examples are right%n", name, atFirst,
                network.parameters().trainable().count(), 100 * Task.target(1000, 6).accuracy(network));
    }

    private ModesExample() {}
}
