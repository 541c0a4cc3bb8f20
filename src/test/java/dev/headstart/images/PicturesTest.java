package dev.headstart.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Weights;
import dev.headstart.io.data.DataFileException;
import dev.headstart.io.data.Image;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Against what Pillow decodes from the same files, and against damage.
class PicturesTest {
    @TempDir
    Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(PicturesTest.class.getResource("/images/" + name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertAsPillow(Image image, String name) throws IOException {
        Tensor wanted = Weights.open(resource("golden.safetensors")).tensor(name);
        assertArrayEquals(wanted.shape().dims(), new int[] {image.height(), image.width(), image.channels()}, name);
        float[] found = new float[image.pixels().length];
        for (int i = 0; i < found.length; i++) {
            found[i] = image.pixels()[i] & 0xFF;
        }
        assertArrayEquals(wanted.toArray(), found, name);
    }

    @Test
    void every_kind_of_png_has_the_bytes_of_pillow() throws IOException {
        List<String> names = List.of("grey.png", "bits.png", "colour.png", "palette.png", "grey_alpha.png", "colour_alpha.png",
                "colour16.png", "grey4.png");
        for (String name : names) {
            assertAsPillow(Pictures.read(resource(name)), name);
        }
    }

    @Test
    void every_kind_of_jpeg_has_the_bytes_of_pillow() throws IOException {
        for (String name : List.of("grey.jpg", "colour.jpg", "colour444.jpg", "progressive.jpg", "rgb.jpg")) {
            assertAsPillow(Pictures.read(resource(name)), name);
        }
    }

    @Test
    void pictures_are_turned_upright_as_their_exif_says_unless_wanted_as_stored() throws IOException {
        for (int orientation = 1; orientation <= 8; orientation++) {
            String name = "turned" + orientation + ".jpg";
            assertAsPillow(Pictures.read(resource(name)), name);
            assertAsPillow(Pictures.readAsStored(resource(name)), "turned1.jpg");
        }
    }

    private String refusal(Path file) {
        return refusal(file, () -> Pictures.read(file));
    }

    private static void refuse(byte[] bytes) {
        Path file = Path.of("a picture");
        refusal(file, () -> Pictures.read(file, bytes));
    }

    private static String refusal(Path file, Executable reading) {
        DataFileException e = assertThrows(DataFileException.class, reading);
        assertEquals(file.toString(), e.source());
        return String.valueOf(e.getMessage());
    }

    @Test
    void what_is_no_picture_is_refused() throws IOException {
        assertTrue(refusal(Files.writeString(folder.resolve("a.png"), "no picture")).contains("byte 0: neither PNG nor JPEG"));
        assertTrue(refusal(Files.write(folder.resolve("b.png"), new byte[0]))
                .contains("neither PNG nor JPEG but an empty file: copy it again"));
        assertThrows(NoSuchFileException.class, () -> Pictures.read(folder.resolve("none.png")));
        refusal(Files.createDirectory(folder.resolve("c.png")));
    }

    @Test
    void a_png_of_huge_extents_is_refused_before_it_is_decoded() throws IOException {
        byte[] bytes = Files.readAllBytes(resource("colour.png"));
        ByteBuffer.wrap(bytes).putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(bytes, 12, 17);
        ByteBuffer.wrap(bytes).putInt(29, (int) crc.getValue());
        assertTrue(refusal(Files.write(folder.resolve("bomb.png"), bytes)).contains("60000 x 60000 pixels: at most"));
    }

    @Test
    void a_jpeg_of_huge_extents_is_refused_before_it_is_decoded() throws IOException {
        byte[] bytes = Files.readAllBytes(resource("colour.jpg"));
        int frame = 0;
        while (bytes[frame] != (byte) 0xFF || bytes[frame + 1] != (byte) 0xC0) {
            frame++;
        }
        ByteBuffer.wrap(bytes).putShort(frame + 5, (short) 65_500).putShort(frame + 7, (short) 65_500);
        assertTrue(refusal(Files.write(folder.resolve("bomb.jpg"), bytes)).contains("65500 x 65500 pixels: at most"));
    }

    @Test
    void a_png_cut_off_anywhere_is_refused() throws IOException {
        for (String name : List.of("colour.png", "palette.png", "grey16.png")) {
            byte[] whole = Files.readAllBytes(resource(name));
            for (int length = 0; length < whole.length; length++) {
                refuse(Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void a_jpeg_cut_off_anywhere_is_refused() throws IOException {
        for (String name : List.of("colour.jpg", "grey.jpg", "progressive.jpg", "turned6.jpg")) {
            byte[] whole = Files.readAllBytes(resource(name));
            for (int length = 0; length < whole.length; length++) {
                refuse(Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void a_png_with_a_flipped_bit_is_refused() throws IOException {
        Random random = new Random(3);
        byte[] whole = Files.readAllBytes(resource("palette.png"));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            refuse(damaged);
        }
    }

    @Test
    void a_jpeg_with_flipped_bits_is_refused_or_a_picture() throws IOException {
        Random random = new Random(4);
        int refused = 0;
        for (String name : List.of("colour.jpg", "progressive.jpg", "turned6.jpg")) {
            byte[] whole = Files.readAllBytes(resource(name));
            for (int i = 0; i < 200; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                Path file = Path.of("a picture");
                try {
                    assertTrue(Pictures.read(file, damaged).height() > 0);
                } catch (DataFileException e) {
                    assertEquals(file.toString(), e.source());
                    refused++;
                }
            }
        }
        assertTrue(refused > 60, refused + " of 600");
    }
}
