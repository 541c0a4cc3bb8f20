package dev.headstart.cli.terminal;

import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.TextWidth;
import dev.headstart.train.TrainingListener;
import java.io.Flushable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How far a run has come, shown while it runs: one line that is rewritten on a terminal, plain lines elsewhere.
///
/// ```
/// fine-tune  [######--------------]  1,200/4,000  loss 2.31  accuracy 31.2 %  5,120 samples/s  1 min 20 s left
/// ```
///
/// A run is one phase or several, one after the other: [#began], [#stepped] after every step, [#ended]. On a terminal the line changes ten
/// times a second at most, never wraps (the least important parts go first), and leaves one line behind when its phase is over. Elsewhere
/// a line comes at an interval of some seconds and at the end of the phase.
///
/// The loss shown is an exponential average over about 20 steps; samples per second and the time left come from the last 15 seconds.
/// A stream that cannot be written to is given up silently: a training must not end because nobody can watch it. For one thread.
public final class Progress implements TrainingListener {
    private static final long SECOND = 1_000_000_000L;
    private static final long REDRAW = SECOND / 10;
    private static final long MARK_EVERY = SECOND / 2;
    private static final long WINDOW = 15 * SECOND;
    private static final double SMOOTHING = 0.95;
    private static final int BAR = 20;

    private final @Nullable Appendable out;
    private final boolean terminal;
    private final int columns;
    private final long every;
    private final LongSupplier nanos;

    private boolean broken;
    private boolean running;
    private String phase = "";
    private long first;
    private long done;
    private long total;
    private long samples;
    private double lossSum;
    private double lossWeight;
    private final Map<String, String> metrics = new LinkedHashMap<>();
    private long started;
    private long drawn;
    private int drawnColumns;
    private final Deque<Mark> marks = new ArrayDeque<>();

    /// Where the run was at some time.
    private record Mark(long time, long done, long samples) {}

    private Progress(@Nullable Appendable out, boolean terminal, int columns, long every, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.every = every;
        this.nanos = nanos;
    }

    /// A line that is rewritten.
    ///
    /// @param out the terminal; flushed when it can be
    /// @param columns width of the terminal
    /// @param nanos a clock such as `System::nanoTime`
    public static Progress onTerminal(Appendable out, int columns, LongSupplier nanos) {
        return new Progress(out, true, Math.max(columns, 10), REDRAW, nanos);
    }

    /// Plain lines, for files and pipes.
    ///
    /// @param out where lines go; flushed when it can be
    /// @param seconds least time between two lines of a phase
    /// @param nanos a clock such as `System::nanoTime`
    public static Progress inLines(Appendable out, int seconds, LongSupplier nanos) {
        return new Progress(out, false, Integer.MAX_VALUE, seconds * SECOND, nanos);
    }

    /// Shows nothing.
    public static Progress silent() {
        return new Progress(null, false, Integer.MAX_VALUE, Long.MAX_VALUE, () -> 0);
    }

    /// The width to use, from the variable `COLUMNS` of the environment: 80 when it is missing or no sensible number.
    public static int columns(@Nullable String variable) {
        if (variable == null || !variable.matches("[0-9]{1,4}")) {
            return 80;
        }
        return Math.max(10, Integer.parseInt(variable));
    }

    /// A phase begins; one still running is finished first.
    @Override
    public void began(String name, long stepsDone, long steps) {
        ended();
        phase = name;
        first = stepsDone;
        done = stepsDone;
        total = steps;
        samples = 0;
        lossSum = 0;
        lossWeight = 0;
        metrics.clear();
        started = nanos.getAsLong();
        marks.clear();
        marks.add(new Mark(started, done, 0));
        running = true;
        drawn = started;
        if (terminal) {
            draw();
        }
    }

    @Override
    public void stepped(int examples, double loss) {
        if (!Double.isNaN(loss)) {
            lossSum = SMOOTHING * lossSum + (1 - SMOOTHING) * loss;
            lossWeight = SMOOTHING * lossWeight + (1 - SMOOTHING);
        }
        done++;
        samples += examples;
        tick();
    }

    /// Shows a metric from now on, a share as a percentage, another number as it is.
    @Override
    public void validated(String metric, double value) {
        noted(metric, Math.abs(value) <= 1 ? Numbers.percent(value) : Numbers.significant(value, 3));
    }

    @Override
    public void noted(String figure, String value) {
        metrics.put(figure, value);
        if (running) {
            tick();
        }
    }

    @Override
    public void warned(String message) {
        note(message);
    }

    /// Ends the phase with a line that stays: steps, time, last figures.
    @Override
    public void ended() {
        if (!running) {
            return;
        }
        running = false;
        erase();
        print(result() + "\n");
    }

    /// Ends the phase and leaves nothing of it on a terminal.
    @Override
    public void failed() {
        running = false;
        erase();
    }

    /// A line of its own that stays.
    public void note(String line) {
        erase();
        print(line + "\n");
        if (running && terminal) {
            draw();
        }
    }

    /// The loss, averaged over the last steps; NaN before the first.
    public double smoothedLoss() {
        return lossSum / lossWeight;
    }

    private void tick() {
        long now = nanos.getAsLong();
        if (now - marks.getLast().time >= MARK_EVERY) {
            marks.add(new Mark(now, done, samples));
            Mark oldest = marks.removeFirst();
            while (marks.size() > 1 && now - marks.getFirst().time >= WINDOW) {
                oldest = marks.removeFirst();
            }
            marks.addFirst(oldest);
        }
        if (now - drawn < every) {
            return;
        }
        drawn = now;
        if (terminal) {
            draw();
        } else {
            print(phase + ": " + String.join(", ", parts(now, count() + " steps")) + "\n");
        }
    }

    private void draw() {
        long now = nanos.getAsLong();
        String line = phase + "  " + bar() + "  " + String.join("  ", parts(now, count()));
        // Least important first: the bar, the speed, other figures; what then is too long loses its end.
        if (TextWidth.columns(line) >= columns) {
            List<String> parts = parts(now, count());
            parts.addFirst(phase);
            parts.removeIf(part -> part.endsWith(" samples/s"));
            while (parts.size() > 3 && TextWidth.columns(String.join("  ", parts)) >= columns) {
                parts.remove(parts.size() - 2);
            }
            line = TextWidth.cut(String.join("  ", parts), columns - 1);
        }
        line = TextWidth.printable(line);
        int width = TextWidth.columns(line);
        print("\r" + line + " ".repeat(Math.max(0, drawnColumns - width)));
        drawnColumns = width;
    }

    private void erase() {
        if (drawnColumns > 0) {
            print("\r" + " ".repeat(drawnColumns) + "\r");
            drawnColumns = 0;
        }
    }

    private String count() {
        return Numbers.count(done) + "/" + Numbers.count(total);
    }

    private String bar() {
        int full = total == 0 ? BAR : (int) Math.min(BAR, BAR * done / total);
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
    }

    private List<String> parts(long now, String count) {
        List<String> parts = figures(count);
        Mark from = marks.getFirst();
        double seconds = (now - from.time) / (double) SECOND;
        if (done > from.done && seconds > 0) {
            if (samples > from.samples) {
                parts.add(rate(samples - from.samples, seconds));
            }
            parts.add(Numbers.duration(Math.max(0, total - done) * seconds / (done - from.done)) + " left");
        }
        return parts;
    }

    private List<String> figures(String first) {
        List<String> parts = new ArrayList<>();
        parts.add(first);
        if (lossWeight > 0) {
            parts.add("loss " + Numbers.significant(smoothedLoss(), 3));
        }
        metrics.forEach((name, value) -> parts.add(name + " " + value));
        return parts;
    }

    private String result() {
        double seconds = (nanos.getAsLong() - started) / (double) SECOND;
        String steps = done < total
                ? "stopped at step " + Numbers.count(done) + " of " + Numbers.count(total)
                : Numbers.count(done - first) + (done - first == 1 ? " step" : " steps");
        List<String> parts = figures(steps + " in " + Numbers.duration(seconds));
        if (samples > 0 && seconds > 0) {
            parts.add(rate(samples, seconds));
        }
        return phase + ": " + String.join(", ", parts);
    }

    private static String rate(long samples, double seconds) {
        double rate = samples / seconds;
        return (rate < 100 ? Numbers.significant(rate, 3) : Numbers.count(Math.round(rate))) + " samples/s";
    }

    private void print(String text) {
        if (out == null || broken) {
            return;
        }
        try {
            out.append(text);
            if (out instanceof Flushable stream) {
                stream.flush();
            }
        } catch (IOException e) {
            broken = true;
        }
    }
}
