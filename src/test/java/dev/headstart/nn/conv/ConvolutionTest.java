package dev.headstart.nn.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConvolutionTest {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.DEFAULT;
    private final RandomStream random = RandomStream.of(5);

    @Test
    void parameters_have_the_shapes_and_names_of_the_file_format() {
        Conv2d grouped = new Conv2d(6, 8, 3, PLAIN.groups(2), random);
        assertEquals(Shape.of(8, 3, 3, 3), grouped.weight().shape());
        assertEquals(List.of("weight", "bias"), List.copyOf(grouped.parameters().byName().keySet()));
        Conv2d bare = new Conv2d(6, 8, 1, 5, PLAIN, false, Initialiser.heNormal(), random);
        assertEquals(Shape.of(8, 1, 5, 6), bare.weight().shape());
        assertEquals(List.of("weight"), List.copyOf(bare.parameters().byName().keySet()));
        assertNull(bare.bias());
        assertEquals(Shape.of(4, 3, 6), new Conv1d(6, 4, 3, PLAIN, random).weight().shape());
    }

    @Test
    void weights_have_the_variance_of_he() {
        Tensor weight = new Conv2d(64, 64, 3, PLAIN, random).weight().value();
        assertEquals(2.0 / (9 * 64), weight.square().mean().item(), 1e-4);
    }

    @Test
    void a_sequence_is_an_image_of_one_line() {
        Conv1d line = new Conv1d(6, 4, 3, PLAIN.stride(2).dilation(2).padding(0, 0, 1, 2).groups(2), random);
        Tensor x = random.normal(Shape.of(2, 9, 6), 0, 1);
        Variable y = line.forward(Variable.of(x));
        Tensor expected = x.reshape(2, 1, 9, 6).conv2d(line.weight().value().reshape(4, 1, 3, 3), null,
                new Conv2dGeometry(1, 2, 1, 2, 0, 0, 1, 2, 2));
        assertTrue(y.value().bitsEqual(expected.reshape(2, 4, 4)));
        Tensor gradient = y.sum().backward().get(line.weight());
        assertEquals(Shape.of(4, 3, 3), Objects.requireNonNull(gradient).shape());
    }

    @Test
    void a_sequence_has_three_axes() {
        assertEquals("conv1d: x[9, 6]: x needs 3 axes: [batch, length, channels]", assertThrows(ShapeException.class,
                () -> new Conv1d(6, 4, 3, PLAIN, random).forward(Variable.of(Tensor.zeros(Shape.of(9, 6))))).getMessage());
    }
}
