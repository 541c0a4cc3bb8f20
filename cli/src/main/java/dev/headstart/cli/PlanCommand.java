package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.ExampleOptions;
import dev.headstart.cli.options.OptionNames;
import dev.headstart.cli.options.TuningOptions;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.FineTune;
import dev.headstart.task.report.RunReport;
import dev.headstart.train.ModelSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart plan`: what a fine-tuning would take, before it is begun.
@Command(name = "plan", header = "Say what a fine-tuning would take, in memory and time, before it is begun.", description = {
    "Takes the options of finetune, --out and what belongs to it aside. Opens the network",
    "and the examples, says what would be trained, from which step on and how fast, tries a",
    "batch of four, and estimates parameters, memory, and seconds per epoch. Nothing is",
    "written. Memory is that of weights, gradients, momenta and what is recorded for the",
    "backward pass; the time is rough, since small batches run slower.", "",
    "  headstart plan --from resnet50.safetensors --data pictures \\",
    "      --freeze 'layer[1-3].**'", ""})
final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ExampleOptions examples = new ExampleOptions();

    @Mixin
    private final TuningOptions tuning = new TuningOptions();

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec);
        examples.check(checks);
        tuning.check(checks, examples);
        return main.compute(this::plan);
    }

    private void plan() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        FineTune.Prepared run = tuning.applied(examples.open(), examples).seed(main.seed()).prepare();
        ModelSummary summary = run.summary();
        print.println(run.task().noun() + ": " + run.task().examples());
        print.println(run.task().source().transfer());
        print.println();
        print.println(TextTable.render(RunReport.summary(summary)));
        print.println(TextTable.render(run.levels()));
        print.println(run.economy(OptionNames::of));
        Stream.of(run.late()).filter(late -> !late.isEmpty()).forEach(print::println);
        print.println(run.plan());
        print.flush();
    }
}
