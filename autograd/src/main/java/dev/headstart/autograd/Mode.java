package dev.headstart.autograd;

import dev.headstart.tensor.RandomStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a forward pass is for, scoped to a piece of code on one thread: training (dropout is active, with its own random stream), inference
/// (nothing is recorded), or, outside any scope, plain computation (recorded, dropout off).
///
/// ```java
/// Variable loss = Mode.training(random.child(step), () -> model.forward(x));
/// Variable y = Mode.inference(() -> model.forward(x));
/// ```
public final class Mode {
    private static final ScopedValue<Mode> SCOPE = ScopedValue.newInstance();
    private static final Mode PLAIN = new Mode(null, true, false, 0, null);

    private final @Nullable RandomStream random;
    private final boolean recording;
    private final boolean repeating;
    private final @Nullable Trace trace;
    private long streams;

    private Mode(@Nullable RandomStream random, boolean recording, boolean repeating, long streams, @Nullable Trace trace) {
        this.random = random;
        this.recording = recording;
        this.repeating = repeating;
        this.streams = streams;
        this.trace = trace;
    }

    /// Runs `body` in training mode: dropout takes its streams from `random`, in the order in which it is called.
    public static <T> T training(RandomStream random, Supplier<T> body) {
        return current().within(random, true).call(body);
    }

    /// Runs `body` without recording: results are constants.
    public static <T> T inference(Supplier<T> body) {
        return current().within(null, false).call(body);
    }

    /// Runs `body` as outside training: dropout is off and running statistics are used, not moved. It is recorded where the code around is.
    public static <T> T evaluation(Supplier<T> body) {
        return current().within(null, current().recording).call(body);
    }

    /// A mode for a scope within this one.
    private Mode within(@Nullable RandomStream random, boolean recording) {
        return new Mode(random, recording, repeating, 0, trace);
    }

    /// The mode around this code.
    public static Mode current() {
        return SCOPE.orElse(PLAIN);
    }

    /// Whether dropout and the like are active.
    public boolean isTraining() {
        return random != null;
    }

    /// Whether operators on trainable inputs are recorded.
    public boolean isRecording() {
        return recording;
    }

    /// Whether what runs has run before, see [Recompute]: running statistics have been moved then.
    public boolean isRepeating() {
        return repeating;
    }

    /// A random stream of its own for each caller within a training scope.
    ///
    /// @throws IllegalStateException outside training
    public RandomStream nextStream() {
        if (random == null) {
            throw new IllegalStateException("mode: random streams belong to training: use Mode.training");
        }
        return random.child(streams++);
    }

    /// Runs `body` as this very mode.
    public <T> T call(Supplier<T> body) {
        return ScopedValue.where(SCOPE, this).call(body::get);
    }

    /// This mode with its random streams as they stand now: running in it repeats what comes next here.
    public Mode fork() {
        return new Mode(random, recording, repeating, streams, trace);
    }

    /// [#fork], to run again what has run.
    public Mode repeat() {
        return new Mode(random, recording, true, streams, trace);
    }

    /// [#repeat], with the values of what is recorded kept.
    Mode traced(Trace trace) {
        return new Mode(random, recording, true, streams, trace);
    }

    /// A result, entered into the trace if there is one.
    Result recorded(Result result, Variable... inputs) {
        if (trace != null) {
            trace.add(result.node(), new Trace.Step(result.op(), result.value(), List.of(inputs)));
        }
        return result;
    }
}
