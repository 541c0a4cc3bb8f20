package dev.headstart.images;

import dev.headstart.io.data.DataFileException;
import dev.headstart.io.data.Image;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// PNG and JPEG files as [Image]s; which of them a file is, is told by its content. What is stored is what one gets: no gamma, no colour
/// profile.
///
/// - Grey stays one channel, everything else becomes red, green and blue, palettes too. Fewer than 8 bits are stretched to 0 … 255. Grey of
///   16 bits keeps them ([Image#depth]), as medical pictures need; of colours of 16 bits the upper 8 stay, as Pillow has it. Alpha is
///   dropped, not composited, as Pillow's `convert("RGB")` does.
/// - JPEG: one component is grey; three are turned into RGB with libjpeg's integers, where libjpeg would; four, CMYK or YCCK with inverted
///   inks as Adobe writes them, as Pillow's `convert("RGB")` does, without a colour profile.
/// - Pictures are turned upright as EXIF or XMP say: in JPEG, in PNG's `eXIf`, and in PNG's texts.
/// - Before anything is allocated, extents are read from the header: more than 2²⁷ pixels, or than would fit into the heap, are refused.
/// - PNG files are checked chunk by chunk (CRC); a JPEG that the decoder says is corrupt or cut off is refused. There is no check sum in
///   JPEG, so other damage may show as a damaged picture.
public final class Pictures {
    private static final long MOST_PIXELS = 1L << 27;
    private static final int MOST_BYTES = 1 << 29;
    private static final int HEAP_PER_PIXEL = 16; // what the decoder holds, and what we make of it

    private Pictures() {}

    /// The picture in a file, turned upright as its EXIF or XMP says.
    ///
    /// @throws DataFileException when it is neither PNG nor JPEG, damaged, of an unread kind, or too large
    public static Image read(Path file) throws IOException {
        return read(file, bytes(file));
    }

    /// The picture in a file's bytes.
    static Image read(Path file, byte[] bytes) throws IOException {
        Header header = header(file, bytes);
        return Turn.upright(decoded(file, header), header.orientation());
    }

    /// The picture in a file, as it is stored.
    ///
    /// @throws DataFileException when it is neither PNG nor JPEG, damaged, of an unread kind, or too large
    public static Image readAsStored(Path file) throws IOException {
        return decoded(file, header(file, bytes(file)));
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        long size = Files.size(file);
        if (!Files.isRegularFile(file) || size > MOST_BYTES) {
            throw new DataFileException(file, Files.isRegularFile(file)
                    ? "a picture of " + size + " bytes: at most " + MOST_BYTES + " are read"
                    : "this is no file", null);
        }
        return Files.readAllBytes(file);
    }

    private static Header header(Path file, byte[] bytes) throws IOException {
        Header header = Header.of(file, bytes);
        long pixels = (long) header.width() * header.height();
        long most = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / HEAP_PER_PIXEL);
        if (pixels > most) {
            throw new DataFileException(file, "a picture of " + header.width() + " x " + header.height() + " pixels: at most " + most
                    + " are read with this heap", null);
        }
        return header;
    }

    private static Image decoded(Path file, Header header) throws IOException {
        List<String> warnings = new ArrayList<>();
        ImageReader reader = reader(header.format());
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(header.bytes()))) {
            reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
            reader.setInput(in, true, true);
            Image image = header.format().equals("png") ? png(reader.read(0), header) : jpeg(reader.readRaster(0, null), header);
            for (String warning : warnings) {
                if (warning.contains("Corrupt") || warning.contains("Premature")) {
                    throw new DataFileException(file, "a damaged " + header.format() + " picture: " + warning, null);
                }
            }
            return image;
        } catch (DataFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // decoders throw what they please at damaged files
            throw new DataFileException(file, "a damaged " + header.format() + " picture: " + e, e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new IllegalStateException("pictures: this Java has no reader of " + format);
        }
        return readers.next();
    }

    /// Of grey, samples of 16 bits stay; all else gets 8 bits.
    private static Image png(BufferedImage picture, Header header) {
        Raster raster = picture.getRaster();
        ColorModel colours = picture.getColorModel();
        int channels = header.colours().channels();
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        int bits = colours instanceof IndexColorModel ? 8 : colours.getComponentSize(0);
        int depth = channels == 1 ? bits : 8;
        byte[] pixels = new byte[width * raster.getHeight() * channels * (depth / 8)];
        int[] row = new int[width * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i += bands) {
                for (int c = 0; c < channels; c++) {
                    int sample = colours instanceof IndexColorModel palette ? looked(palette, row[i], c) : row[i + c] >> (bits - depth);
                    if (depth == 16) {
                        pixels[at++] = (byte) (sample >> 8);
                    }
                    pixels[at++] = (byte) sample;
                }
            }
        }
        return new Image(pixels, raster.getHeight(), width, channels, depth);
    }

    private static int looked(IndexColorModel palette, int index, int channel) {
        if (index >= palette.getMapSize()) {
            throw new IllegalArgumentException("colour " + index + " of a palette of " + palette.getMapSize());
        }
        return switch (channel) {
            case 0 -> palette.getRed(index);
            case 1 -> palette.getGreen(index);
            default -> palette.getBlue(index);
        };
    }

    private static Image jpeg(Raster raster, Header header) {
        int bands = raster.getNumBands();
        int channels = header.colours().channels();
        int width = raster.getWidth();
        byte[] pixels = new byte[width * raster.getHeight() * channels];
        int[] row = new int[width * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i += bands) {
                header.colours().toRgb(row, i);
                for (int c = 0; c < channels; c++) {
                    pixels[at++] = (byte) row[i + c];
                }
            }
        }
        return new Image(pixels, raster.getHeight(), width, channels);
    }
}
