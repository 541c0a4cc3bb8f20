package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.json.Json;
import dev.headstart.task.report.ModelCard;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `headstart inspect`.
class InspectTest {
    @TempDir
    private Path folder;

    private record Run(int code, String out, String err) {}

    private static Run inspect(Object... arguments) {
        return run(Stream.concat(Stream.of("inspect"), Arrays.stream(arguments)).toArray());
    }

    private static Run run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] line = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line);
        return new Run(code, out.toString(), err.toString());
    }

    private Path weights(Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, Map.of(
                "encoder.weight", Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6),
                "encoder.bias", Tensor.of(Shape.of(2), 7, 8)), metadata);
        return file;
    }

    @Test
    void names_shapes_and_totals_are_listed() throws IOException {
        Run run = inspect(weights(Map.of("format", "pt")));

        assertEquals(0, run.code, run.err);
        assertTrue(run.out.lines().anyMatch(l -> l.matches("encoder\\.weight +\\[2, 3\\] +F32 +6 +24")), run.out);
        assertTrue(run.out.lines().anyMatch(l -> l.matches("encoder\\.bias +\\[2\\] +F32 +2 +8")), run.out);
        assertTrue(run.out.contains("safetensors, 2 tensors, 8 elements, 32 bytes in F32"), run.out);
        assertTrue(run.out.contains("metadata format: pt"), run.out);
    }

    /// Two networks under these names, beside a count.
    private Path checkpoint(String one, String other) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(Map.of("epoch", Tensor.scalar(3)));
        CifarResNet.of(8, 3, RandomStream.of(1)).export().forEach((name, tensor) -> tensors.put(one + name, tensor));
        CifarResNet.of(8, 4, RandomStream.of(1)).export().forEach((name, tensor) -> tensors.put(other + name, tensor));
        Path file = folder.resolve("checkpoint.safetensors");
        SafeTensors.write(file, tensors);
        return file;
    }

    @Test
    void the_network_within_a_checkpoint_is_named() throws IOException {
        Run run = inspect(checkpoint("state_dict_ema.", "state_dict."));
        assertTrue(run.out.contains("looks like ResNet-8 for CIFAR, 3 classes"), run.out);
        assertTrue(run.err.contains("note: ") && run.err.contains("state_dict_ema is taken, not state_dict"), run.err);
    }

    @Test
    void which_of_several_networks_is_meant_has_to_be_said() throws IOException {
        Path file = checkpoint("left.", "right.");
        Run several = inspect(file);
        assertEquals(0, several.code, several.err);
        assertTrue(several.err.contains("note: ") && !several.out.contains("looks like"), several.err + several.out);
        Run refused = run("predict", "--model", file, folder.resolve("none.png"));
        assertEquals(1, refused.code);
        assertTrue(refused.err.contains("left (ResNet-8 for CIFAR, 3 classes), right (ResNet-8 for CIFAR, 4 classes): give --part"),
                refused.err);
        Run chosen = run("predict", "--model", file, "--part", "right", folder.resolve("none.png"));
        assertTrue(chosen.err.contains("the network is right; ") && chosen.err.contains("none.png"), chosen.err);
    }

    @Test
    void json_says_the_same() throws IOException {
        Run run = inspect("--json", weights(Map.of("format", "pt")));

        Json.Obj object = (Json.Obj) Json.parse(run.out);
        assertEquals(2, object.array("tensors").size());
        assertEquals(8, object.integer("elements"));
        assertEquals(32, object.integer("bytes"));
        assertEquals("pt", object.object("metadata").string("format"));
    }

    @Test
    void a_card_is_a_table_and_no_card_is_a_text() throws IOException {
        ModelCard card = new ModelCard("birds\u001b[2J", "Linear", "random", "pictures of birds", "ab12", 7, "1.0", "cd34",
                Map.of("rate", "0.1"),
                Map.of("accuracy", 0.875), "");
        Run run = inspect(weights(card.metadata()));

        assertEquals(0, run.code, run.err);
        assertTrue(run.out.lines().anyMatch(l -> l.matches("learnt from +pictures of birds")), run.out);
        assertTrue(run.out.lines().anyMatch(l -> l.matches("weights \\(SHA-256\\) +cd34")), run.out);
        assertTrue(run.out.lines().anyMatch(l -> l.matches("accuracy +0\\.8750")), run.out);
        assertFalse(run.out.contains("\u001b") || run.out.contains("metadata"), run.out);
        assertTrue(inspect(weights(Map.of(ModelCard.KEY, "happy birthday"))).out.contains("metadata headstart.card: happy birthday"));
    }

    @Test
    void a_strangers_text_does_not_steer_the_terminal() throws IOException {
        Run run = inspect(weights(Map.of("note", "\u001b[2J gone")));

        assertFalse(run.out.contains("\u001b"), run.out);
        assertTrue(run.out.contains("metadata note: \\u001b[2J gone"), run.out);
    }

    @Test
    void a_file_that_is_no_weight_file_or_is_not_there_is_one_sentence() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "Dear diary, today I trained a network.");
        Path cut = folder.resolve("cut.safetensors");
        byte[] whole = Files.readAllBytes(weights(Map.of()));
        Files.write(cut, Arrays.copyOf(whole, whole.length - 1));

        for (Path bad : List.of(text, cut, folder.resolve("none.safetensors"), Files.createDirectory(folder.resolve("empty")))) {
            Run run = inspect(bad);

            assertEquals(1, run.code, bad + run.out);
            assertEquals("", run.out);
            assertEquals(1, run.err.lines().count(), run.err);
            assertTrue(run.err.startsWith("headstart: " + bad + ": "), run.err);
        }
    }
}
