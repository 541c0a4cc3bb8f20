package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.nn.Parts;
import dev.headstart.nn.transfer.TransferException;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.Layout;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedTest {
    @TempDir
    private Path folder;

    private final AtomicInteger drawn = new AtomicInteger();
    private final Model model = new Model(parameter(2, 3, 3, 4), parameter(5, 2), parameter(7, 5));

    private Parameter parameter(int... dims) {
        return Parameter.of(Shape.of(dims), () -> {
            drawn.incrementAndGet();
            return Tensor.zeros(Shape.of(dims));
        });
    }

    /// A convolution, a published transposed matrix, and a table whose name in older files is another and which is tied to `head.weight`.
    private record Model(Parameter conv, Parameter dense, Parameter table) implements Published {
        @Override
        public String architecture() {
            return "Model";
        }

        @Override
        public Function<String, Layout> layouts() {
            return name -> name.endsWith("conv") ? Layout.OIHW : name.endsWith("dense") ? Layout.IN_OUT : Layout.AS_IS;
        }

        @Override
        public Map<String, String> aliases() {
            return Map.of("head", "base.table");
        }

        @Override
        public String prefix() {
            return "base.";
        }

        @Override
        public String modern(String name) {
            return name.replace("lookup", "table");
        }

        @Override
        public boolean ignores(String name) {
            return name.endsWith("position_ids");
        }

        @Override
        public Parts parts() {
            Parts base = Parts.none().with("conv", conv).with("dense", dense).with("table", table);
            return Parts.none().with("base", () -> base);
        }
    }

    private static Tensor random(String name, int... dims) {
        return RandomStream.of(3).child(name).normal(Shape.of(dims), 0, 1);
    }

    private final Tensor conv = random("conv", 2, 4, 3, 3);
    private final Tensor dense = random("dense", 2, 5);
    private final Tensor table = random("table", 7, 5);

    private Weights file(Object... namesAndTensors) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            tensors.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
        }
        Path path = folder.resolve("model.safetensors");
        SafeTensors.write(path, tensors);
        return Weights.open(path);
    }

    private void assertLoaded(TransferReport report) {
        assertEquals("loaded 3 tensors (117 numbers), missing 0, unexpected 0, mismatched 0", report.summary());
        assertTrue(model.conv.value().bitsEqual(conv.permute(0, 2, 3, 1)));
        assertTrue(model.dense.value().bitsEqual(dense.permute(1, 0)));
        assertTrue(model.table.value().bitsEqual(table));
    }

    @Test
    void published_layouts_become_ours_and_nothing_is_drawn() throws IOException {
        assertLoaded(model.load(file("base.conv", conv, "base.dense", dense, "base.table", table)));
        assertEquals(0, drawn.get());
    }

    @Test
    void wrappers_prefixes_old_names_and_ignored_tensors_are_understood() throws IOException {
        assertLoaded(model.load(file("module.conv", conv, "module.base.dense", dense, "module.lookup", table, "module.position_ids",
                Tensor.zeros(Shape.of(1, 9)))));
    }

    @Test
    void a_tied_parameter_may_be_there_under_its_other_name_or_under_both() throws IOException {
        assertLoaded(model.load(file("base.conv", conv, "base.dense", dense, "head", table)));
        assertLoaded(model.load(file("base.conv", conv, "base.dense", dense, "head", table, "base.table", table)));
        Weights different = file("base.conv", conv, "base.dense", dense, "head", table.times(2), "base.table", table);
        IOException e = assertThrows(IOException.class, () -> model.load(different));
        assertEquals("load " + different.file() + " into Model: head and base.table differ: they are one parameter of this model",
                e.getMessage());
    }

    @Test
    void what_does_not_fit_is_told_in_published_shapes_and_nothing_is_read_or_changed() throws IOException {
        Weights file = file("base.conv", random("x", 2, 3, 4, 3), "base.dense", dense, "more", table);
        try (FileChannel channel = FileChannel.open(file.file(), StandardOpenOption.READ)) {
            assertTrue(channel.size() > 0);
        }
        TransferException e = assertThrows(TransferException.class, () -> model.load(file));
        assertEquals("load " + file.file() + " into Model: missing base.table; unexpected more; base.conv is [2, 3, 4, 3] in the file, "
                + "[2, 4, 3, 3] in the layer", e.getMessage());
        assertEquals(0, drawn.get());
        model.dense.value();
        assertEquals(1, drawn.get(), "the parameter is still without values");
    }

    @Test
    void exceptions_are_possible() throws IOException {
        TransferReport report = model.load(file("base.conv", conv, "other", table),
                t -> t.allowMissing("base.{dense,table}").allowUnexpected("other"));
        assertEquals(1, report.loaded().size());
        assertEquals(Shape.of(2, 4, 3, 3), report.loaded().getFirst().shape());
    }

    @Test
    void values_that_were_asked_for_are_replaced_in_place() throws IOException {
        Tensor before = model.table.value();
        assertLoaded(model.load(file("base.conv", conv, "base.dense", dense, "base.table", table)));
        assertSame(before, model.table.value());
    }

    @Test
    void exported_tensors_have_published_names_layouts_and_aliases() throws IOException {
        model.load(file("base.conv", conv, "base.dense", dense, "base.table", table));
        Map<String, Tensor> exported = model.export();
        assertEquals(java.util.Set.of("base.conv", "base.dense", "base.table", "head"), exported.keySet());
        assertTrue(conv.bitsEqual(exported.getOrDefault("base.conv", table)));
        assertTrue(dense.bitsEqual(exported.getOrDefault("base.dense", table)));
        assertTrue(table.bitsEqual(exported.getOrDefault("head", conv)));
        assertFalse(exported.isEmpty());
    }

    @Test
    void layouts_are_undone_by_their_reverse() {
        for (Layout layout : Layout.values()) {
            Tensor published = switch (layout) {
                case IN_OUT -> random("m", 3, 4);
                case OIW, WIO -> random("s", 2, 3, 4);
                case AS_IS, OIHW, HWIO, HWIM -> random("c", 2, 3, 4, 5);
            };
            Tensor ours = layout.toOurs(published);
            assertEquals(ours.shape(), layout.toOurs(published.shape()));
            assertEquals(published.shape(), layout.toPublished(ours.shape()));
            assertTrue(published.bitsEqual(layout.toPublished(ours)), layout.name());
        }
        assertEquals(Shape.of(4, 2, 3, 5), Layout.HWIM.toOurs(Shape.of(2, 3, 4, 5)));
        assertEquals(Shape.of(5, 2, 3, 4), Layout.HWIO.toOurs(Shape.of(2, 3, 4, 5)));
        assertEquals(Shape.of(2, 4, 3), Layout.OIW.toOurs(Shape.of(2, 3, 4)));
        assertEquals(Shape.of(4, 2, 3), Layout.WIO.toOurs(Shape.of(2, 3, 4)));
        assertEquals(Shape.of(2, 4, 5, 3), Layout.OIHW.toOurs(Shape.of(2, 3, 4, 5)));
    }
}
