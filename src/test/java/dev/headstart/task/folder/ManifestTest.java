package dev.headstart.task.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.io.json.Json;
import dev.headstart.task.FineTune;
import dev.headstart.task.ImageClassification;
import dev.headstart.task.Predict;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final Images IMAGES = new Images(new byte[4 * 8 * 8 * 3], 4, 8, 8, 3, new int[] {0, 1, 0, 1}, List.of("a", "b"));

    @TempDir
    private Path temporary;
    private Path model = Path.of("");

    private FineTune run() throws IOException {
        Path file = temporary.resolve("resnet.safetensors");
        if (!Files.exists(file)) {
            SafeTensors.write(file, CifarResNet.of(8, 2, RandomStream.of(1)).export());
        }
        return FineTune.of(Pretrained.open(file), ImageClassification.of(IMAGES).measuredOn(IMAGES)).steps(2).batch(2).saveIn(model);
    }

    @BeforeEach
    void tune() throws IOException {
        model = temporary.resolve("model");
        run().run();
    }

    private String refusal() {
        return String.valueOf(assertThrows(IOException.class, () -> Pretrained.open(model)).getMessage());
    }

    private void edit(String from, String to) throws IOException {
        Path file = model.resolve(Manifest.NAME);
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void a_model_lists_its_files() throws IOException {
        Map<String, Json> files = ((Json.Obj) Json.read(model.resolve(Manifest.NAME))).object("files").members();
        assertEquals(Set.of("README.md", "headstart.json", "model.safetensors", "report.html"), files.keySet());
        for (Map.Entry<String, Json> entry : files.entrySet()) {
            Json.Obj facts = (Json.Obj) entry.getValue();
            assertEquals(Files.size(model.resolve(entry.getKey())), facts.integer("bytes"));
            assertEquals(Hashes.sha256(model.resolve(entry.getKey())), facts.string("sha256"));
        }
    }

    @Test
    void a_model_whose_writer_was_stopped_is_refused_until_it_is_written_again() throws IOException {
        for (String last : List.of("README.md", "headstart.json")) {
            assertThrows(IllegalStateException.class, () -> Manifest.publish(model, () -> {
                Files.writeString(model.resolve(last), "half");
                throw new IllegalStateException("the process ends here");
            }));
            assertTrue(refusal().contains("was interrupted while it did: start it again"), refusal());
            run().run(); // goes on from its last checkpoint
            Predict.with(model);
        }
    }

    @Test
    void a_folder_that_lacks_a_file_or_has_other_weights_is_refused() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        SafeTensors.write(weights, CifarResNet.of(14, 2, RandomStream.of(1)).export());
        assertTrue(refusal().contains(" bytes, and " + Manifest.NAME + " says " + whole.length), refusal());
        Files.delete(weights);
        assertTrue(refusal().contains("lists this file, and it is missing: copy the whole folder"), refusal());
        Files.write(weights, whole);
        Predict.with(model);
    }

    @Test
    void other_files_may_be_edited_and_the_manifest_left_out() throws IOException {
        Files.writeString(model.resolve("README.md"), "mine");
        Predict.with(model);
        Files.delete(model.resolve(Manifest.NAME));
        Predict.with(model);
    }

    @Test
    void a_manifest_that_is_not_understood_is_refused_by_name() throws IOException {
        edit("\"format\": 1", "\"format\": 2");
        assertTrue(refusal().contains("this is of format 2, and 1 is known"), refusal());
        edit("\"format\": 2", "\"format\": \"x\"");
        assertTrue(refusal().startsWith(model.resolve(Manifest.NAME) + ": "), refusal());
        edit("\"format\": \"x\"", "\"format\": 1");
        edit("\"README.md\"", "\"../README.md\"");
        assertTrue(refusal().contains("is no file of this folder"), refusal());
        Files.writeString(model.resolve(Manifest.NAME), "{");
        assertTrue(refusal().startsWith(model.resolve(Manifest.NAME) + ": "), refusal());
    }
}
