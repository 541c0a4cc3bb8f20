package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How work is spread. Nothing here depends on chance: where two threads must meet, they wait for each other.
@Timeout(60)
class WorkersTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    /// Fails unless every task is run exactly once.
    private static void assertEachOnce(Workers workers, int tasks) {
        AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, tasks));
        workers.forEach(tasks, runs::incrementAndGet);
        for (int i = 0; i < tasks; i++) {
            assertEquals(1, runs.get(i), "task " + i + " of " + tasks);
        }
    }

    /// The threads that run two tasks which wait for each other, the caller's among them.
    private static Collection<Thread> bothThreads(Workers workers) {
        CyclicBarrier meeting = new CyclicBarrier(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        workers.forEach(2, i -> {
            threads.add(Thread.currentThread());
            await(meeting);
        });
        return threads;
    }

    private static void await(CyclicBarrier meeting) {
        try {
            meeting.await(40, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread helper(Workers workers) {
        return bothThreads(workers).stream().filter(t -> t != Thread.currentThread()).findFirst().orElseThrow();
    }

    @Test
    void every_task_is_run_once() {
        for (int threads = 1; threads <= 4; threads++) {
            Workers workers = Workers.of(threads);
            for (int tasks = 0; tasks <= 40; tasks++) {
                assertEachOnce(workers, tasks);
            }
            assertEachOnce(workers, 10_000);
        }
    }

    @Test
    void many_short_regions_follow_each_other() {
        Workers workers = Workers.of(3);
        AtomicInteger runs = new AtomicInteger();
        for (int region = 0; region < 5_000; region++) {
            workers.forEach(5, i -> runs.incrementAndGet());
        }
        assertEquals(25_000, runs.get());
    }

    @Test
    void helpers_really_take_part_and_are_daemons() {
        Collection<Thread> threads = bothThreads(Workers.of(2));
        assertEquals(2, threads.size());
        assertTrue(threads.contains(Thread.currentThread()));
        Thread helper = threads.stream().filter(t -> t != Thread.currentThread()).findFirst().orElseThrow();
        assertEquals("headstart-worker-1", helper.getName());
        assertTrue(helper.isDaemon());
    }

    @Test
    void what_helpers_wrote_is_seen_by_the_caller() {
        Workers workers = Workers.of(3);
        for (int round = 1; round <= 500; round++) {
            int value = round;
            int[] plain = new int[64];
            workers.forEach(plain.length, i -> plain[i] = value);
            for (int seen : plain) {
                assertEquals(value, seen);
            }
        }
    }

    @Test
    void an_exception_reaches_the_caller_and_ends_the_region() {
        for (Workers workers : List.of(Workers.sequential(), Workers.of(3), Workers.on(Runnable::run, 2))) {
            AtomicInteger runs = new AtomicInteger();
            IllegalStateException thrown = new IllegalStateException("task 3");
            IntConsumer body = i -> {
                runs.incrementAndGet();
                if (i == 3) {
                    throw thrown;
                }
            };
            assertSame(thrown, assertThrows(IllegalStateException.class, () -> workers.forEach(1_000_000, body)));
            assertTrue(runs.get() < 1_000_000, "tasks not yet begun are dropped");
            assertEachOnce(workers, 50);
        }
    }

    @Test
    void an_exception_in_a_helper_reaches_the_caller() {
        Thread caller = Thread.currentThread();
        CyclicBarrier meeting = new CyclicBarrier(2);
        Workers workers = Workers.of(2);
        AssertionError error = assertThrows(AssertionError.class, () -> workers.forEach(2, i -> {
            await(meeting);
            if (Thread.currentThread() != caller) {
                throw new AssertionError("from the helper");
            }
        }));
        assertEquals("from the helper", error.getMessage());
        assertEachOnce(workers, 50);
    }

    @Test
    void a_region_within_a_region_is_done_by_its_caller() {
        Workers workers = Workers.of(3);
        AtomicIntegerArray runs = new AtomicIntegerArray(20 * 30);
        workers.run(() -> workers.forEach(20, outer -> {
            Thread thread = Thread.currentThread();
            workers.forEach(30, inner -> {
                assertSame(thread, Thread.currentThread());
                runs.incrementAndGet(outer * 30 + inner);
            });
            Workers.current().forEach(1, i -> assertSame(thread, Thread.currentThread()));
        }));
        for (int i = 0; i < runs.length(); i++) {
            assertEquals(1, runs.get(i));
        }
    }

    @Test
    void several_callers_may_use_one_instance() throws Exception {
        Workers workers = Workers.of(3);
        List<FutureTask<Integer>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            callers.add(new FutureTask<>(() -> {
                AtomicInteger runs = new AtomicInteger();
                for (int region = 0; region < 500; region++) {
                    workers.forEach(7, i -> runs.incrementAndGet());
                }
                return runs.get();
            }));
        }
        callers.forEach(task -> new Thread(task).start());
        for (FutureTask<Integer> caller : callers) {
            assertEquals(3_500, caller.get());
        }
    }

    @Test
    void a_second_caller_does_not_wait_for_the_first() {
        Workers workers = Workers.of(2);
        AtomicInteger second = new AtomicInteger();
        workers.forEach(2, i -> {
            if (i == 0) {
                FutureTask<Integer> other = new FutureTask<>(() -> {
                    workers.forEach(9, k -> second.incrementAndGet());
                    return 0;
                });
                new Thread(other).start();
                try {
                    assertEquals(0, other.get(40, TimeUnit.SECONDS));
                } catch (InterruptedException | ExecutionException | TimeoutException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertEquals(9, second.get());
    }

    @Test
    void an_executor_lends_its_threads() {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Workers workers = Workers.on(pool, 2);
            assertEquals(2, bothThreads(workers).size());
            assertEachOnce(workers, 1_000);
        }
    }

    @Test
    void an_executor_that_rejects_is_no_error() {
        AtomicInteger asked = new AtomicInteger();
        assertEachOnce(Workers.on(task -> {
            asked.incrementAndGet();
            throw new RejectedExecutionException("full");
        }, 4), 100);
        assertEquals(1, asked.get());
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            pool.shutdown();
            assertEachOnce(Workers.on(pool, 2), 100);
        }
    }

    @Test
    void an_executor_may_run_tasks_at_once_or_never_or_late() {
        assertEachOnce(Workers.on(Runnable::run, 4), 100);
        assertEachOnce(Workers.on(task -> {}, 4), 100);
        List<Runnable> late = new ArrayList<>();
        assertEachOnce(Workers.on(late::add, 4), 100);
        assertEquals(3, late.size());
        late.forEach(Runnable::run); // nothing is left to do
    }

    @Test
    void an_executor_is_asked_for_no_more_than_there_is_to_do() {
        AtomicInteger asked = new AtomicInteger();
        Workers workers = Workers.on(task -> asked.incrementAndGet(), 8);
        workers.forEach(3, i -> {});
        assertEquals(2, asked.get());
        workers.forEach(1, i -> {});
        assertEquals(2, asked.get());
    }

    @Test
    void a_busy_executor_is_asked_no_more_than_once_for_each_thread() {
        List<Runnable> queue = new ArrayList<>();
        Workers workers = Workers.on(queue::add, 4);
        for (int region = 0; region < 1_000; region++) {
            workers.forEach(100, i -> {});
        }
        assertEquals(3, queue.size());
        queue.removeFirst().run();
        workers.forEach(100, i -> {});
        assertEquals(3, queue.size(), "one has begun: one more is asked for");
    }

    @Test
    void what_waits_in_a_queue_holds_on_to_no_region() throws InterruptedException {
        List<Runnable> queue = new ArrayList<>();
        Workers workers = Workers.on(queue::add, 2);
        ReferenceQueue<float[]> unreachable = new ReferenceQueue<>();
        WeakReference<float[]> operand = regionOver(workers, unreachable);
        System.gc();
        assertNotNull(unreachable.remove(10_000));
        assertNull(operand.get());
        assertEquals(1, queue.size());
    }

    private static WeakReference<float[]> regionOver(Workers workers, ReferenceQueue<float[]> unreachable) {
        float[] operand = new float[10_000];
        workers.forEach(100, i -> operand[i] = i);
        return new WeakReference<>(operand, unreachable);
    }

    @Test
    void products_on_a_busy_pool_and_in_a_parallel_stream_let_go_of_their_operands() throws Exception {
        Tensor a = Tensor.ones(Shape.of(256, 256));
        CountDownLatch end = new CountDownLatch(1);
        try (ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>())) {
            pool.execute(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Workers workers = Workers.on(pool, 3);
            for (int i = 0; i < 200; i++) {
                assertEquals(256, workers.call(() -> a.matmul(a)).get(1, 1));
                assertTrue(pool.getQueue().size() <= 2);
            }
            end.countDown();
        }
        Workers common = Workers.on(ForkJoinPool.commonPool(), 3);
        assertTrue(IntStream.range(0, 200).parallel().allMatch(i -> common.call(() -> a.matmul(a)).get(1, 1) == 256));
        assertTrue(ForkJoinPool.commonPool().getQueuedSubmissionCount() <= 2);
    }

    @Test
    void an_executor_that_fails_is_heard_when_all_tasks_have_ended() {
        IllegalStateException thrown = new IllegalStateException("no executor");
        AtomicInteger runs = new AtomicInteger();
        Workers workers = Workers.on(task -> {
            throw thrown;
        }, 4);
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> workers.forEach(100, i -> runs.incrementAndGet())));
        assertEquals(100, runs.get());
        assertEachOnce(Workers.on(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, 4), 100);
    }

    @Test
    void helpers_leave_when_idle_and_come_back_when_needed() throws InterruptedException {
        Workers workers = Workers.of(2);
        Thread first = helper(workers);
        assertTrue(first.join(LONG), "an idle helper stays for ever");
        Thread second = helper(workers);
        assertFalse(first.equals(second));
        assertEachOnce(workers, 100);
    }

    @Test
    void a_call_scopes_the_workers() {
        Workers outer = Workers.of(2);
        Workers inner = Workers.on(Runnable::run, 3);
        assertSame(Workers.sequential(), Workers.current());
        int threads = outer.call(() -> {
            assertSame(outer, Workers.current());
            inner.run(() -> assertSame(inner, Workers.current()));
            assertSame(outer, Workers.current());
            return Workers.current().threads();
        });
        assertEquals(2, threads);
        assertSame(Workers.sequential(), Workers.current());
        assertThrows(IllegalStateException.class, () -> outer.run(() -> {
            throw new IllegalStateException("on purpose");
        }));
        assertSame(Workers.sequential(), Workers.current());
    }

    @Test
    void helpers_do_not_inherit_the_scope() {
        Workers workers = Workers.of(2);
        CyclicBarrier meeting = new CyclicBarrier(2);
        Thread caller = Thread.currentThread();
        workers.run(() -> workers.forEach(2, i -> {
            await(meeting);
            assertSame(Thread.currentThread() == caller ? workers : Workers.sequential(), Workers.current());
        }));
    }

    @Test
    void an_interrupt_before_a_region_is_kept() {
        Thread.currentThread().interrupt();
        try {
            assertEachOnce(Workers.of(3), 1_000);
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void an_interrupt_while_waiting_is_kept_and_drops_no_task() {
        Workers workers = Workers.of(2);
        Thread caller = Thread.currentThread();
        CyclicBarrier meeting = new CyclicBarrier(2);
        AtomicReference<Thread.State> seen = new AtomicReference<>();
        AtomicInteger ended = new AtomicInteger();
        boolean kept;
        try {
            workers.forEach(2, i -> {
                await(meeting);
                if (Thread.currentThread() != caller) {
                    while (caller.getState() != Thread.State.WAITING) { // until it has nothing left but to wait for this task
                        Thread.onSpinWait();
                    }
                    seen.set(caller.getState());
                    caller.interrupt();
                }
                ended.incrementAndGet();
            });
        } finally {
            kept = Thread.interrupted();
        }
        assertTrue(kept);
        assertEquals(2, ended.get());
        assertEquals(Thread.State.WAITING, seen.get());
    }

    @Test
    void one_thread_is_the_caller_s() {
        Thread caller = Thread.currentThread();
        Workers.of(1).forEach(100, i -> assertSame(caller, Thread.currentThread()));
        assertSame(Workers.sequential(), Workers.of(1));
        assertEquals(1, Workers.sequential().threads());
        assertEquals(5, Workers.of(5).threads());
    }

    @Test
    void no_threads_are_too_few() {
        assertEquals("workers: 0 threads: at least 1 is needed, the caller's",
                assertThrows(IllegalArgumentException.class, () -> Workers.of(0)).getMessage());
        assertEquals("workers: -1 threads: at least 1 is needed, the caller's",
                assertThrows(IllegalArgumentException.class, () -> Workers.on(Runnable::run, -1)).getMessage());
    }
}
