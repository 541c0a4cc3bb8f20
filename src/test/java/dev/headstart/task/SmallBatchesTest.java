package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batch norm at the end of a CIFAR ResNet sees one pixel of images of 4 x 4, four of images of 8 x 8.
class SmallBatchesTest {
    @TempDir
    private Path folder;

    private static Images images(int count, int side) {
        byte[] pixels = new byte[count * side * side * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37 % 251);
        }
        return new Images(pixels, count, side, side, 3, IntStream.range(0, count).map(i -> i % 2).toArray(), List.of("a", "b"));
    }

    private FineTune run(int examples, int side) throws IOException {
        Path file = folder.resolve("resnet.safetensors");
        if (!Files.exists(file)) {
            SafeTensors.write(file, CifarResNet.of(8, 2, RandomStream.of(1)).export());
        }
        return FineTune.of(Pretrained.open(file), ImageClassification.of(images(examples, side)).measuredOn(images(4, side))).patience(100);
    }

    private static boolean joins(FineTune.Prepared prepared) throws IOException {
        return prepared.leaks().stream().anyMatch(line -> line.contains("they join the batch before"));
    }

    @Test
    void a_last_batch_of_one_joins_the_one_before_where_batch_norm_needs_it() throws IOException {
        FineTune.Prepared prepared = run(15, 4).steps(6).batch(7).prepare();
        assertTrue(joins(prepared));
        assertEquals(6, prepared.run().training().steps());
        assertFalse(joins(run(15, 8).steps(6).batch(7).prepare()));
        assertFalse(joins(run(16, 4).steps(6).batch(7).prepare()));
        assertFalse(joins(run(15, 4).steps(6).batch(7).headOnly().prepare()));
    }

    @Test
    void parts_of_one_example_are_refused_before_the_first_step() throws IOException {
        for (FineTune bad : List.of(run(15, 4).batch(1), run(15, 4).batch(2, 2), run(15, 4).batch(5, 3))) {
            SettingException e = assertThrows(SettingException.class, () -> bad.steps(2).run());
            assertTrue(String.valueOf(e.getMessage()).contains("cannot be trained on one example at a time"), e.getMessage());
        }
        assertEquals(2, run(15, 8).batch(1).steps(2).run().training().steps());
        assertEquals(2, run(15, 4).batch(1).headOnly().steps(2).run().training().steps());
    }

    @Test
    void trying_it_out_changes_nothing() throws IOException {
        FineTune.Prepared prepared = run(15, 4).steps(6).batch(7).prepare();
        float[] before = prepared.task().parameters().get("bn1.running_mean").value().toArray();
        prepared.summary();
        assertArrayEquals(before, prepared.task().parameters().get("bn1.running_mean").value().toArray());
    }
}
