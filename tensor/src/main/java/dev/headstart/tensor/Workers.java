package dev.headstart.tensor;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// How work is spread over threads: threads of its own, the caller's executor, or none at all.
///
/// Work is a region of numbered tasks. The caller takes tasks too; whoever is free takes the next number, so which thread computes a task
/// is a matter of chance and what a task computes must not depend on it. How a region is cut is decided by shape alone.
///
/// Workers are *scoped*, not global: inside [#call] the engine's operators use them; outside any scope they run on the calling thread.
/// Nobody must close anything: own threads are daemons that leave when idle, and come back when needed. One instance may be used
/// by several threads at once: while a region runs, a second caller simply does its work alone.
///
/// ```java
/// Tensor c = Workers.of(4).call(() -> a.matmul(b));
/// ```
///
/// **How it works.** A region is published in a volatile field; idle threads spin on it for some [#SPIN_NANOS], because operators follow
/// each other within microseconds, then yield for as long as they were of use, but no more than [#YIELD_NANOS], then park. One atomic
/// counter hands out task numbers, another counts finished ones; the caller waits for the second. Nothing waits for a thread that took no
/// task.
public final class Workers {
    private static final long SPIN_NANOS = 40_000;

    /// Linux may wake a thread on the caller's own processor, where it waits for the next tick of the scheduler, 4 ms later. Threads that
    /// are still there need not be woken.
    private static final long YIELD_NANOS = 5_000_000;
    private static final long IDLE_NANOS = 1_000_000_000;
    private static final Workers SEQUENTIAL = new Workers(1, null);
    private static final ScopedValue<Workers> SCOPE = ScopedValue.newInstance();

    private final int threads;
    private final @Nullable Executor executor;
    private final ReentrantLock busy = new ReentrantLock();
    private final @Nullable Helper[] helpers;
    private final AtomicInteger queued = new AtomicInteger(); // handed to the executor, and not begun
    private volatile @Nullable Region region;

    private Workers(int threads, @Nullable Executor executor) {
        this.threads = threads;
        this.executor = executor;
        this.helpers = new Helper[executor == null ? threads - 1 : 0];
    }

    /// No threads: all work is done by the caller.
    public static Workers sequential() {
        return SEQUENTIAL;
    }

    /// The caller and `threads - 1` daemon threads.
    ///
    /// @throws IllegalArgumentException when threads is less than 1
    public static Workers of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("workers: " + threads + " threads: at least 1 is needed, the caller's");
        }
        return threads == 1 ? SEQUENTIAL : new Workers(threads, null);
    }

    /// The caller, and up to `threads - 1` tasks of an executor, which help with whatever region there is when they begin. No more than that
    /// wait in its queue, and they hold on to nothing that is computed. A rejected task is no error: the others do its work.
    public static Workers on(Executor executor, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("workers: " + threads + " threads: at least 1 is needed, the caller's");
        }
        return new Workers(threads, executor);
    }

    /// The workers of the innermost [#call] around this code, else [#sequential].
    public static Workers current() {
        return SCOPE.orElse(SEQUENTIAL);
    }

    /// How many threads may work at once, the caller's included.
    public int threads() {
        return threads;
    }

    /// Runs `body` with these workers as [#current]. What it throws comes out as it is.
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> body) throws X {
        return ScopedValue.where(SCOPE, this).call(body);
    }

    /// Runs `body` with these workers as [#current].
    public void run(Runnable body) {
        ScopedValue.where(SCOPE, this).run(body);
    }

    /// Runs `body` once for each number 0 ≤ i < tasks, in any order and on any thread, and returns when all have ended.
    /// When one throws, the tasks not yet begun are dropped and its exception is thrown here.
    public void forEach(int tasks, IntConsumer body) {
        if (tasks <= 1 || threads == 1 || !busy.tryLock()) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        try {
            if (busy.getHoldCount() > 1) { // a region within a region: its caller does it alone
                for (int i = 0; i < tasks; i++) {
                    body.accept(i);
                }
                return;
            }
            Region mine = new Region(tasks, body);
            run(mine, Math.min(threads, tasks) - 1);
            mine.rethrow();
        } finally {
            busy.unlock();
        }
    }

    /// Returns, also by an exception, only when all tasks have ended: what they write to is the caller's again.
    private void run(Region mine, int wanted) {
        region = mine;
        try {
            call(wanted);
        } catch (RejectedExecutionException | OutOfMemoryError e) { // the latter when there can be no more threads
            // whoever is there does the work
        } finally {
            mine.work();
            mine.await();
            region = null;
        }
    }

    private void call(int wanted) {
        if (executor == null) {
            callHelpers(wanted);
        } else {
            callExecutor(executor, wanted);
        }
    }

    /// Asks for no more than have not yet begun: a busy executor's queue does not grow from region to region.
    private void callExecutor(Executor executor, int wanted) {
        for (int i = queued.get(); i < wanted; i++) {
            queued.incrementAndGet();
            try {
                executor.execute(this::helpOut);
            } catch (Throwable e) {
                queued.decrementAndGet();
                throw e;
            }
        }
    }

    /// What an executor is handed: help with the region of the moment, of which there may be none any more. It holds on to no region.
    private void helpOut() {
        queued.decrementAndGet();
        Region now = region;
        if (now != null) {
            now.work();
        }
    }

    private void callHelpers(int wanted) {
        for (int i = 0; i < wanted; i++) {
            Helper helper = helpers[i];
            if (helper == null || !helper.wake()) {
                Helper fresh = new Helper(i);
                fresh.start();
                helpers[i] = fresh;
            }
        }
    }

    /// Waits a moment, busily at first; then so that a thread on the same processor can go on.
    @SuppressWarnings("ThreadPriorityCheck") // yielding is for speed alone
    private static void pause(long waited) {
        if (waited < SPIN_NANOS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /// Numbered tasks, handed out by one counter and counted back by another.
    private static final class Region {
        private final int tasks;
        private final IntConsumer body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final Thread caller = Thread.currentThread();
        private volatile @Nullable Throwable failure;

        Region(int tasks, IntConsumer body) {
            this.tasks = tasks;
            this.body = body;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        body.accept(i);
                    }
                } catch (Throwable e) {
                    failure = e;
                }
                if (ended.incrementAndGet() == tasks && Thread.currentThread() != caller) {
                    LockSupport.unpark(caller);
                }
            }
        }

        void await() {
            boolean interrupted = false;
            long start = System.nanoTime();
            while (ended.get() < tasks) {
                long waited = System.nanoTime() - start;
                if (waited < YIELD_NANOS) {
                    pause(waited);
                } else {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private enum Presence {
        AWAKE, PARKED, GONE
    }

    /// A daemon thread that works on whatever region is published, and leaves when there has been none for a while.
    private final class Helper extends Thread {
        private final AtomicReference<Presence> state = new AtomicReference<>(Presence.AWAKE);

        Helper(int index) {
            super("headstart-worker-" + (index + 1));
            setDaemon(true);
        }

        /// Makes sure the thread will look at the region now published; false when it has left for good.
        boolean wake() {
            if (state.compareAndSet(Presence.PARKED, Presence.AWAKE)) {
                LockSupport.unpark(this);
            }
            return state.get() != Presence.GONE;
        }

        @Override
        public void run() {
            Region last = null;
            long awakeSince = System.nanoTime();
            long idleSince = awakeSince;
            while (true) {
                Region now = region;
                if (now != null && now != last) {
                    now.work();
                    last = now;
                    idleSince = System.nanoTime();
                    continue;
                }
                long idle = System.nanoTime() - idleSince;
                if (idle < Math.clamp(idleSince - awakeSince, SPIN_NANOS, YIELD_NANOS)) { // no longer than it has been of use
                    pause(idle);
                } else {
                    last = null; // hold on to no finished work while asleep
                    if (!sleep()) {
                        return;
                    }
                    awakeSince = System.nanoTime();
                    idleSince = awakeSince;
                }
            }
        }

        /// Parks until woken; false when nobody called for a long time and the thread should end.
        private boolean sleep() {
            state.set(Presence.PARKED);
            if (region != null) { // published before it could see us parked
                state.compareAndSet(Presence.PARKED, Presence.AWAKE);
                return true;
            }
            long deadline = System.nanoTime() + IDLE_NANOS;
            while (state.get() == Presence.PARKED) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return !state.compareAndSet(Presence.PARKED, Presence.GONE);
                }
                LockSupport.parkNanos(Workers.this, left);
            }
            return true;
        }
    }
}
