package dev.headstart.cli;

import dev.headstart.task.StoppedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Whether a training is asked to stop, by Ctrl-C (SIGINT) or by SIGTERM; it does so after the step it is in.
///
/// Java has no signals, but it has hooks that run before the process ends. The hook asks, and waits until the training has saved its
/// checkpoint and [#over] was called. Then the process ends with 128 and the signal's number: 130 for SIGINT, 143 for SIGTERM. A second
/// signal ends it at once: the JVM starts a thread for each, with a name by which the hook knows them. Before [#listen] a signal ends the
/// process as usual.
final class StopRequest {
    /// Exit code of a training that was stopped by SIGINT.
    static final int EXIT_CODE = 130;

    private static final int LONGEST_WAIT = 10 * 60;

    private final BooleanSupplier also;
    private final boolean signals;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);

    private StopRequest(BooleanSupplier also, boolean signals) {
        this.also = also;
        this.signals = signals;
    }

    /// Asked by the signals of this process.
    static StopRequest bySignals() {
        return new StopRequest(() -> false, true);
    }

    /// Asked when this says so.
    static StopRequest when(BooleanSupplier asked) {
        return new StopRequest(asked, false);
    }

    /// From now on signals are requests.
    ///
    /// @return whether the training should stop
    BooleanSupplier listen() {
        if (signals && listening.compareAndSet(false, true)) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::ask, "stop request"));
            System.err.println("Ctrl-C stops after a step, saves it, and says how to go on; a second one ends at once.");
        }
        return () -> asked.get() || also.getAsBoolean();
    }

    /// What a command says when its run was stopped: how to resume it.
    static Stopped stopped(StoppedException e, String command) {
        return new Stopped("stopped after step " + e.step() + " of " + e.steps() + "; go on with: headstart " + command + " --resume "
                + quoted(String.valueOf(e.folder())));
    }

    /// A training was stopped; the message says how to go on.
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped(String message) {
            super(message);
        }
    }

    /// The command has done everything: whoever waits may end the process.
    void over() {
        over.countDown();
    }

    private void ask() {
        asked.set(true);
        try {
            for (int i = 0; i < 10 * LONGEST_WAIT && !over.await(100, TimeUnit.MILLISECONDS); i++) {
                if (signalsSeen() > 1) {
                    Runtime.getRuntime().halt(EXIT_CODE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long signalsSeen() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().matches("SIG[A-Z]+ handler")).count();
    }

    private static String quoted(String path) {
        return path.matches("[\\p{L}\\p{N}._/+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
