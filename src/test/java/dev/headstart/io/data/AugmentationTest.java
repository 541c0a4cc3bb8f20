package dev.headstart.io.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static Image image(int height, int width, int channels) {
        byte[] pixels = new byte[height * width * channels];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (1 + i % 250);
        }
        return new Image(pixels, height, width, channels);
    }

    @Test
    void nothing_changes_nothing() {
        Image image = image(4, 5, 3);
        assertSame(image, Augmentation.NONE.of(image, RandomStream.of(1)));
    }

    @Test
    void a_mirrored_image_is_mirrored_with_its_channels_in_order() {
        Image image = image(3, 4, 3);
        Image mirrored = new Augmentation(0, 1, 0).of(image, RandomStream.of(1));
        for (int i = 0; i < 36; i++) {
            assertEquals(image.at(i / 12, i / 3 % 4, i % 3), mirrored.at(i / 12, 3 - i / 3 % 4, i % 3));
        }
        assertArrayEquals(image.pixels(), new Augmentation(0, 1, 0).of(mirrored, RandomStream.of(2)).pixels());
    }

    @Test
    void a_cut_is_the_image_shifted_by_at_most_the_border_with_black_coming_in_and_every_place_occurs() {
        Image image = image(5, 6, 2);
        Set<String> places = new HashSet<>();
        for (int n = 0; n < 400; n++) {
            Image cut = new Augmentation(2, 0, 0).of(image, RandomStream.of(n));
            int found = 0;
            for (int up = -2; up <= 2; up++) {
                for (int left = -2; left <= 2; left++) {
                    if (isShifted(image, cut, up, left)) {
                        places.add(up + " " + left);
                        found++;
                    }
                }
            }
            assertEquals(1, found, "seed " + n);
        }
        assertEquals(25, places.size());
    }

    private static boolean isShifted(Image image, Image cut, int up, int left) {
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 6; column++) {
                boolean inside = row + up >= 0 && row + up < 5 && column + left >= 0 && column + left < 6;
                for (int channel = 0; channel < 2; channel++) {
                    if (cut.at(row, column, channel) != (inside ? image.at(row + up, column + left, channel) : 0)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    @Test
    void a_hole_is_black_and_no_larger_than_said() {
        Image image = image(8, 8, 1);
        int largest = 0;
        for (int n = 0; n < 100; n++) {
            Image holed = new Augmentation(0, 0, 3).of(image, RandomStream.of(n));
            int black = 0;
            for (int i = 0; i < 64; i++) {
                int before = image.at(i / 8, i % 8, 0);
                int after = holed.at(i / 8, i % 8, 0);
                assertTrue(after == 0 || after == before);
                black += after == 0 ? 1 : 0;
            }
            assertTrue(black >= 1 && black <= 9, black + " pixels");
            largest = Math.max(largest, black);
        }
        assertEquals(9, largest);
    }

    @Test
    void the_same_stream_gives_the_same_image_and_another_epoch_another() {
        Image image = image(8, 8, 3);
        Augmentation augmentation = new Augmentation(2, 0.5, 3);
        RandomStream seed = RandomStream.of(5);
        Set<String> seen = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            byte[] first = augmentation.of(image, seed.child(epoch).child(7)).pixels();
            assertArrayEquals(first, augmentation.of(image, RandomStream.of(5).child(epoch).child(7)).pixels());
            seen.add(java.util.Arrays.toString(first));
        }
        assertTrue(seen.size() > 15, seen.size() + " different images");
        assertThrows(IllegalArgumentException.class, () -> new Augmentation(-1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Augmentation(0, 1.5, 0));
    }
}
