package dev.headstart.io.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Weights;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Against what Pillow and torchvision made of the same pictures: equal bytes, and equal bits after normalisation.
class PreprocessingTest {
    private final Weights golden = golden();

    private static Weights golden() {
        try {
            return Weights.open(Path.of(Objects.requireNonNull(PreprocessingTest.class.getResource("/images/golden.safetensors")).toURI()));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Image image(String name) throws IOException {
        Tensor tensor = golden.tensor(name);
        float[] values = tensor.toArray();
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (int) values[i];
        }
        return new Image(pixels, tensor.dim(0), tensor.dim(1), tensor.dim(2));
    }

    private List<String> cases(String beginning) {
        return golden.names().stream().filter(name -> name.startsWith(beginning) && name.endsWith(".in"))
                .map(name -> name.substring(0, name.length() - 3)).toList();
    }

    private static Filter filter(String name) {
        return name.equals("bicubic") ? Filter.BICUBIC : Filter.BILINEAR;
    }

    private void assertFramed(String name, Preprocessing preprocessing) throws IOException {
        Image wanted = image(name + ".out");
        Image framed = preprocessing.framed(image(name + ".in"));
        assertEquals(wanted.toString(), framed.toString(), name);
        assertArrayEquals(wanted.pixels(), framed.pixels(), name);
    }

    @Test
    void resized_images_have_the_bytes_of_torchvision_on_pil_images() throws IOException {
        List<String> cases = cases("resize.");
        assertEquals(10, cases.size());
        for (String name : cases) {
            String[] parts = name.split("\\.", -1);
            assertFramed(name, Preprocessing.UNIT.resized(Integer.parseInt(parts[2]), filter(parts[1])));
        }
    }

    @Test
    void centre_crops_have_the_bytes_of_torchvision() throws IOException {
        List<String> cases = cases("crop.");
        assertEquals(8, cases.size());
        for (String name : cases) {
            String[] parts = name.split("\\.", -1);
            assertFramed(name,
                    Preprocessing.UNIT.resized(Integer.parseInt(parts[2]), filter(parts[1])).cropped(Integer.parseInt(parts[3])));
        }
    }

    @Test
    void normalised_images_have_the_bits_of_torchvision() throws IOException {
        Preprocessing preprocessing = Preprocessing.UNIT.withChannels(3).resized(20, Filter.BILINEAR).cropped(16)
                .normalised(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
        Tensor batch = preprocessing.of(List.of(image("normalised.in"), image("normalised.in")));
        assertEquals(Shape.of(2, 16, 16, 3), batch.shape());
        assertTrue(golden.tensor("normalised.out").bitsEqual(batch.slice(0, 1, 2).reshape(16, 16, 3)));
    }

    @Test
    void colours_become_grey_as_in_pil_and_grey_becomes_three_equal_channels() throws IOException {
        Image grey = image("grey.in").withChannels(1);
        assertArrayEquals(image("grey.out").pixels(), grey.pixels());
        Image again = grey.withChannels(3);
        assertEquals("[30, 26, 3]", again.toString());
        assertArrayEquals(new int[] {grey.at(7, 3, 0), grey.at(7, 3, 0), grey.at(7, 3, 0)},
                new int[] {again.at(7, 3, 0), again.at(7, 3, 1), again.at(7, 3, 2)});
    }

    @Test
    void a_crop_needs_no_memory_for_what_it_leaves_out() {
        Image strip = new Image(new byte[60_000], 1, 60_000, 1); // resized to 256 rows it would have 4 billion bytes
        assertEquals("[224, 224, 1]", Preprocessing.UNIT.resized(256, Filter.BILINEAR).cropped(224).framed(strip).toString());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Preprocessing.UNIT.resized(256, Filter.BILINEAR).framed(strip));
        assertTrue(String.valueOf(e.getMessage()).contains("more bytes than one array holds"), e.getMessage());
    }

    @Test
    void what_cannot_be_a_batch_is_refused() {
        Image small = new Image(new byte[12], 2, 2, 3);
        Image large = new Image(new byte[27], 3, 3, 3);
        assertThrows(IllegalArgumentException.class, () -> Preprocessing.UNIT.of(List.of(small, large)));
        assertThrows(IllegalArgumentException.class, () -> Preprocessing.UNIT.of(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Preprocessing.UNIT.normalised(List.of(0f), List.of(1f)).of(List.of(small)));
        assertThrows(IllegalArgumentException.class, () -> Preprocessing.UNIT.withChannels(3).normalised(List.of(0f), List.of(1f)));
        assertThrows(IllegalArgumentException.class, () -> Preprocessing.UNIT.withChannels(-1));
        assertThrows(IllegalArgumentException.class, () -> new Image(new byte[11], 2, 2, 3));
    }
}
