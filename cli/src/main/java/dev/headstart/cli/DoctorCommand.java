package dev.headstart.cli;

import dev.headstart.task.report.Version;
import dev.headstart.tensor.machine.Backend;
import dev.headstart.tensor.machine.SelfTest;
import dev.headstart.tensor.machine.SelfTest.Result;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart doctor`: what this machine and this Java give the engine. Fails when SIMD and scalar kernels differ in a bit.
@Command(name = "doctor", header = "Show what this machine gives the engine, and test SIMD against plain loops.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Backend backend = Backend.active();
        boolean simd = backend.vectorBits() > 0;
        line(out, "Headstart", "%s", Version.current());
        line(out, "Java", "%s, %s, %s", Runtime.version(), System.getProperty("java.vendor"), System.getProperty("java.vm.name"));
        line(out, "system", "%s, %s, %d processors", System.getProperty("os.name"), System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
        line(out, "kernels", "%s%s: %s", backend.name(), simd ? ", " + backend.vectorBits() + "-bit vectors" : "", backend.reason());
        line(out, "threads", "%d", main.threads());
        line(out, "heap", "at most %.1f GB", Runtime.getRuntime().maxMemory() / 1e9);
        out.printf(Locale.ROOT, "%nself-test on one thread, a few seconds …%n");
        out.flush();
        return report(SelfTest.run());
    }

    /// Prints the results of the self-test, and returns the exit code.
    private int report(List<Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%-36s %10s %10s %8s  %-9s%n", "", "scalar", "SIMD", "ratio", "same bits");
        for (Result r : results) {
            if (r.simd() == 0) {
                out.printf(Locale.ROOT, "%-36s %10.2f %10s %8s  %-9s %s%n", r.kernel(), r.scalar(), "-", "-", "-", r.unit());
            } else {
                out.printf(Locale.ROOT, "%-36s %10.2f %10.2f %8.2f  %-9s %s%n", r.kernel(), r.scalar(), r.simd(), r.ratio(),
                        r.sameBits() ? "yes" : "NO", r.unit());
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        if (results.stream().anyMatch(r -> r.simd() > 0 && r.ratio() < 1)) {
            err.println(
                    "headstart: SIMD is slower than plain loops here: is the compiler C2 switched off? --kernels scalar is then faster");
        }
        if (results.stream().allMatch(Result::sameBits)) {
            return 0;
        }
        err.println("headstart: SIMD and scalar kernels differ on this machine: use --kernels scalar, and please report this output");
        return 1;
    }

    private static void line(PrintWriter out, String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-10s ", name);
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
