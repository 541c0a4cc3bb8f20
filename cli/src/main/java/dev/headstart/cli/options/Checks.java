package dev.headstart.cli.options;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Values of options that make no sense, reported as mistakes of the command line.
public final class Checks {
    private final CommandSpec spec;

    public Checks(CommandSpec spec) {
        this.spec = spec;
    }

    /// Refuses a number below a least one.
    public Checks atLeast(long least, String option, long value) {
        return must(value >= least, option + " is " + value + ": at least " + least + " is needed");
    }

    /// Refuses a learning rate that is none.
    public Checks rate(String option, double value) {
        return must(value > 0 && Double.isFinite(value), option + " is " + value + ": a positive number is needed");
    }

    /// Refuses a dropout that would leave nothing.
    Checks dropout(double value) {
        return must(value >= 0 && value < 1, "--dropout is " + value + ": it must be at least 0 and below 1");
    }

    /// Refuses whatever does not hold.
    public Checks must(boolean holds, String sentence) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
        return this;
    }
}
