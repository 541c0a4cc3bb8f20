package dev.headstart.images;

import dev.headstart.io.data.DataFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// What a PNG or JPEG file says of itself before anything is decoded, and those of its bytes that the decoder needs: texts, profiles,
/// transparency and other side matter never reach it.
///
/// @param format `png` or `jpeg`
/// @param width columns
/// @param height rows
/// @param colours of its channels
/// @param orientation EXIF's, 1 when nothing says
/// @param bytes for the decoder
@SuppressWarnings("ArrayRecordComponent") // never compared
record Header(String format, int width, int height, Colours colours, int orientation, byte[] bytes) {
    private static final long PNG = 0x89504E470D0A1A0AL;

    static Header of(Path file, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        if (bytes.length >= 8 && all.getLong(0) == PNG) {
            return png(file, bytes);
        }
        if (bytes.length >= 3 && all.getShort(0) == (short) 0xFFD8 && bytes[2] == (byte) 0xFF) {
            return jpeg(file, bytes);
        }
        throw OtherFormat.refusal(file, bytes);
    }

    // ---- PNG (ISO/IEC 15948): chunks of length, type, data, CRC ----

    private static Header png(Path file, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(all.capacity());
        kept.write(bytes, 0, 8);
        Orientation orientation = new Orientation();
        int width = 0;
        int height = 0;
        int kind = 0;
        boolean ended = false;
        for (int at = 8; !ended;) {
            int length = at + 12 > all.capacity() ? 0 : all.getInt(at);
            if (at + 12 > all.capacity() || length < 0 || length > all.capacity() - at - 12) {
                throw new DataFileException(file, at, "the PNG file is cut off in the chunk that begins here", null);
            }
            String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
            CRC32 crc = new CRC32();
            crc.update(bytes, at + 4, 4 + length);
            if ((int) crc.getValue() != all.getInt(at + 8 + length)) {
                throw new DataFileException(file, at, "the PNG chunk that begins here is damaged: its CRC is wrong", null);
            }
            if (at == 8) {
                if (!type.equals("IHDR") || length != 13) {
                    throw new DataFileException(file, at, "a PNG file begins with a chunk IHDR of 13 bytes, not with " + length
                            + " of another", null);
                }
                width = all.getInt(at + 8);
                height = all.getInt(at + 12);
                kind = all.get(at + 17);
            }
            switch (type) {
                case "IHDR", "PLTE", "IDAT", "IEND" -> kept.write(bytes, at, length + 12);
                case "eXIf" -> orientation.exif(all.slice(at + 8, length));
                case "tEXt", "zTXt", "iTXt" -> PngText.read(type, all.slice(at + 8, length), orientation);
                default -> {
                    // side matter
                }
            }
            ended = type.equals("IEND");
            at += length + 12;
        }
        if (width < 1 || height < 1) {
            throw new DataFileException(file, 16, "the PNG's extents are " + width + " x " + height + ": at least 1 is needed", null);
        }
        Colours colours = kind == 0 || kind == 4 ? Colours.GREY : Colours.RGB;
        return new Header("png", width, height, colours, orientation.value(), kept.toByteArray());
    }

    // ---- JPEG (ITU-T T.81): segments of a marker, a length and data ----

    private static Header jpeg(Path file, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(all.capacity());
        kept.write(bytes, 0, 2);
        Orientation orientation = new Orientation();
        boolean jfif = false;
        int adobe = -1;
        int frame = -1;
        int at = 2;
        for (int marker = 0; marker != 0xDA;) { // up to the scan
            while (at + 1 < all.capacity() && all.get(at) == (byte) 0xFF && all.get(at + 1) == (byte) 0xFF) {
                at++; // fill bytes
            }
            int length = at + 4 > all.capacity() ? 0 : all.getShort(at + 2) & 0xFFFF;
            if (length < 2 || all.get(at) != (byte) 0xFF || length > all.capacity() - at - 2) {
                throw new DataFileException(file, at, "the JPEG file is damaged or cut off: no whole segment begins here", null);
            }
            marker = all.get(at + 1) & 0xFF;
            ByteBuffer data = all.slice(at + 4, length - 2);
            boolean application = marker >= 0xE0 && marker <= 0xEF;
            if (marker == 0xE0 && begins(data, "JFIF\0")) {
                jfif = true;
            } else if (marker == 0xE1 && begins(data, "Exif\0\0")) {
                orientation.exif(data);
            } else if (marker == 0xE1 && begins(data, "http://ns.adobe.com/xap/1.0/\0")) {
                orientation.xmp(data);
            } else if (marker == 0xEE && begins(data, "Adobe") && data.capacity() >= 12) {
                adobe = data.get(11) & 0xFF;
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                refuseUnread(file, at, marker);
                frame = at + 4;
            }
            if (!application && marker != 0xFE) {
                kept.write(bytes, at, length + 2);
            }
            at += length + 2;
        }
        kept.write(bytes, at, end(file, all, at) - at);
        return frame(file, all, frame, jfif, adobe, orientation.value(), kept.toByteArray());
    }

    /// Where the picture ends that has a scan begin here: after the marker of its end. In a scan 0xFF is followed by 0 or a restart marker.
    private static int end(Path file, ByteBuffer all, int scan) throws DataFileException {
        int at = scan;
        while (at + 2 <= all.capacity()) {
            int marker = all.get(at) == (byte) 0xFF ? all.get(at + 1) & 0xFF : 0;
            if (marker == 0xD9) {
                return at + 2;
            }
            boolean data = marker == 0 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD7);
            at += data ? 1 : 2 + (at + 4 <= all.capacity() ? all.getShort(at + 2) & 0xFFFF : 0);
        }
        throw new DataFileException(file, all.capacity(), "the JPEG file is cut off: it has no marker of its end", null);
    }

    private static Header frame(Path file, ByteBuffer all, int at, boolean jfif, int adobe, int orientation, byte[] kept)
            throws DataFileException {
        if (at < 0 || at + 6 > all.capacity()) {
            throw new DataFileException(file, Math.max(0, at), "the JPEG file has no frame header before its first scan", null);
        }
        int precision = all.get(at);
        int height = all.getShort(at + 1) & 0xFFFF;
        int width = all.getShort(at + 3) & 0xFFFF;
        int components = all.get(at + 5);
        if (precision != 8 || (components != 1 && components != 3 && components != 4) || at + 6 + 3 * components > all.capacity()) {
            throw new DataFileException(file, at, "a JPEG of " + precision + " bits and " + components
                    + " components: 8 bits, and 1 (grey), 3 (colours) or 4 components (CMYK) are read: convert it to PNG", null);
        }
        if (width < 1 || height < 1) {
            throw new DataFileException(file, at + 1, "the JPEG's extents are " + width + " x " + height + ": at least 1 is needed", null);
        }
        boolean namedRgb = components == 3 && all.get(at + 6) == 'R' && all.get(at + 9) == 'G' && all.get(at + 12) == 'B';
        boolean luminance = jfif || (adobe >= 0 ? adobe != 0 : !namedRgb);
        Colours colours = switch (components) {
            case 1 -> Colours.GREY;
            case 3 -> luminance ? Colours.YCC : Colours.RGB;
            default -> adobe > 0 ? Colours.YCCK : Colours.CMYK;
        };
        return new Header("jpeg", width, height, colours, orientation, kept);
    }

    /// Frames are read that are baseline, extended or progressive, by Huffman codes.
    private static void refuseUnread(Path file, int at, int marker) throws DataFileException {
        if (marker > 0xC2) {
            String kind = marker == 0xC3 ? "lossless" : marker > 0xC8 ? "of arithmetic codes" : "hierarchical";
            throw new DataFileException(file, at, "a JPEG that is " + kind + ": baseline and progressive ones are read: convert it to PNG",
                    null);
        }
    }

    private static boolean begins(ByteBuffer data, String text) {
        return Orientation.begins(data, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
