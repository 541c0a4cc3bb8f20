package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/// A model in several files is one; an index that is wrong is refused.
class ShardsTest {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String GOOD = "{\"metadata\": {\"total_size\": 20},\n \"weight_map\": {\"b\": \"2.safetensors\", \"a\": \"1.safetensors\","
            + " \"c\": \"2.safetensors\"}}";
    private Path folder = Path.of("");

    @BeforeProperty
    void makeFiles() throws IOException {
        folder = Files.createTempDirectory("shards");
        SafeTensors.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(Shape.of(2), 1, 2)), Map.of("format", "pt"));
        SafeTensors.write(folder.resolve("2.safetensors"), Map.of("b", Tensor.of(Shape.of(2), 3, 4), "c", Tensor.scalar(5)),
                Map.of("format", "pt"));
    }

    @AfterProperty
    void deleteFiles() throws IOException {
        Folders.delete(folder);
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve(INDEX), json);
    }

    private void refuse(String json, String place, String says) throws IOException {
        Path file = index(json);
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
        long offset = json.substring(0, json.indexOf(place)).getBytes(StandardCharsets.UTF_8).length;
        assertTrue(Refusals.message(e).startsWith(file + ": byte " + offset + ": "), e.getMessage());
    }

    @Example
    void the_index_or_its_folder_opens_all_files() throws IOException {
        Path file = index(GOOD);
        for (Path path : List.of(file, folder)) {
            Weights weights = Weights.open(path);
            assertEquals(file, weights.file());
            assertEquals("sharded safetensors", weights.format());
            assertEquals(List.of("b", "a", "c"), List.copyOf(weights.names()));
            assertEquals(Map.of("total_size", "20", "format", "pt"), weights.metadata());
            assertEquals(5, weights.tensor("c").item());
            assertEquals(List.of("b", "a", "c"), List.copyOf(weights.tensors().keySet()));
            assertTrue(Tensor.of(Shape.of(2), 1, 2).bitsEqual(Objects.requireNonNull(weights.tensors().get("a"))));
            assertTrue(Refusals.message(WeightFormatException.class, () -> weights.indices("a")).contains("1.safetensors"));
            assertThrows(IllegalArgumentException.class, () -> weights.tensor("d"));
        }
    }

    @Example
    void a_folder_with_one_model_opens_it() throws IOException {
        assertTrue(
                Refusals.message(WeightFormatException.class, () -> Weights.open(folder)).contains("a folder without model.safetensors"));
        SafeTensors.write(folder.resolve("model.safetensors"), Map.of("w", Tensor.scalar(7)));
        assertEquals(7, Weights.open(folder).tensor("w").item());
        index(GOOD);
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(folder)).contains(
                "both model.safetensors.index.json and model.safetensors: open one of them"));
    }

    @Example
    void of_both_kinds_of_files_safetensors_is_taken() throws IOException {
        SafeTensors.write(folder.resolve("model.safetensors"), Map.of("w", Tensor.scalar(7)));
        Files.write(folder.resolve("pytorch_model.bin"), Damage.resource("torch_tensor.pt"));
        assertEquals("safetensors", Weights.open(folder).format());
        assertEquals(7, Weights.open(folder).tensor("w").item());
    }

    @Example
    void a_folder_of_pytorch_files_opens() throws IOException {
        Files.write(folder.resolve("pytorch_model.bin"), Damage.resource("torch_tensor.pt"));
        assertEquals("pytorch", Weights.open(folder).format());
        Files.move(folder.resolve("pytorch_model.bin"), folder.resolve("part.bin"));
        Files.writeString(folder.resolve("pytorch_model.bin.index.json"), "{\"weight_map\": {\"tensor\": \"part.bin\"}}");
        assertEquals("sharded pytorch", Weights.open(folder).format());
        assertEquals(2, Objects.requireNonNull(Weights.open(folder).tensors().get("tensor")).size());
    }

    @Example
    void files_elsewhere_are_refused_before_they_are_looked_at() throws IOException {
        for (String name : List.of("../1.safetensors", "/etc/passwd", "..", ".", "", "a/../1.safetensors", "sub/1.safetensors",
                "C:1.safetensors",
                "..\\\\1.safetensors")) {
            refuse("{\"weight_map\":{\"a\": \"" + name + "\"}}", "\"" + name + "\"", "is not the plain name of a file beside the index");
        }
        refuse("{\"weight_map\":{\"a\": \"x\\u0000y\"}}", "\"x", "is not the plain name");
        refuse("{\"weight_map\":{\"a\": \"3.safetensors\"}}", "\"3.", "the file \"3.safetensors\" is missing");
        refuse("{\"weight_map\":{\"a\": \"" + INDEX + "\"}}", "{\"weight", "this is JSON, not a weight file");
    }

    @Example
    void names_must_agree_both_ways() throws IOException {
        refuse(GOOD.replace("\"a\":", "\"A\":"), "\"1.", "disagree: tensor \"A\" should be in, and is not");
        refuse(GOOD.replace(", \"c\": \"2.safetensors\"", ""), "\"2.", "tensor \"c\" is in, and the index does not say so");
        refuse(GOOD.replace("\"c\": \"2", "\"c\": \"1"), "\"1.", "tensor \"c\" should be in");
    }

    @Example
    void an_index_that_is_none_is_refused() throws IOException {
        refuse("{\"metadata\": {}}", "{\"meta", "without a weight_map");
        refuse("{\"weight_map\": []}", "[]", "expected an object");
        refuse("{\"weight_map\": {\"a\": 1}}", "1}}", "expected a string");
        refuse(GOOD.replace("\"a\"", "\"b\""), "\"b\": \"1", "\"b\" is there twice");
        refuse("{\"weight_map\": {}, \"weight_map\": {}}", "\"weight_map\": {}}", "is there twice");
        refuse("{\"weight_map\": {}} x", "x", "expected the end");
        Path bomb = index("{\"x\": " + "[".repeat(100_000));
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(bomb))
                .contains("byte 505: index of weight files: nested"));
        assertEquals(0, Weights.open(index("{\"weight_map\": {}}")).names().size());
    }

    @Example
    void a_cut_index_is_refused() throws IOException {
        Damage damage = new Damage(folder, INDEX);
        damage.cutAtEachByte(GOOD.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void a_damaged_index_is_refused_or_read(@ForAll long seed) throws IOException {
        byte[] whole = GOOD.getBytes(StandardCharsets.UTF_8);
        Path file = new Damage(folder, INDEX).written(Damage.flipped(whole, new Random(seed), 0, whole.length));
        boolean read;
        try {
            read = Weights.open(file).names().size() > 0;
        } catch (WeightFormatException e) {
            assertTrue(Refusals.message(e).contains(": byte "), e.getMessage());
            read = false;
        }
        Damage.count(read);
    }
}
