package dev.headstart.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Surgery;
import dev.headstart.zoo.model.Surgery.Fate;
import dev.headstart.zoo.vision.CifarResNet;
import dev.headstart.zoo.vision.MnistCnn;
import dev.headstart.zoo.vision.ResNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Published networks for images of another number of channels.
class ImageChannelsTest {
    private static final RandomStream RANDOM = RandomStream.of(21);

    static Stream<ImageClassifier> networks() {
        return Stream.of(CifarResNet.of(8, 5, RANDOM), new ResNet(new ResNet.Config(ResNet.Block.BOTTLENECK, 4, List.of(1, 1), 5), RANDOM));
    }

    private static Image grey() {
        byte[] pixels = new byte[36 * 36];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) RANDOM.below(256, i);
        }
        return new Image(pixels, 36, 36, 1);
    }

    private static float[] features(ImageClassifier network, Tensor images) {
        return Mode.inference(() -> network.features(Variable.of(images)).value()).toArray();
    }

    /// To rounding: the sum of the weights is rounded once, the sum of the products differently.
    private static void assertClose(float[] expected, float[] actual) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0, "there are features");
        assertArrayEquals(expected, actual, 2e-5f * largest);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_grey_image_gives_what_it_gave_as_three_equal_channels(ImageClassifier network) {
        Surgery<ImageClassifier> changed = network.withChannels(1);
        Tensor one = Preprocessing.UNIT.withChannels(1).of(List.of(grey()));
        Tensor three = Preprocessing.UNIT.withChannels(3).of(List.of(grey()));
        assertEquals(1, one.dim(3));
        assertEquals(3, three.dim(3));
        assertClose(features(network, three), features(changed.model(), one));
        assertEquals(Fate.SUMMED, changed.change("conv1.weight").fate());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void an_image_of_repeated_channels_gives_what_it_gave(ImageClassifier network) {
        Tensor three = RANDOM.normal(Shape.of(1, 36, 36, 3), 0, 1);
        ImageClassifier six = network.withChannels(6).model();
        assertClose(features(network, three), features(six, Tensor.concat(3, three, three)));
        Tensor old = network.parameters().get("conv1.weight").value();
        Tensor four = network.withChannels(4).model().parameters().get("conv1.weight").value();
        assertArrayEquals(old.slice(3, 0, 1).times(0.75f).toArray(), four.slice(3, 3, 4).toArray());
        assertArrayEquals(old.slice(3, 2, 3).times(0.75f).toArray(), four.slice(3, 2, 3).toArray());
    }

    @Test
    void all_other_parameters_are_the_networks_own_and_the_weight_stays_frozen() {
        CifarResNet network = CifarResNet.of(8, 5, RANDOM);
        network.parameters().select("conv1.**").freeze();
        Surgery<ImageClassifier> changed = network.withChannels(1);
        changed.model().parameters().byName().forEach((name, parameter) -> {
            if (!name.equals("conv1.weight")) {
                assertSame(network.parameters().get(name), parameter);
            }
        });
        assertFalse(changed.model().parameters().get("conv1.weight").isTrainable());
        assertEquals(Shape.of(16, 3, 3, 3), network.parameters().get("conv1.weight").shape());
        assertTrue(changed.toString().endsWith(" kept, 1 summed\n  summed   conv1.weight [16, 3, 3, 1], it was [16, 3, 3, 3]"),
                changed.toString());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_file_tells_its_channels(ImageClassifier network, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("grey.safetensors");
        SafeTensors.write(file, network.withChannels(1).model().export());
        Weights weights = Weights.open(file);
        ImageClassifier grey = (ImageClassifier) Architectures.of(weights).orElseThrow().build(RandomStream.of(1));
        grey.load(weights);
        assertEquals(1, grey.preprocessing().channels());
        assertArrayEquals(features(network.withChannels(1).model(), grey.preprocessing().of(List.of(grey()))),
                features(grey, grey.preprocessing().of(List.of(grey()))));
    }

    /// ImageNet's statistics: (0.485 + 0.456 + 0.406) / 3 and (0.229 + 0.224 + 0.225) / 3.
    @Test
    void preprocessing_follows() {
        Preprocessing grey = CifarResNet.of(8, 5, RANDOM).withChannels(1).model().preprocessing();
        assertEquals(List.of(0.449f), grey.mean());
        assertEquals(List.of(0.226f), grey.deviation());
        assertEquals(List.of(0.485f, 0.456f, 0.406f, 0.485f), CifarResNet.of(8, 5, 4, RANDOM).preprocessing().mean());
        assertEquals(Preprocessing.UNIT.withChannels(1), Preprocessing.UNIT.forChannels(1));
        assertThrows(IllegalArgumentException.class, () -> Preprocessing.UNIT.forChannels(0));
    }

    @Test
    void no_channels_and_networks_of_one_kind_of_image_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> CifarResNet.of(8, 5, RANDOM).withChannels(0));
        assertThrows(IllegalArgumentException.class, () -> new MnistCnn(10, RANDOM).withChannels(3));
    }
}
