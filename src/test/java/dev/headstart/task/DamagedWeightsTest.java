package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedWeightsTest {
    private static final Images IMAGES = new Images(new byte[4 * 8 * 8 * 3], 4, 8, 8, 3, new int[] {0, 1, 0, 1}, List.of("a", "b"));

    @TempDir
    private Path folder;

    private Pretrained network(String damaged, float value) throws IOException {
        CifarResNet network = CifarResNet.of(8, 2, RandomStream.of(1));
        Tensor tensor = network.parameters().get(damaged).value();
        float[] values = tensor.toArray();
        values[3 % values.length] = value;
        tensor.copyInPlace(Tensor.of(tensor.shape(), values));
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, network.export());
        return Pretrained.open(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv1.weight", "layer2.0.bn1.running_mean", "linear.weight"})
    void weights_that_are_not_finite_are_named_whatever_is_asked(String name) throws IOException {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            Pretrained network = network(name, value);
            IOException predict = assertThrows(IOException.class, () -> Predict.with(network));
            assertTrue(String.valueOf(predict.getMessage()).contains("the weights are damaged: element 3 of " + name),
                    predict.getMessage());
            assertEquals(predict.getMessage(),
                    assertThrows(IOException.class, () -> Evaluate.with(network).of(IMAGES, "images", false)).getMessage());
            FineTune tuning = FineTune.of(network, ImageClassification.of(IMAGES).measuredOn(IMAGES)).steps(1).batch(2);
            assertEquals(predict.getMessage(), assertThrows(IOException.class, tuning::prepare).getMessage());
        }
    }

    @Test
    void answers_that_overflow_are_refused() throws IOException {
        Pretrained network = network("linear.weight", 3e38f);
        Predict predict = Predict.with(network);
        float[] huge = new float[8 * 8 * 3];
        Arrays.fill(huge, 1e30f);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> predict.rank(Tensor.of(Shape.of(1, 8, 8, 3), huge)));
        assertTrue(String.valueOf(e.getMessage()).contains("are not finite"), e.getMessage());
    }
}
