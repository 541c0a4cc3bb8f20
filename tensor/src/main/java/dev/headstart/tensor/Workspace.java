package dev.headstart.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Memory that is used again: results of operators inside [#call] take their arrays from here, and give them back when it ends.
///
/// A training step computes the same sizes again and again. Without a workspace each result is a new array, which the JVM fills with zeros
/// on the calling thread and the garbage collector moves about; with one, a step after the first few allocates next to nothing.
///
/// ```java
/// Workspace workspace = new Workspace();
/// for (int step = 0; step < steps; step++) {
///     workspace.run(() -> optimizer.step(model.forward(x).mean().backward()));
/// }
/// ```
///
/// Only operators' results live here. What a program makes by [Tensor#of], [Tensor#wrap], [Tensor#zeros], [Tensor#full] or [Tensor#copy],
/// and random tensors, are ordinary arrays and may leave the scope. A result that leaves it is refused when used: never wrong numbers.
/// Workspaces are speed, not duty: without one everything works, and the bits are the same.
///
/// A workspace serves one scope at a time. What it holds is at most [#MOST_IDLE] times what a scope has needed at once.
public final class Workspace {
    private static final ScopedValue<Workspace> SCOPE = ScopedValue.newInstance();

    /// Arrays shorter than this are made anew: cheaper than being looked up.
    private static final int SHORTEST = 1024;

    /// How many times as long as what it is used for an array may be.
    private static final int LONGEST = 2;

    private static final int MOST_IDLE = 3;

    private final TreeMap<Integer, ArrayDeque<float[]>> idle = new TreeMap<>();
    private final List<Storage> used = new ArrayList<>();
    private boolean open;
    private long idleFloats;
    private long usedFloats;
    private long mostUsedFloats;

    /// A workspace that holds nothing yet.
    public Workspace() {}

    /// Runs `body`, in which results of operators live in this workspace.
    ///
    /// @throws IllegalStateException when it is in use already
    public <T extends @Nullable Object> T call(Supplier<T> body) {
        enter();
        try {
            return ScopedValue.where(SCOPE, this).call(body::get);
        } finally {
            leave();
        }
    }

    /// Runs `body`, in which results of operators live in this workspace.
    ///
    /// @throws IllegalStateException when it is in use already
    public void run(Runnable body) {
        enter();
        try {
            ScopedValue.where(SCOPE, this).run(body);
        } finally {
            leave();
        }
    }

    /// Bytes held, in use or not.
    public synchronized long bytes() {
        return Float.BYTES * (idleFloats + usedFloats);
    }

    private synchronized void enter() {
        if (open) {
            throw new IllegalStateException("workspace: in use already: each thread, and each scope within a scope, needs its own");
        }
        open = true;
    }

    private synchronized void leave() {
        open = false;
        mostUsedFloats = Math.max(mostUsedFloats, usedFloats);
        if (idleFloats + usedFloats > MOST_IDLE * mostUsedFloats) {
            idle.clear();
            idleFloats = 0;
        }
        for (Storage storage : used) {
            float[] values = storage.release();
            assert spoil(values);
            idle.computeIfAbsent(values.length, length -> new ArrayDeque<>()).push(values);
            idleFloats += values.length;
        }
        used.clear();
        usedFloats = 0;
    }

    /// Makes it show in tests when something reads what it has not written.
    private static boolean spoil(float[] values) {
        Arrays.fill(values, Float.NaN);
        return true;
    }

    private synchronized Storage take(int size) {
        Map.Entry<Integer, ArrayDeque<float[]>> fitting = idle.ceilingEntry(size);
        Storage storage;
        if (fitting != null && fitting.getKey() <= (long) LONGEST * size) {
            storage = new Storage(fitting.getValue().pop(), true);
            idleFloats -= fitting.getKey();
            if (fitting.getValue().isEmpty()) {
                idle.remove(fitting.getKey());
            }
        } else {
            storage = new Storage(new float[size], true);
        }
        used.add(storage);
        usedFloats += storage.values().length;
        return storage;
    }

    /// A tensor whose elements may be anything: every one is to be written. In the current workspace, if there is one.
    static Tensor result(Shape shape) {
        if (shape.size() < SHORTEST || !SCOPE.isBound()) {
            return Tensor.zeros(shape);
        }
        return new Tensor(SCOPE.get().take(shape.size()), 0, shape, shape.contiguousStrides());
    }

    /// Zeros, in the current workspace, if there is one.
    static Tensor zeros(Shape shape) {
        Tensor zeros = result(shape);
        if (shape.size() >= SHORTEST && SCOPE.isBound()) {
            Arrays.fill(zeros.data(), 0, shape.size(), 0);
        }
        return zeros;
    }
}
