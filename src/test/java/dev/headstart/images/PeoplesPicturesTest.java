package dev.headstart.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Weights;
import dev.headstart.io.data.DataFileException;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/// Pictures as cameras, scanners and printers write them: turned, of four inks, of 16 bits, of other formats.
class PeoplesPicturesTest {
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(PeoplesPicturesTest.class.getResource("/images/" + name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertSamples(String golden, String name, Image image) throws IOException {
        Tensor wanted = Weights.open(resource(golden)).tensor(name);
        assertArrayEquals(wanted.shape().dims(), new int[] {image.height(), image.width(), image.channels()}, name);
        float[] found = new float[image.height() * image.width() * image.channels()];
        for (int i = 0; i < found.length; i++) {
            int pixel = i / image.channels();
            found[i] = image.at(pixel / image.width(), pixel % image.width(), i % image.channels());
        }
        assertArrayEquals(wanted.toArray(), found, name);
    }

    /// EXIF data of one tag, orientation.
    private static byte[] exif(ByteOrder order, int type, int value) {
        ByteBuffer tiff = ByteBuffer.allocate(26).order(order);
        tiff.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) 1).putShort((short) 0x0112).putShort((short) type).putInt(1);
        switch (type) {
            case 1 -> tiff.put((byte) value);
            case 3 -> tiff.putShort((short) value);
            default -> tiff.putInt(value);
        }
        return tiff.array();
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object part : parts) {
            all.writeBytes(part instanceof byte[] some ? some : part.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        return all.toByteArray();
    }

    private static byte[] segment(Object... parts) {
        byte[] data = bytes(parts);
        return bytes(ByteBuffer.allocate(4).putShort((short) 0xFFE1).putShort((short) (data.length + 2)).array(), data);
    }

    private static byte[] jpeg(byte[]... segments) throws IOException {
        byte[] whole = Files.readAllBytes(resource("turned1.jpg"));
        int exif = 2;
        while (whole[exif + 1] != (byte) 0xE1) {
            exif += 2 + ByteBuffer.wrap(whole).getShort(exif + 2);
        }
        int after = exif + 2 + ByteBuffer.wrap(whole).getShort(exif + 2);
        ByteBuffer all = ByteBuffer.wrap(whole);
        return bytes(slice(all, 0, exif), bytes((Object[]) segments), slice(all, after, whole.length));
    }

    private static byte[] slice(ByteBuffer all, int from, int to) {
        byte[] part = new byte[to - from];
        all.get(from, part);
        return part;
    }

    /// The PNG with a chunk before its end.
    private static byte[] png(String type, byte[] data) throws IOException {
        byte[] whole = Files.readAllBytes(resource("colour.png"));
        ByteBuffer all = ByteBuffer.wrap(whole);
        CRC32 crc = new CRC32();
        crc.update(bytes(type, data));
        byte[] length = ByteBuffer.allocate(4).putInt(data.length).array();
        byte[] check = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        return bytes(slice(all, 0, whole.length - 12), length, type, data, check, slice(all, whole.length - 12, whole.length));
    }

    private static Image read(byte[] bytes) throws IOException {
        return Pictures.read(Path.of("a picture"), bytes);
    }

    @Test
    void a_jpeg_is_turned_by_every_orientation_type_and_byte_order_of_exif() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (int type : new int[] {1, 3, 4}) {
                for (int value = 1; value <= 8; value++) {
                    byte[] exif = exif(order, type, value);
                    assertSamples("golden.safetensors", "turned" + value + ".jpg", read(jpeg(segment("Exif\0\0", exif))));
                    assertSamples("golden.safetensors", "turned" + value + ".jpg", read(jpeg(segment(XMP), segment("Exif\0\0", exif))));
                }
            }
        }
    }

    @Test
    void the_first_exif_counts_and_xmp_where_exif_says_nothing() throws IOException {
        byte[] six = segment("Exif\0\0", exif(ByteOrder.BIG_ENDIAN, 3, 6));
        byte[] eight = segment("Exif\0\0", exif(ByteOrder.LITTLE_ENDIAN, 3, 8));
        byte[] three = segment("http://ns.adobe.com/xap/1.0/\0<d tiff:Orientation=\"3\"/>");
        assertSamples("golden.safetensors", "turned6.jpg", read(jpeg(three, six, eight)));
        assertSamples("golden.safetensors", "turned3.jpg", read(jpeg(three)));
        byte[] none = segment("Exif\0\0", new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0});
        assertSamples("golden.safetensors", "turned3.jpg", read(jpeg(none, three)));
        assertSamples("golden.safetensors", "turned1.jpg", read(jpeg(segment("Exif\0\0", exif(ByteOrder.BIG_ENDIAN, 3, 9)), three)));
    }

    private static byte[] deflated(byte[] data) {
        byte[] out = new byte[data.length + 100];
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(data);
            deflater.finish();
            int length = deflater.deflate(out);
            return slice(ByteBuffer.wrap(out), 0, length);
        }
    }

    @Test
    void a_png_is_turned_by_its_exif_chunk_and_its_texts() throws IOException {
        Image stored = Pictures.read(resource("colour.png"));
        for (int value = 1; value <= 8; value++) {
            byte[] upright = Turn.upright(stored, value).pixels();
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                byte[] exif = exif(order, 3, value);
                byte[] text = bytes("\nexif\n      26\n", HexFormat.of().formatHex(exif), "\n");
                byte[] xmp = bytes("<tiff:Orientation>", value, "</tiff:Orientation>");
                assertArrayEquals(upright, read(png("eXIf", exif)).pixels());
                assertArrayEquals(upright, read(png("eXIf", bytes("Exif\0\0", exif))).pixels());
                assertArrayEquals(upright, read(png("tEXt", bytes("Raw profile type exif\0", text))).pixels());
                assertArrayEquals(upright, read(png("zTXt", bytes("Raw profile type APP1\0\0", deflated(text)))).pixels());
                assertArrayEquals(upright, read(png("iTXt", bytes("XML:com.adobe.xmp\0\0\0en\0\0", xmp))).pixels());
                assertArrayEquals(upright, read(png("iTXt", bytes("XML:com.adobe.xmp\0\1\0\0\0", deflated(xmp)))).pixels());
            }
        }
    }

    @Test
    void damaged_side_matter_turns_nothing() throws IOException {
        byte[] stored = Pictures.read(resource("colour.png")).pixels();
        for (byte[] text : List.of(bytes("Raw profile type exif\0"), bytes("Raw profile type exif\0\nexif\n 2\nxy"),
                bytes("XML:com.adobe.xmp\0"))) {
            assertArrayEquals(stored, read(png("tEXt", text)).pixels());
            assertArrayEquals(stored, read(png("zTXt", text)).pixels());
            assertArrayEquals(stored, read(png("iTXt", text)).pixels());
        }
        byte[] exif = exif(ByteOrder.LITTLE_ENDIAN, 3, 6);
        for (int length = 0; length < exif.length - 4; length++) {
            assertArrayEquals(stored, read(png("eXIf", slice(ByteBuffer.wrap(exif), 0, length))).pixels());
        }
    }

    @Test
    void four_inks_are_rgb_as_pillow_has_them() throws IOException {
        for (String name : List.of("cmyk.jpg", "ycck.jpg", "unmarked.jpg")) {
            assertSamples("deep/golden.safetensors", name, Pictures.read(resource("deep/" + name)));
        }
    }

    @Test
    void grey_of_16_bits_keeps_them_to_the_network() throws IOException {
        for (String name : List.of("grey16.png", "grey_alpha16.png")) {
            Image image = Pictures.read(resource("deep/" + name));
            assertEquals(16, image.depth());
            assertSamples("deep/golden.safetensors", name, image);
        }
        Image image = Pictures.read(resource("deep/grey16.png"));
        float[] values = Preprocessing.UNIT.withChannels(3).of(List.of(image)).toArray();
        for (int i = 0; i < values.length; i++) {
            assertEquals(image.at(i / 3 / 7, i / 3 % 7, 0) / 65535f, values[i]);
        }
    }

    @Test
    void grey_of_16_bits_is_resized_as_pillow_does() throws IOException {
        Image image = Pictures.read(resource("deep/grey16.png"));
        assertSamples("deep/golden.safetensors", "resized.bilinear", Filter.BILINEAR.resize(image, 6, 9));
        assertSamples("deep/golden.safetensors", "resized.bicubic", Filter.BICUBIC.resize(image, 6, 9));
    }

    @Test
    void other_formats_are_refused_by_name_with_what_to_do() {
        Map<String, byte[]> files = Map.ofEntries(
                Map.entry("a.dcm: DICOM: export its pixels to PNG, of 16 bits", bytes(new byte[128], "DICM", new byte[20])),
                Map.entry("bare.dcm: DICOM: export", bytes("\2\0\0\0UL", new byte[200])),
                Map.entry("a.webp: WebP: convert it to PNG or JPEG (magick a.webp a.png)", bytes("RIFF1234WEBPVP8 ")),
                Map.entry("a.jpg: HEIC: convert", bytes("\0\0\0\30ftypheic\0\0\0\0mif1heic")),
                Map.entry("b.jpg: AVIF: convert", bytes("\0\0\0\34ftypmif1\0\0\0\0avif")),
                Map.entry("a.avif: AVIF: convert", bytes("\0\0\0\34ftypavif\0\0\0\0avif")),
                Map.entry("a.svg: SVG: draw it", bytes("<?xml version='1.0'?>\n<!-- drawn -->\n<svg xmlns='x'>")),
                Map.entry("a.NEF: a camera's RAW: develop", bytes("MM\0*\0\0\0\10")),
                Map.entry("a.CR3: a camera's RAW: develop", bytes("\0\0\0\30ftypcrx ")),
                Map.entry("a.tif: TIFF: convert", bytes("II*\0\10\0\0\0")),
                Map.entry("a.gif: GIF: convert", bytes("GIF89a")), Map.entry("a.bmp: BMP: convert", bytes("BM1234\0\0\0\0")),
                Map.entry("a.png: a web page: download", bytes("<!DOCTYPE html><html>")),
                Map.entry("c.png: an empty file: copy", new byte[0]),
                Map.entry("d.png: a pointer of Git LFS: fetch", bytes("version https://git-lfs.github.com/spec/v1\n")));
        files.forEach((wanted, content) -> {
            Path file = Path.of(wanted.substring(0, wanted.indexOf(':')));
            DataFileException e = assertThrows(DataFileException.class, () -> Pictures.read(file, content));
            String sentence = file + ": byte 0: neither PNG nor JPEG but" + wanted.substring(wanted.indexOf(':') + 1);
            assertTrue(String.valueOf(e.getMessage()).startsWith(sentence), e.getMessage());
        });
    }

    @Test
    void jpegs_of_codes_that_are_not_read_are_refused_by_name() throws IOException {
        for (Map.Entry<Integer, String> kind : Map.of(0xC3, "lossless", 0xC5, "hierarchical", 0xC9, "of arithmetic codes").entrySet()) {
            byte[] whole = Files.readAllBytes(resource("colour.jpg"));
            int frame = 0;
            while (whole[frame] != (byte) 0xFF || whole[frame + 1] != (byte) 0xC0) {
                frame++;
            }
            whole[frame + 1] = kind.getKey().byteValue();
            DataFileException e = assertThrows(DataFileException.class, () -> read(whole));
            assertTrue(String.valueOf(e.getMessage()).contains("a JPEG that is " + kind.getValue()), e.getMessage());
        }
    }
}
