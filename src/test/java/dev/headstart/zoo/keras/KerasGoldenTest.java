package dev.headstart.zoo.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models that Keras 3 wrote, and what it computes with them; the script beside them made them.
class KerasGoldenTest {
    private static final Path FOLDER = Path.of(System.getProperty("headstart.root"), "src/test/resources/keras");

    private static KerasModel load(String file, String config) throws IOException {
        Weights weights = Weights.open(FOLDER.resolve(file));
        Json json = config.isEmpty() ? KerasModel.configuration(weights).orElseThrow() : Json.read(FOLDER.resolve(config));
        KerasModel model = KerasModel.of(json, RandomStream.of(5));
        model.load(weights);
        return model;
    }

    private static Tensor golden(String name) throws IOException {
        return Weights.open(FOLDER.resolve("golden.safetensors")).tensor(name);
    }

    private static Variable whole(KerasModel model, Variable x) {
        Variable y = model.forward(x);
        return model.ending() == KerasModel.Ending.SOFTMAX ? y.softmax() : y;
    }

    private static void assertClose(String what, Tensor expected, Tensor found, float tolerance) {
        assertEquals(expected.shape(), found.shape(), what);
        float[] a = expected.toArray();
        float[] b = found.toArray();
        for (int i = 0; i < a.length; i++) {
            assertEquals(a[i], b[i], tolerance * (1 + Math.abs(a[i])), what + " at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"residual", "inception", "squeeze", "separable", "functions", "nested", "trained", "binary"})
    void values_and_gradients_are_those_of_keras(String name) throws IOException {
        KerasModel model = load(name + ".keras", "");
        Parameter x = Parameter.of(golden(name + ".x"));
        Variable y = whole(model, x);
        assertClose(name, golden(name + ".y"), y.value(), 2e-6f);
        Gradients gradients = y.backward(golden(name + ".dY"));
        assertClose("dX", golden(name + ".dX"), Objects.requireNonNull(gradients.get(x)), 2e-5f);
        int checked = 0;
        for (Map.Entry<String, Parameter> entry : model.parameters().byName().entrySet()) {
            if (entry.getValue().isTrainable()) {
                Tensor gradient = model.layout(entry.getKey()).toPublished(Objects.requireNonNull(gradients.get(entry.getValue())));
                assertClose(entry.getKey(), golden(name + ".d " + entry.getKey()), gradient, 2e-5f);
                checked++;
            }
        }
        assertTrue(checked >= 2, () -> name + ": too few weights are learnt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trained.keras", "trained.h5", "trained.weights.h5", "early.h5", "early.weights.h5"})
    void a_trained_model_loads_from_each_form_it_is_saved_in(String file) throws IOException {
        KerasModel model = load(file, file.contains("weights") ? "trained.json" : "");
        assertClose(file, golden("trained.y"), whole(model, Variable.of(golden("trained.x"))).value(), 2e-6f);
    }

    @Test
    void what_is_not_trainable_in_keras_is_frozen() throws IOException {
        KerasModel model = load("nested.keras", "");
        assertEquals(List.of("dense/kernel:0", "dense/bias:0"),
                model.parameters().byName().entrySet().stream().filter(e -> e.getValue().isTrainable()).map(Map.Entry::getKey).toList());
        assertTrue(model.parameters().byName().containsKey("body/deep/dense/kernel:0"));
    }

    @Test
    void in_training_only_what_keras_calls_without_training_stays_as_it_is() throws IOException {
        KerasModel model = load("nested.keras", "");
        Variable x = Variable.of(golden("nested.x"));
        Tensor trained = Mode.training(RandomStream.of(1), () -> model.forward(x).value());
        assertTrue(trained.bitsEqual(model.forward(x).value())); // this dropout was called with training=False
        KerasModel other = load("squeeze.keras", "");
        Variable pixels = Variable.of(golden("squeeze.x"));
        Tensor dropped = Mode.training(RandomStream.of(1), () -> other.forward(pixels).value());
        assertTrue(!dropped.bitsEqual(other.forward(pixels).value()));
    }
}
