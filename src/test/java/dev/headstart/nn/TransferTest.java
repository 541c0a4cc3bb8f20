package dev.headstart.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferException;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransferTest {
    private final Sequential model = new Sequential(new Linear(3, 4, RandomStream.of(1)), Activation.RELU,
            new Linear(4, 2, RandomStream.of(2)));
    private final Parameters parameters = model.parameters();

    private static Map<String, Tensor> tensors(Object... namesAndShapes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < namesAndShapes.length; i += 2) {
            tensors.put((String) namesAndShapes[i], RandomStream.of(i + 50).normal((Shape) namesAndShapes[i + 1], 0, 1));
        }
        return tensors;
    }

    private static final Shape W0 = Shape.of(4, 3);
    private static final Shape W2 = Shape.of(2, 4);

    @Test
    void equal_names_are_loaded_bit_for_bit() {
        Map<String, Tensor> source = tensors("0.weight", W0, "0.bias", Shape.of(4), "2.weight", W2, "2.bias", Shape.of(2));
        TransferReport report = Transfer.into("Sequential", parameters).fromTensors("file", source);
        source.forEach((name, tensor) -> assertTrue(parameters.get(name).value().bitsEqual(tensor), name));
        assertEquals("loaded 4 tensors (26 numbers), missing 0, unexpected 0, mismatched 0", report.summary());
    }

    @Test
    void what_does_not_fit_is_told_in_one_sentence_and_nothing_is_changed() {
        Tensor before = parameters.get("0.weight").value().copy();
        Map<String, Tensor> source = tensors("0.weight", W0, "0.bias", Shape.of(5), "2.weight", W2, "extra", Shape.of(1));
        TransferException e = assertThrows(TransferException.class,
                () -> Transfer.into("Sequential", parameters).fromTensors("m.safetensors", source));
        assertEquals("load m.safetensors into Sequential: missing 2.bias; unexpected extra; 0.bias is [5] in the file, [4] in the layer",
                e.getMessage());
        assertEquals(List.of("2.bias"), e.report().missing());
        assertTrue(before.bitsEqual(parameters.get("0.weight").value()));
    }

    @Test
    void names_can_be_changed_and_parts_may_be_missing_or_left_over() {
        Map<String, Tensor> source = tensors("bert.0.weight", W0, "bert.0.bias", Shape.of(4), "cls.bias", Shape.of(9));
        TransferReport report = Transfer.into("Sequential", parameters).rename("bert\\.(.*)", "$1").allowMissing("2.**")
                .allowUnexpected("cls.**")
                .fromTensors("bert", source);
        assertEquals(List.of("2.weight", "2.bias"), report.missing());
        assertEquals(List.of("cls.bias"), report.unexpected());
        assertEquals("bert.0.weight", report.loaded().getFirst().source());
        assertTrue(report.toString().contains("loaded      0.weight [4, 3] from bert.0.weight"), report.toString());
    }

    @Test
    void a_prefix_that_hides_a_name_is_pointed_out() {
        Map<String, Tensor> source = tensors("module.0.weight", W0);
        TransferException e = assertThrows(TransferException.class,
                () -> Transfer.into("Sequential", parameters).allowUnexpected("**").fromTensors("f", source));
        assertTrue(String.valueOf(e.getMessage()).contains("did you mean module.0.weight? rename it"), e.getMessage());
    }

    @Test
    void loading_nothing_at_all_is_an_error_whatever_is_allowed() {
        TransferException e = assertThrows(TransferException.class,
                () -> Transfer.into("Sequential", parameters).allowMissing("**").allowUnexpected("**").fromTensors("f", tensors("x", W0)));
        assertEquals("load f into Sequential: nothing was loaded: no name agrees", e.getMessage());
    }

    @Test
    void shapes_that_differ_are_skipped_or_overlapped_as_asked() {
        Map<String, Tensor> source = tensors("0.weight", Shape.of(2, 5), "0.bias", Shape.of(4), "2.weight", W2, "2.bias", Shape.of(2));
        Tensor before = parameters.get("0.weight").value().copy();
        Transfer.into("Sequential", parameters).onMismatch(Transfer.Policy.SKIP).fromTensors("f", source);
        assertTrue(before.bitsEqual(parameters.get("0.weight").value()));
        TransferReport report = Transfer.into("Sequential", parameters).onMismatch(Transfer.Policy.OVERLAP).fromTensors("f", source);
        assertTrue(report.mismatched().getFirst().overlapped());
        Tensor after = parameters.get("0.weight").value();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(i < 2 ? source.getOrDefault("0.weight", before).get(i, j) : before.get(i, j), after.get(i, j), 0f);
            }
        }
    }

    @Test
    void two_tensors_may_not_get_one_name() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Transfer.into("Sequential", parameters)
                .rename("[ab]\\.(.*)", "$1").fromTensors("f", tensors("a.0.weight", W0, "b.0.weight", W0)));
        assertEquals("load f into Sequential: a.0.weight and b.0.weight are both renamed to 0.weight", e.getMessage());
    }

    @Test
    void names_of_parts_are_what_files_have() {
        assertEquals(List.of("0.weight", "0.bias", "2.weight", "2.bias"), List.copyOf(parameters.byName().keySet()));
        assertThrows(IllegalArgumentException.class, () -> Parts.none().with("a.b", new LayerNorm(2)));
        assertThrows(IllegalArgumentException.class, () -> Parts.none().with("a", new LayerNorm(2)).with("a", new LayerNorm(2)));
    }
}
