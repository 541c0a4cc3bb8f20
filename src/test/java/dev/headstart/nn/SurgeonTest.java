package dev.headstart.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.transfer.Surgeon;
import dev.headstart.nn.transfer.TransferException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.text.bert.Bert;
import dev.headstart.zoo.text.bert.BertConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Weights made to fit models of other shapes.
class SurgeonTest {
    private static final TokenBatch BATCH = TokenBatch.of(List.of(new int[] {2, 5, 9, 3}), 0);

    private static Bert bert(int layers, int seed) {
        return new Bert(BertConfig.of(30, 16, layers, 2, 32).withDropout(0), RandomStream.of(seed));
    }

    @Test
    void layers_are_dropped_and_what_is_left_has_new_numbers() {
        Bert deep = bert(4, 1);
        Surgeon student = Surgeon.of(deep.parameters()).layers("encoder.layer", 0, 2);
        Bert half = bert(2, 2);
        student.into("student", half.parameters());
        assertTrue(half.parameters().get("encoder.layer.1.output.dense.weight").value()
                .bitsEqual(deep.parameters().get("encoder.layer.2.output.dense.weight").value()));
        assertTrue(half.parameters().get("pooler.dense.weight").value().bitsEqual(deep.parameters().get("pooler.dense.weight").value()));
        assertTrue(student.changes().contains("copied encoder.layer.2.output.dense.bias to encoder.layer.1.output.dense.bias [16]"));
        assertTrue(student.changes().contains("dropped encoder.layer.3.output.dense.bias [16]"));
        assertEquals(16 + 2 * 16, student.changes().size(), "one renamed, two dropped, each of 16 tensors");
        assertEquals(List.copyOf(half.parameters().byName().keySet()), List.copyOf(student.tensors().keySet()));
    }

    @Test
    void layers_are_duplicated_and_nothing_changed_is_nothing_said() {
        Bert shallow = bert(2, 1);
        Bert deep = bert(3, 2);
        Surgeon.of(shallow.parameters()).layers("encoder.layer", 0, 1, 1).into("deeper", deep.parameters());
        for (int i = 1; i < 3; i++) {
            assertTrue(deep.parameters().get("encoder.layer." + i + ".intermediate.dense.weight").value()
                    .bitsEqual(shallow.parameters().get("encoder.layer.1.intermediate.dense.weight").value()));
        }
        Surgeon same = Surgeon.of(shallow.parameters()).layers("encoder.layer", 0, 1);
        assertEquals(List.of(), same.changes());
        Bert again = bert(2, 3);
        same.into("again", again.parameters());
        assertTrue(shallow.forward(BATCH).value().bitsEqual(again.forward(BATCH).value()));
        assertThrows(IllegalArgumentException.class, () -> Surgeon.of(shallow.parameters()).layers("encoder.layer", 0, 2));
    }

    @Test
    void a_grey_image_gives_what_it_gave_in_three_equal_channels_and_repeated_channels_what_they_gave_once() {
        Conv2d colour = conv(3);
        Tensor grey = RandomStream.of(2).normal(Shape.of(2, 5, 5, 1), 0, 1);
        Tensor rgb = Tensor.concat(3, grey, grey, grey);
        Conv2d one = conv(1);
        Surgeon.of(colour.parameters()).inputChannels("weight", 1).into("grey", one.parameters());
        assertArrayEquals(colour.forward(Variable.of(rgb)).value().toArray(), one.forward(Variable.of(grey)).value().toArray(), 1e-5f);
        Tensor other = RandomStream.of(3).normal(Shape.of(2, 5, 5, 3), 0, 1);
        Conv2d six = conv(6);
        Surgeon wide = Surgeon.of(colour.parameters()).inputChannels("weight", 6);
        wide.into("six", six.parameters());
        assertArrayEquals(colour.forward(Variable.of(other)).value().toArray(),
                six.forward(Variable.of(Tensor.concat(3, other, other))).value().toArray(), 1e-5f);
        assertEquals(List.of("changed weight from [4, 3, 3, 3] to [4, 3, 3, 6]: its channels repeated, times 3/6"), wide.changes());
    }

    private static Conv2d conv(int channels) {
        return new Conv2d(channels, 4, 3, Conv2dGeometry.DEFAULT, RandomStream.of(1));
    }

    @Test
    void overlapping_widths_are_copied_and_heads_left_out() {
        Linear narrow = new Linear(4, 3, RandomStream.of(1));
        Linear wide = new Linear(6, 5, RandomStream.of(2));
        Tensor fresh = wide.weight().value().copy();
        Surgeon surgeon = Surgeon.of(narrow.parameters()).resized("weight", fresh).resized("bias", wide.parameters().get("bias").value());
        surgeon.into("wide", wide.parameters());
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 6; column++) {
                boolean both = row < 3 && column < 4;
                assertEquals(both ? narrow.weight().value().get(row, column) : fresh.get(row, column),
                        wide.weight().value().get(row, column));
            }
        }
        assertEquals("resized weight from [3, 4] to [5, 6]: the overlap was copied\nresized bias from [3] to [5]: the overlap was copied",
                surgeon.toString());
        assertEquals(List.of("dropped bias [3]"), Surgeon.of(narrow.parameters()).without("bias").changes());
        assertThrows(TransferException.class, () -> Surgeon.of(narrow.parameters()).without("bias").into("narrow", narrow.parameters()));
        assertThrows(IllegalArgumentException.class, () -> Surgeon.of(narrow.parameters()).without("fc.**"));
    }
}
