package dev.headstart.task.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Images;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Scope;
import dev.headstart.nn.generative.PatchCodes;
import dev.headstart.task.data.SeenImages.Extents;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.own.PretrainedEncoder;
import dev.headstart.zoo.vision.MnistCnn;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ImageFitTest {
    private static Images images(int height, int width, int channels) {
        return new Images(new byte[2 * height * width * channels], 2, height, width, channels, new int[2], List.of("a"));
    }

    private static PretrainedEncoder encoder(int pixels) {
        return PretrainedEncoder.fullyConnected(RandomStream.of(1), pixels, 5);
    }

    private static Preprocessing fit(int pixels, Images images) throws IOException {
        return ImageFit.of(encoder(pixels), encoder(pixels).preprocessing(), images);
    }

    @Test
    void images_of_other_sizes_and_colours_become_what_the_first_layer_takes() throws IOException {
        Preprocessing grey = Preprocessing.UNIT.withChannels(1).resized(28, Filter.BILINEAR).cropped(28);
        assertEquals(grey, fit(784, images(16, 16, 1)));
        assertEquals(grey, fit(784, images(150, 200, 3)));
        assertEquals(grey, fit(784, images(28, 28, 1)));
        Preprocessing colour = Preprocessing.UNIT.withChannels(3).resized(8, Filter.BILINEAR).cropped(8);
        assertEquals(colour, fit(192, images(28, 28, 1)));
        MnistCnn cnn = new MnistCnn(10, RandomStream.of(1));
        assertEquals(28, ImageFit.of(cnn, cnn.preprocessing(), images(16, 16, 3)).crop());
    }

    @Test
    void images_that_fit_stay_though_they_are_no_squares() throws IOException {
        assertEquals(Preprocessing.UNIT, fit(784, images(14, 56, 1)));
    }

    @Test
    void what_cannot_be_brought_to_the_size_is_refused_by_both_sizes() {
        IOException e = assertThrows(IOException.class, () -> fit(35, images(16, 16, 1)));
        assertEquals("images of 16x16: the network, sigmoid encoder, takes 35 numbers, which are no square", e.getMessage());
        Preprocessing asked = Preprocessing.UNIT.resized(16, Filter.BILINEAR).cropped(16);
        IOException other = assertThrows(IOException.class, () -> ImageFit.of(encoder(784), asked, images(28, 28, 1)));
        assertEquals("images of 16x16: the network, sigmoid encoder, takes 28x28 in grey", other.getMessage());
    }

    @Test
    void networks_of_any_size_see_the_shorter_side_that_most_have() {
        PretrainedEncoder any = PretrainedEncoder.of(new PatchCodes(3, 1, 4,
                Scope.of(RandomStream.of(1))));
        Map<Extents, Integer> counts = new TreeMap<>(Map.of(new Extents(20, 30, 3), 5, new Extents(40, 40, 1), 2));
        Preprocessing found = ImageFit.ofMost(any, any.preprocessing(), counts);
        assertEquals(20, found.crop());
        assertEquals(List.of("7 images (5 of 30x20, 2 of 40x40) resized to 20x20, the longer side cut to its middle;"
                + " 5 images in colour made grey (ITU-R 601)"), ImageFit.notes(any, found, counts));
        Preprocessing alike = ImageFit.ofMost(any, any.preprocessing(), Map.of(new Extents(20, 30, 1), 5));
        assertEquals(any.preprocessing(), alike);
        assertTrue(ImageFit.notes(any, alike, Map.of(new Extents(20, 30, 1), 5)).isEmpty());
    }
}
