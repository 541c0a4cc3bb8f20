package dev.headstart.task.report;

import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/// A picture for a report, as a PNG file (W3C, "Portable Network Graphics", 2003): 8 bits, grey or RGB.
///
/// @param title what it shows
/// @param png the file; not copied and not to be changed
/// @param width in pixels on the page
/// @param height in pixels on the page
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Picture(String title, byte[] png, int width, int height) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int GAP = 1;
    private static final int FRAME = 0x80;

    /// Images side by side, row after row.
    ///
    /// @param images `[count, height, width, channels]`, channels 1 or 3, in [0, 1]: what is beyond is cut
    /// @param columns images of a row
    /// @param scale pixels of the page for a pixel of an image
    public static Picture tiles(String title, Tensor images, int columns, int scale) {
        int rows = (images.dim(0) + columns - 1) / columns;
        int high = images.dim(1);
        int wide = images.dim(2);
        int channels = images.dim(3);
        int width = columns * (wide + GAP) + GAP;
        int height = rows * (high + GAP) + GAP;
        byte[] pixels = new byte[width * height * channels];
        java.util.Arrays.fill(pixels, (byte) FRAME);
        float[] values = images.toArray();
        for (int i = 0; i < values.length; i++) {
            int pixel = i / channels;
            int image = pixel / (high * wide);
            int y = image / columns * (high + GAP) + GAP + pixel / wide % high;
            int x = image % columns * (wide + GAP) + GAP + pixel % wide;
            pixels[(y * width + x) * channels + i % channels] = (byte) Math.clamp(Math.round(255 * values[i]), 0, 255);
        }
        return new Picture(title, png(pixels, width, height, channels), scale * width, scale * height);
    }

    /// Filters side by side: each is brought to [0, 1] by its own largest absolute value, so that 0 is the middle grey.
    ///
    /// @param filters `[count, height, width, channels]`
    public static Picture filters(String title, Tensor filters, int columns, int scale) {
        Tensor largest = filters.abs().max(1, 2, 3).maximum(Tensor.scalar(1e-12f)).reshape(filters.dim(0), 1, 1, 1);
        return tiles(title, filters.dividedBy(largest).affine(0.5f, 0.5f), columns, scale);
    }

    /// A PNG file.
    ///
    /// @param pixels row by row, the channels of a pixel together
    /// @param channels 1 for grey, 3 for RGB
    static byte[] png(byte[] pixels, int width, int height, int channels) {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("picture: " + channels + " channels: 1 or 3 can be shown");
        }
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.writeBytes(SIGNATURE);
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(header);
            fields.writeInt(width);
            fields.writeInt(height);
            fields.write(new byte[] {8, (byte) (channels == 1 ? 0 : 2), 0, 0, 0});
            chunk(file, "IHDR", header.toByteArray());
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
                int row = width * channels;
                for (int y = 0; y < height; y++) {
                    deflater.write(0); // no filter
                    deflater.write(pixels, y * row, row);
                }
            }
            chunk(file, "IDAT", data.toByteArray());
            chunk(file, "IEND", new byte[0]);
            return file.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    /// The file as the source of an image: `data:image/png;base64,…`
    public String dataUri() {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
