package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What people read when shapes do not fit. Errors of operators that have gradients are in their specifications.
class ShapeErrorTest {
    private final Tensor x = Tensor.zeros(Shape.of(2, 3));

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }

    @Test
    void shapes_are_not_negative_and_fit_into_an_array() {
        assertRefused("shape: [2, -1]: an axis cannot be negative", () -> Shape.of(2, -1));
        assertRefused("shape: [65536, 65536]: more elements than one array holds (2³¹ - 9)", () -> Shape.of(65_536, 65_536));
        assertRefused("shape: [2147483647]: more elements than one array holds (2³¹ - 9)", () -> Shape.of(Integer.MAX_VALUE));
        assertEquals(0, Shape.of(0, 2_000_000_000).size());
    }

    @Test
    void an_axis_must_be_there() {
        assertRefused("axis: [2, 3]: there is no axis 2: the rank is 2", () -> x.dim(2));
        assertRefused("axis: [2, 3]: there is no axis -3: the rank is 2", () -> x.transpose(0, -3));
        assertEquals(3, x.dim(-1));
    }

    @Test
    void values_must_fill_the_shape() {
        assertRefused("tensor: [2, 3] holds 6, 2 values were given", () -> Tensor.of(Shape.of(2, 3), 1, 2));
        assertRefused("indices: [2] holds 2, 3 values were given", () -> Indices.of(Shape.of(2), 1, 2, 3));
    }

    @Test
    void an_element_needs_one_index_per_axis() {
        assertRefused("get: x[2, 3] at [1]: one index per axis is needed", () -> x.get(1));
        assertThrows(IndexOutOfBoundsException.class, () -> x.get(1, 3));
        assertRefused("item: x[2, 3]: only a tensor of one element has an item", x::item);
    }

    @Test
    void operators_without_gradients_name_their_operands() {
        assertRefused("maximum: a[2, 3], b[2]: shapes do not broadcast: axis -1 is 3 in a, 2 in b",
                () -> x.maximum(Tensor.zeros(Shape.of(2))));
        assertRefused("min: x[2, 3] over axes [0, 5]: there is no axis 5: the rank is 2", () -> x.min(0, 5));
        assertRefused("sumOfSquares: x[2, 3] over axes [1, -1]: an axis is named twice", () -> x.sumOfSquares(1, -1));
        assertRefused("copyInPlace: [2, 3], [3, 2]: the shapes must be equal", () -> x.copyInPlace(Tensor.zeros(Shape.of(3, 2))));
        assertRefused("axpyInPlace: x[3, 2]: only a contiguous tensor can be changed in place",
                () -> x.permute(1, 0).axpyInPlace(1, Tensor.zeros(Shape.of(3, 2))));
        assertRefused("place: [2, 3], [2]: the shapes must be equal", () -> x.place(Indices.of(0, 1), 4));
        assertRefused("reshape: x[2, 3] to [7]: sizes differ: x has 6 elements", () -> x.reshape(Shape.of(7)));
        assertRefused("reshape: x[0, 3] to [0, -1]: -1 could be anything, since another extent is 0: name it",
                () -> Tensor.zeros(Shape.of(0, 3)).reshape(0, -1));
    }

    @Test
    void shapes_have_value_equality_and_read_like_lists() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3).with(0, 7).with(-2, 2));
        assertEquals(Shape.of(2, 3).hashCode(), x.shape().hashCode());
        assertEquals("[2, 3]", x.shape().toString());
        assertEquals("[]", Shape.of().toString());
        assertEquals("Tensor[2, 3] {0.0, 0.0, 0.0, 0.0, 0.0, 0.0}", x.toString());
        assertEquals("Tensor[9] {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, …}", Tensor.ones(Shape.of(9)).toString());
    }
}
