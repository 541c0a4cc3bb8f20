package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Choosing parameters by name.
class ParametersTest {
    private final Parameters model = model(12);

    private static Parameters model(int layers) {
        Map<String, Parameter> named = new LinkedHashMap<>();
        named.put("embedding.weight", Parameter.of(Tensor.zeros(Shape.of(5, 2))));
        for (int i = 0; i < layers; i++) {
            for (String part : List.of("norm.weight", "norm.bias", "linear.weight", "linear.bias")) {
                named.put("encoder.layer." + i + "." + part, Parameter.of(Tensor.zeros(Shape.of(2))));
            }
        }
        named.put("head.weight", Parameter.of(Tensor.zeros(Shape.of(3, 2))));
        named.put("head.bias", Parameter.of(Tensor.zeros(Shape.of(3))));
        return Parameters.of(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "**                                    | 51",
        "head.weight                           | 1",
        "head.*                                | 2",
        "*.weight                              | 2",
        "**.weight                             | 26",
        "**.bias                               | 25",
        "encoder.**                            | 48",
        "encoder.layer.[0-1].**                | 8",
        "encoder.layer.[0-11].**               | 48",
        "encoder.layer.[9-11].**               | 12",
        "encoder.layer.[10-10].norm.weight     | 1",
        "encoder.layer.[037].norm.bias         | 3",
        "encoder.layer.?.norm.bias             | 10",
        "encoder.layer.1?.norm.bias            | 2",
        "encoder.layer.1*.norm.bias            | 3",
        "encoder.**.norm.*                     | 24",
        "encoder.**.layer.0.**                 | 4",
        "encoder.layer.0.**.bias               | 2",
        "{embedding,head}.**                   | 3",
        "**.{norm,linear}.{weight,bias}        | 48",
        "encoder.layer.*.{norm,none}.weight    | 12",
        "head.{weight,}*                       | 2",
        "**.head.bias                          | 1",
        "head.bias.**                          | 1",
        "**.**                                 | 51",
        "**.**.weight                          | 26",
        "encoder.**.**.bias                    | 24",
        "**.**.**.norm.**.**                   | 24",
    })
    void patterns_select(String pattern, int count) {
        assertEquals(count, model.select(pattern).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"weight", "head", "head.weigh", "encoder.*", "embedding", "Head.weight", "head.weight.x", "encoder.layer.12.**",
        "encoder.layer.[12-99].**", "*", "*.*.*", "head_weight", "encoder**", "h.ad.bias"})
    void a_pattern_that_matches_nothing_is_an_error(String pattern) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> model.select(pattern));
        assertTrue(
                String.valueOf(error.getMessage())
                        .startsWith("parameters: the pattern '" + pattern + "' matches none of embedding.weight, "),
                error.getMessage());
        assertTrue(String.valueOf(error.getMessage()).endsWith("… (51 in all)"), error.getMessage());
    }

    @Test
    void a_small_model_is_named_in_full() {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> model(0).select("tail.**"));
        assertEquals("parameters: the pattern 'tail.**' matches none of embedding.weight, head.weight, head.bias", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "head..bias      | has an empty segment: names are joined by single dots",
        ".head           | has an empty segment: names are joined by single dots",
        "layer.[0-1      | opens a '[' that it does not close",
        "{weight,bias    | opens a '{' that it does not close",
        "layer.[5-2].**  | has the range [5-2]: it runs backwards or is too long",
        "layer.[].**     | has empty brackets",
    })
    void a_pattern_that_cannot_be_read_is_an_error(String pattern, String why) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> model.select(pattern));
        assertEquals("parameters: the pattern '" + pattern + "' " + why, error.getMessage());
    }

    @Test
    void a_selection_keeps_the_model_s_order_and_its_parameters() {
        Parameters selected = model.select("{head,embedding}.*");
        assertEquals(List.of("embedding.weight", "head.weight", "head.bias"), List.copyOf(selected.byName().keySet()));
        assertSame(model.get("head.bias"), selected.get("head.bias"));
        assertEquals(10 + 6 + 3, selected.count());
    }

    @Test
    void freezing_a_selection_freezes_those_and_no_others() {
        model.select("encoder.layer.[0-5].**").freeze();
        assertFalse(model.get("encoder.layer.5.norm.bias").isTrainable());
        assertTrue(model.get("encoder.layer.6.norm.bias").isTrainable());
        assertEquals(51 - 24, model.trainable().size());
        model.select("**.norm.*").unfreeze();
        assertEquals(51 - 12, model.trainable().size());
    }

    @Test
    void without_is_the_rest() {
        assertEquals(26, model.without("**.bias").size());
        assertThrows(IllegalArgumentException.class, () -> model.without("nothing"));
    }

    @Test
    void a_name_that_is_not_there_is_an_error() {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> model(0).get("tail"));
        assertEquals("parameters: there is no tail: there are embedding.weight, head.weight, head.bias", error.getMessage());
    }
}
