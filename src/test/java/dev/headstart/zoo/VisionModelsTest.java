package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.nn.loss.Losses;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Published;
import dev.headstart.zoo.vision.CifarResNet;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisionModelsTest {
    private static final RandomStream RANDOM = RandomStream.of(1);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"18, 11689512", "34, 21797672", "50, 25557032", "101, 44549160", "152, 60192808"})
    void residual_networks_have_as_many_parameters_as_published(int depth, long count) {
        ResNet model = ResNet.of(depth, 1000, RANDOM);
        assertEquals(count, model.parameters().count());
        assertEquals("ResNet-" + depth, model.architecture());
    }

    @ParameterizedTest
    @CsvSource({"20, 269722", "32, 464154", "44, 658586", "56, 853018", "110, 1727962"})
    void residual_networks_for_cifar_have_as_many_parameters_as_published(int depth, long count) {
        assertEquals(count, CifarResNet.of(depth, 10, RANDOM).parameters().count());
    }

    @ParameterizedTest
    @CsvSource({"11, false, 132863336", "13, false, 133047848", "16, false, 138357544", "19, false, 143667240", "11, true, 132868840",
        "13, true, 133053736", "16, true, 138365992", "19, true, 143678248"})
    void vgg_networks_have_as_many_parameters_as_published(int depth, boolean normalised, long count) {
        assertEquals(count, Vgg.of(depth, normalised, 1000, RANDOM).parameters().count());
    }

    @Test
    void names_and_published_shapes_are_torchvisions() {
        ResNet model = ResNet.of(50, 10, RANDOM);
        assertEquals(320, model.parameters().size());
        assertEquals(Shape.of(64, 3, 7, 7), published(model, "conv1.weight"));
        assertEquals(Shape.of(256, 64, 1, 1), published(model, "layer1.0.downsample.0.weight"));
        assertEquals(Shape.of(512, 512, 3, 3), published(model, "layer4.2.conv2.weight"));
        assertEquals(Shape.of(2048), published(model, "layer4.2.bn3.running_var"));
        assertEquals(Shape.of(10, 2048), published(model, "fc.weight"));
        Vgg vgg = Vgg.of(16, true, 7, RANDOM);
        assertEquals(Shape.of(512, 512, 3, 3), published(vgg, "features.40.weight"));
        assertEquals(Shape.of(512), published(vgg, "features.41.running_mean"));
        assertEquals(Shape.of(4096, 25088), published(vgg, "classifier.0.weight"));
        assertEquals(Shape.of(7, 4096), published(vgg, "classifier.6.weight"));
        ImageClassifier grey = vgg.withChannels(1).model();
        assertEquals(Shape.of(64, 1, 3, 3), published(grey, "features.0.weight"));
        assertSame(vgg.parameters().get("features.0.bias"), grey.parameters().get("features.0.bias"));
        assertEquals(1, grey.preprocessing().channels());
    }

    private static Shape published(Published model, String name) {
        return model.layout(name).toPublished(model.parameters().get(name).shape());
    }

    private static Variable images(int side) {
        return Variable.of(RANDOM.child("images").normal(Shape.of(2, side, side, 3), 0, 1));
    }

    private static CifarResNet small() {
        return CifarResNet.of(8, 10, RANDOM);
    }

    @Test
    void what_was_exported_loads_with_the_same_bits_and_is_told_by_its_shapes() throws IOException {
        CifarResNet model = small();
        Mode.training(RANDOM, () -> model.forward(images(16))); // moves the running statistics
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, model.export());
        Weights weights = Weights.open(file);
        Architecture architecture = Architectures.of(weights).orElseThrow();
        assertEquals("ResNet-8 for CIFAR, 10 classes", architecture.name());
        Published other = architecture.build(RandomStream.of(2));
        other.load(weights);
        model.parameters().byName()
                .forEach((name, parameter) -> assertTrue(parameter.value().bitsEqual(other.parameters().get(name).value()), name));
        assertEquals(Shape.of(16, 3, 3, 3), weights.shape("conv1.weight"));
    }

    @Test
    void reduced_residual_networks_and_vgg_are_told_from_their_files() throws IOException {
        ResNet.Config config = new ResNet.Config(ResNet.Block.BOTTLENECK, 4, List.of(1, 2, 1), 5);
        ResNet resnet = new ResNet(config, RANDOM);
        Path file = folder.resolve("resnet.safetensors");
        SafeTensors.write(file, resnet.export());
        Architecture found = Architectures.of(Weights.open(file)).orElseThrow();
        assertEquals("ResNet-14, 5 classes", found.name());
        assertEquals(config, ((ResNet) found.build(RANDOM)).config());
        Map<String, dev.headstart.tensor.Tensor> damaged = resnet.export();
        damaged.remove("layer2.1.conv2.weight");
        SafeTensors.write(file, damaged);
        assertTrue(Architectures.of(Weights.open(file)).isEmpty());
    }

    @Test
    void a_new_head_shares_the_body_and_only_the_head_learns_when_the_body_is_frozen() {
        CifarResNet model = small();
        CifarResNet changed = model.withHead(3, RandomStream.of(5));
        assertSame(model.parameters().get("conv1.weight"), changed.parameters().get("conv1.weight"));
        assertNotSame(model.parameters().get("linear.weight"), changed.parameters().get("linear.weight"));
        changed.parameters().freeze();
        changed.parameters().select("linear.*").unfreeze();
        Gradients gradients = Mode
                .training(RANDOM, () -> Losses.crossEntropy(changed.forward(images(16)), Indices.of(0, 2))).backward();
        assertEquals(2, gradients.parameters().size());
        assertEquals(Shape.of(2, 64), changed.features(images(16)).shape());
        assertEquals(3, changed.classes());
    }

    @Test
    void depths_that_do_not_exist_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> ResNet.of(20, 10, RANDOM));
        assertThrows(IllegalArgumentException.class, () -> CifarResNet.of(18, 10, RANDOM));
        assertThrows(IllegalArgumentException.class, () -> Vgg.of(12, false, 10, RANDOM));
    }
}
