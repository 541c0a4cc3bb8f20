package dev.headstart.task.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.Evaluate;
import dev.headstart.task.ExtractFeatures;
import dev.headstart.task.FineTune;
import dev.headstart.task.ImageClassification;
import dev.headstart.task.Predict;
import dev.headstart.task.folder.MissingFileException;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints of training runs, and bodies without heads, as what a task starts from.
class CheckpointPartsTest {
    private static final CifarResNet NETWORK = CifarResNet.of(8, 3, RandomStream.of(1));

    @TempDir
    private Path folder;

    private Path file(String name, Map<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve(name + ".safetensors");
        SafeTensors.write(file, tensors);
        return file;
    }

    private Path checkpoint() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        CifarResNet.of(8, 3, RandomStream.of(2)).export().forEach((name, tensor) -> tensors.put("model." + name, tensor));
        NETWORK.export().forEach((name, tensor) -> tensors.put("model_ema.module." + name, tensor));
        tensors.put("optimizer.state.0.exp_avg", Tensor.zeros(Shape.of(3)));
        return file("checkpoint", tensors);
    }

    private Path body() throws IOException {
        Map<String, Tensor> tensors = NETWORK.export();
        tensors.keySet().removeIf(name -> name.startsWith("linear."));
        return file("body", tensors);
    }

    private static Images images() {
        int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2};
        byte[] pixels = new byte[labels.length * 8 * 8 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 % 251);
        }
        return new Images(pixels, labels.length, 8, 8, 3, labels, List.of("a", "b", "c"));
    }

    private static Tensor head(Pretrained network) throws IOException {
        return head(network.load().network());
    }

    private static Tensor head(Published network) {
        return network.parameters().get("linear.weight").value();
    }

    @Test
    void the_part_that_is_the_network_is_opened_and_said() throws IOException {
        Pretrained network = Pretrained.open(checkpoint());
        assertEquals("ResNet-8 for CIFAR, 3 classes", network.architecture().name());
        assertEquals(NETWORK.export().keySet(), network.weights().names());
        assertTrue(head(network).bitsEqual(head(NETWORK)));
        assertTrue(network.notes().getFirst().contains("model_ema.module is taken, not model; "), network.notes().toString());
        Pretrained other = Pretrained.open(checkpoint(), null, "model");
        assertEquals(Optional.of("model"), other.part());
        assertFalse(head(other).bitsEqual(head(NETWORK)));
        assertEquals(List.of(), Pretrained.open(file("alone", NETWORK.export())).notes());
    }

    @Test
    void what_is_no_network_is_described_when_it_is_needed() throws IOException {
        Pretrained network = Pretrained
                .open(file("other", Map.of("a.b", Tensor.scalar(1), "a.c", Tensor.scalar(1), "d", Tensor.scalar(1))));
        String message = String.valueOf(assertThrows(MissingFileException.class, network::architecture).getMessage());
        assertTrue(message.endsWith("no network known here: it has 3 tensors, under a (2), d (1)"), message);
    }

    @Test
    void a_body_without_a_head_is_a_source_and_labels_nothing() throws IOException {
        Pretrained body = Pretrained.open(body());
        assertEquals("ResNet-8 for CIFAR, no head", body.architecture().name());
        assertEquals(9, ExtractFeatures.with(body).of(images()).rows().dim(0));
        FineTune run = FineTune.of(body, ImageClassification.of(images()).measuredOn(images())).steps(1).batch(4).headOnly();
        assertEquals(1, run.saveIn(folder.resolve("tuned")).run().training().steps());
        assertEquals("ResNet-8 for CIFAR, 3 classes", Pretrained.open(folder.resolve("tuned")).architecture().name());
        assertTrue(String.valueOf(assertThrows(UntrainedException.class, () -> Predict.with(body)).getMessage()).contains("has no head"));
        assertThrows(UntrainedException.class, () -> Evaluate.with(body).of(images(), "images", true));
        assertThrows(SettingException.class, () -> run.prepared(new Preparation(true, false, null)).run());
    }

    @Test
    void networks_for_texts_are_parts_too() throws IOException {
        BertConfig config = BertConfig.of(40, 12, 2, 3, 20).withPositions(16).withLabels(List.of("a", "b", "c"));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        BertForSequenceClassification bert = new BertForSequenceClassification(config, RandomStream.of(5));
        bert.export().forEach((name, tensor) -> tensors.put("model." + name, tensor));
        tensors.put("criterion.weight", Tensor.zeros(Shape.of(3)));
        Path model = Files.createDirectories(folder.resolve("bert"));
        SafeTensors.write(model.resolve("model.safetensors"), tensors);
        Files.write(model.resolve("pytorch_model.bin"), new byte[0]);
        config.json().write(model.resolve("config.json"));
        Pretrained network = Pretrained.open(model);
        assertEquals(List.of("a", "b", "c"), network.load().textClassifier().orElseThrow().config().labels());
        assertTrue(network.notes().getFirst().endsWith(": model.safetensors is taken, not pytorch_model.bin"), network.notes().toString());
        assertTrue(network.notes().getLast().contains("the network is model; a tensor that is none"), network.notes().toString());
    }
}
