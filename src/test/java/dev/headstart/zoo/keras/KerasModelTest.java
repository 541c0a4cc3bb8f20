package dev.headstart.zoo.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.autograd.Variable;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KerasModelTest {
    private static final RandomStream RANDOM = RandomStream.of(1);

    @TempDir
    private Path folder;

    private static KerasModel model(String... layers) throws IOException {
        return KerasModel.of(Json.parse("{\"class_name\":\"Sequential\",\"config\":{\"name\":\"small\",\"layers\":["
                + String.join(",", layers) + "]}}"), RANDOM);
    }

    private static String layer(String kind, String name, String options) {
        return "{\"class_name\":\"" + kind + "\",\"config\":{\"name\":\"" + name + "\"" + (options.isEmpty() ? "" : "," + options) + "}}";
    }

    private static Shape published(Published model, String name) {
        return model.layout(name).toPublished(model.parameters().get(name).shape());
    }

    private static final String INPUT = layer("InputLayer", "in", "\"batch_shape\":[null,5,6,1]");

    @Test
    void a_network_of_all_layers_has_kerass_names_shapes_and_sizes() throws IOException {
        KerasModel model = model(INPUT,
                layer("Conv2D", "conv",
                        "\"filters\":3,\"kernel_size\":[2,3],\"strides\":[2,2],\"padding\":\"same\",\"activation\":\"relu\""),
                layer("BatchNormalization", "norm", "\"momentum\":0.9,\"epsilon\":0.001"),
                layer("Activation", "act", "\"activation\":\"tanh\""),
                layer("AveragePooling2D", "mean", "\"pool_size\":[2,2],\"strides\":[1,1],\"padding\":\"same\""),
                layer("MaxPooling2D", "max", "\"pool_size\":[2,2],\"strides\":null,\"padding\":\"valid\""), layer("Flatten", "flat", ""),
                layer("Dropout", "drop", "\"rate\":0.5"), layer("Dense", "wide", "\"units\":4,\"use_bias\":false"),
                layer("Dense", "out", "\"units\":2,\"activation\":\"softmax\""));
        assertEquals(List.of("conv/kernel:0", "conv/bias:0", "norm/gamma:0", "norm/beta:0", "norm/moving_mean:0", "norm/moving_variance:0",
                "wide/kernel:0", "out/kernel:0", "out/bias:0"), List.copyOf(model.parameters().byName().keySet()));
        assertEquals(Shape.of(2, 3, 1, 3), published(model, "conv/kernel:0"));
        assertEquals(Shape.of(3, 4), published(model, "wide/kernel:0"));
        assertEquals(Shape.of(7, 2), model.forward(Variable.of(RANDOM.normal(Shape.of(7, 5, 6, 1), 0, 1))).shape());
        assertTrue(model.ending() == KerasModel.Ending.SOFTMAX);
    }

    @Test
    void padding_same_lies_behind_where_it_is_odd() throws IOException {
        KerasModel model = model(INPUT,
                layer("Conv2D", "c", "\"filters\":1,\"kernel_size\":[2,2],\"padding\":\"same\",\"use_bias\":false"));
        model.parameters().get("c/kernel:0").take(Tensor.of(Shape.of(1, 2, 2, 1), 0, 0, 0, 1)); // takes the pixel below and right
        float[] pixels = new float[30];
        for (int i = 0; i < 30; i++) {
            pixels[i] = i;
        }
        Tensor y = model.forward(Variable.of(Tensor.of(Shape.of(1, 5, 6, 1), pixels))).value();
        assertEquals(Shape.of(1, 5, 6, 1), y.shape());
        assertEquals(7, y.get(0, 0, 0, 0), 0f);
        assertEquals(29, y.get(0, 3, 4, 0), 0f);
        assertEquals(0, y.get(0, 4, 5, 0), 0f);
    }

    @Test
    void files_may_name_weights_by_groups_and_without_their_number() throws IOException {
        String[] layers = {INPUT, layer("Conv2D", "c", "\"filters\":2,\"kernel_size\":3"), layer("Flatten", "f", ""),
            layer("Dense", "d", "\"units\":3")};
        KerasModel model = model(layers);
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        model.export().forEach((name, tensor) -> renamed.put(
                name.startsWith("c/") ? "c/" + name : "d/small/" + name.replace(":0", ""), tensor));
        Path file = folder.resolve("keras.safetensors");
        SafeTensors.write(file, renamed);
        KerasModel other = KerasModel.of(
                Json.parse("{\"class_name\":\"Sequential\",\"config\":[" + String.join(",", layers) + "]}"), RandomStream.of(2));
        other.load(Weights.open(file));
        model.parameters().byName()
                .forEach((name, parameter) -> assertTrue(parameter.value().bitsEqual(other.parameters().get(name).value()), name));
    }

    @Test
    void outputs_that_are_no_scores_of_classes_are_refused() throws IOException {
        String flat = layer("Flatten", "f", "");
        for (String options : List.of("\"units\":3,\"activation\":\"sigmoid\"", "\"units\":1", "\"units\":2,\"activation\":\"relu\"")) {
            KerasModel model = model(INPUT, flat, layer("Dense", "d", options));
            IOException e = assertThrows(IOException.class, model::demandClasses);
            assertTrue(
                    String.valueOf(e.getMessage())
                            .startsWith("Keras model small does not say which one class an input belongs to: it ends with "),
                    e.getMessage());
        }
        assertEquals(KerasModel.Ending.LINEAR, model(INPUT, flat, layer("Dense", "d", "\"units\":2")).demandClasses().ending());
    }

    @Test
    void what_is_not_understood_is_refused_wherever_it_stands() {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("{\"class_name\":\"Dense\",\"module\":\"mine\",\"config\":{\"name\":\"odd\",\"units\":1}}",
                "Dense of mine is a class of its own: its code is not in the file");
        refused.put("{\"class_name\":\"Dense\",\"registered_name\":\"Mine>Dense\",\"config\":{\"name\":\"odd\",\"units\":1}}",
                "Mine>Dense of keras is a class of its own: its code is not in the file");
        refused.put(layer("Dense", "odd", "\"units\":1,\"lora_rank\":4"), "lora_rank is 4: this option is not known here");
        refused.put(layer("BatchNormalization", "odd", "\"renorm\":true"), "renorm is true: only false is supported");
        refused.put(layer("Dense", "odd", "\"units\":1,\"dtype\":\"float64\""),
                "dtype is float64: only float32 and mixed precision are supported");
        refused.put(layer("GRU", "odd", "\"units\":1"), "GRU is not supported");
        refused.forEach((layer, problem) -> assertEquals("keras: layer \"odd\": " + problem,
                assertThrows(IOException.class, () -> model(INPUT, layer)).getMessage()));
    }

    @Test
    void images_of_another_size_are_refused_by_size() throws IOException {
        KerasModel model = model(INPUT, layer("GlobalAveragePooling2D", "mean", ""));
        ShapeException e = assertThrows(ShapeException.class, () -> model.forward(Variable.of(Tensor.zeros(Shape.of(1, 5, 5, 1)))));
        assertEquals("keras: x[1, 5, 5, 1]: the model small is for inputs of [5, 6, 1]", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "LSTM               | \"units\":3                                                     | LSTM is not supported",
        "Dense              | \"units\":3,\"activation\":\"sparsemax\"                        | the activation sparsemax is not supported",
        "Conv2D             | \"filters\":1,\"kernel_size\":2,\"padding\":\"causal\"          | padding is causal: only same and valid are supported",
        "Conv2D             | \"filters\":1,\"kernel_size\":2,\"data_format\":\"channels_first\" | data_format is channels_first: only channels_last is supported",
        "Conv2D             | \"filters\":1,\"kernel_size\":9                                | the kernel is larger than its input, of 5 pixels",
        "Conv2D             | \"filters\":1,\"kernel_size\":2,\"groups\":2                   | groups is 2: its input has 1 channels, its output 1",
        "BatchNormalization | \"axis\":1                                                      | axis is 1: only the last is supported",
        "MaxPooling2D       | \"pool_size\":\"big\"                                           | pool_size should be one number or two",
    })
    void what_is_not_supported_is_refused_by_name(String kind, String options, String problem) {
        IOException e = assertThrows(IOException.class, () -> model(INPUT, layer(kind, "odd", options)));
        assertEquals("keras: layer \"odd\": " + problem, e.getMessage());
    }

    @Test
    @Tag("shared")
    void the_published_lenet_is_built_from_its_configuration() throws IOException {
        Optional<Path> config = Shared.find("data/weights/lenet_fashion_config.json");
        if (config.isPresent()) {
            KerasModel lenet = KerasModel.of(Json.read(config.get()), RANDOM);
            assertEquals(844_326, lenet.parameters().count());
            assertEquals(Shape.of(2, 10), lenet.forward(Variable.of(Tensor.zeros(Shape.of(2, 28, 28, 1)))).shape());
        }
    }
}
