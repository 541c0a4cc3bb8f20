package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private static final Shape LARGE = Shape.of(50, 60);
    private static final Tensor X = RandomStream.of(1).child("x").normal(LARGE, 0, 1);

    @Test
    void arrays_are_used_again_from_scope_to_scope() {
        Workspace workspace = new Workspace();
        List<float[]> first = arrays(workspace);
        List<float[]> second = arrays(workspace);
        assertNotSame(first.get(0), first.get(1), "two results of one scope");
        assertTrue(first.stream().anyMatch(array -> array == second.get(0)));
        assertTrue(first.stream().anyMatch(array -> array == second.get(1)));
        assertEquals(8L * LARGE.size(), workspace.bytes());
    }

    private static List<float[]> arrays(Workspace workspace) {
        return workspace.call(() -> {
            Tensor sum = X.plus(X);
            return List.of(sum.data(), sum.exp().data());
        });
    }

    @Test
    void a_result_that_leaves_the_scope_is_refused_and_a_copy_is_not() {
        Workspace workspace = new Workspace();
        List<Tensor> kept = new ArrayList<>();
        workspace.run(() -> {
            kept.add(X.plus(X));
            kept.add(kept.getFirst().reshape(60, 50).slice(0, 1, 2));
            kept.add(kept.getFirst().copy());
            kept.add(Tensor.full(LARGE, 2));
            kept.add(X.transpose(0, 1));
        });
        for (Tensor gone : kept.subList(0, 2)) {
            List<Runnable> uses = List.of(() -> gone.get(0, 0), gone::toArray, () -> gone.plus(gone), gone::exp, gone::sum, gone::copy);
            for (Runnable use : uses) {
                IllegalStateException e = assertThrows(IllegalStateException.class, use::run);
                assertTrue(e.toString().contains("after its scope has ended"), e.toString());
            }
        }
        assertTrue(kept.get(2).bitsEqual(X.plus(X)));
        assertEquals(2, kept.get(3).get(49, 59));
        assertTrue(kept.get(4).transpose(0, 1).bitsEqual(X));
    }

    @Test
    void a_failing_scope_gives_its_memory_back_too() {
        Workspace workspace = new Workspace();
        assertThrows(ShapeException.class, () -> workspace.run(() -> X.plus(X).matmul(X)));
        assertEquals(4L * LARGE.size(), workspace.bytes());
        assertSame(workspace.call(() -> X.plus(X).data()), workspace.call(() -> X.plus(X).data()));
    }

    @Test
    void it_serves_one_scope_at_a_time_and_others_within() {
        Workspace outer = new Workspace();
        Workspace inner = new Workspace();
        outer.run(() -> {
            Tensor doubled = X.plus(X);
            Tensor copy = inner.call(() -> doubled.times(doubled).copy());
            assertTrue(copy.bitsEqual(doubled.times(doubled)));
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> outer.run(() -> {}));
            assertTrue(e.toString().contains("in use already"), e.toString());
        });
    }

    @Test
    void it_does_not_hold_on_to_much_more_than_a_scope_needs() {
        Workspace workspace = new Workspace();
        for (int n = 1; n <= 300; n++) {
            Tensor x = Tensor.zeros(Shape.of(n, 1100));
            workspace.run(() -> x.plus(x).times(x));
        }
        assertTrue(workspace.bytes() <= 4L * 2 * 4 * 300 * 1100, workspace.bytes() + " bytes");
    }
}
