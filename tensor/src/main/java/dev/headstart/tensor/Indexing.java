package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Gather;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.choice.KernelChoice;

/// Gathering, scattering, joining: operators that move elements.
final class Indexing {
    private static final Gather KERNEL = KernelChoice.ACTIVE.gather();
    private static final int COLUMNS_PER_TASK = 64;

    private Indexing() {}

    static Tensor gatherRows(Tensor table, Indices ids) {
        Shape shape = Shapes.gatherRows(table.shape(), ids);
        Tensor source = table.contiguous();
        int n = table.dim(1);
        Tensor result = Workspace.result(shape);
        Runs.forEachRow(ids.size(), n,
                (from, to) -> KERNEL.gatherRows(source.elements(0), ids.array(), from, to - from, n, result.elements(from * n)));
        return result;
    }

    static Tensor scatterAddRows(Tensor x, Indices ids, Shape table) {
        Shapes.same("scatterAddRows", Shapes.gatherRows(table, ids), x.shape());
        Tensor source = x.contiguous();
        Tensor result = Workspace.zeros(table);
        scatter(source, withoutFrequent(source, ids.array(), result), result);
        return result;
    }

    /// A row of the table that gets more than [Gemm#K_BLOCK] rows is their sum in parts: a chain for as many of them each, and the chains meet
    /// in the tree of a reduction. Those are done here.
    ///
    /// @return the ids, negative where they are done
    private static int[] withoutFrequent(Tensor x, int[] ids, Tensor table) {
        int[] counts = new int[table.dim(0)];
        for (int id : ids) {
            counts[id]++;
        }
        int[] first = new int[counts.length]; // part of each frequent id
        int parts = 0;
        for (int id = 0; id < counts.length; id++) {
            first[id] = parts;
            parts += counts[id] > Gemm.K_BLOCK ? Math.ceilDiv(counts[id], Gemm.K_BLOCK) : 0;
        }
        if (parts == 0) {
            return ids;
        }
        int[] rest = ids.clone();
        int[] partOf = new int[ids.length];
        int[] seen = new int[counts.length];
        for (int row = 0; row < ids.length; row++) {
            int id = ids[row];
            boolean frequent = counts[id] > Gemm.K_BLOCK;
            partOf[row] = frequent ? first[id] + seen[id]++ / Gemm.K_BLOCK : -1;
            rest[row] = frequent ? -1 : id;
        }
        Tensor sums = Workspace.zeros(Shape.of(parts, table.dim(1)));
        scatter(x, partOf, sums);
        for (int id = 0; id < counts.length; id++) {
            if (counts[id] > Gemm.K_BLOCK) {
                Tensor own = sums.slice(0, first[id], first[id] + Math.ceilDiv(counts[id], Gemm.K_BLOCK));
                table.slice(0, id, id + 1).copyInPlace(own.sum(0).reshape(1, table.dim(1)));
            }
        }
        return rest;
    }

    private static void scatter(Tensor x, int[] ids, Tensor table) {
        int n = table.dim(1);
        int columns = x.size() <= Runs.TASK ? Math.max(1, n) : COLUMNS_PER_TASK; // each column is one task's, so ids may repeat
        Workers.current().forEach((n + columns - 1) / columns,
                task -> KERNEL.scatterAddRows(x.elements(0), ids, 0, ids.length, n,
                        task * columns, Math.min(n, (task + 1) * columns), table.elements(0)));
    }

    static Tensor pick(Tensor x, Indices indices) {
        Shape shape = Shapes.pick("pick", x.shape(), indices);
        Tensor source = x.contiguous();
        int n = x.dim(-1);
        Tensor result = Workspace.result(shape);
        float[] y = result.data();
        for (int row = 0; row < shape.size(); row++) {
            int i = indices.at(row);
            y[row] = i < 0 ? 0 : source.data()[source.offset + row * n + i];
        }
        return result;
    }

    static Tensor place(Tensor x, Indices indices, int n) {
        Shapes.same("place", x.shape(), indices.shape());
        int[] dims = java.util.Arrays.copyOf(x.shape().dims(), x.rank() + 1);
        dims[x.rank()] = n;
        Shape shape = Shape.of(dims);
        Shapes.pick("place", shape, indices);
        Tensor source = x.contiguous();
        Tensor result = Workspace.zeros(shape);
        float[] y = result.data();
        for (int row = 0; row < x.size(); row++) {
            int i = indices.at(row);
            if (i >= 0) {
                y[row * n + i] = source.data()[source.offset + row];
            }
        }
        return result;
    }

    static Tensor concat(int axis, Tensor... parts) {
        Shape[] shapes = new Shape[parts.length];
        for (int i = 0; i < parts.length; i++) {
            shapes[i] = parts[i].shape();
        }
        Shape shape = Shapes.concat(axis, shapes);
        int at = shape.axis(axis);
        int outer = 1;
        for (int i = 0; i < at; i++) {
            outer *= shape.dim(i);
        }
        int rowLength = outer == 0 ? 0 : shape.size() / outer;
        Tensor result = Workspace.result(shape);
        float[] y = result.data();
        int start = 0;
        for (Tensor part : parts) {
            Tensor source = part.contiguous();
            int length = outer == 0 ? 0 : part.size() / outer;
            for (int o = 0; o < outer; o++) {
                System.arraycopy(source.data(), source.offset + o * length, y, o * rowLength + start, length);
            }
            start += length;
        }
        return result;
    }
}
