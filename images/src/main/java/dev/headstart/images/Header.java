package dev.headstart.images;

import dev.headstart.io.data.DataFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// What a PNG or JPEG file says of itself before anything is decoded, and those of its bytes that the decoder needs: texts, profiles,
/// transparency and other side matter never reach it.
///
/// @param format `png` or `jpeg`
/// @param width columns
/// @param height rows
/// @param isGrey whether the picture has one channel
/// @param isLuminance whether the three channels are luminance and chrominances
/// @param orientation EXIF's, 1 when it says nothing
/// @param bytes for the decoder
@SuppressWarnings("ArrayRecordComponent") // never compared
record Header(String format, int width, int height, boolean isGrey, boolean isLuminance, int orientation, byte[] bytes) {
    private static final long PNG = 0x89504E470D0A1A0AL;

    static Header of(Path file, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        if (bytes.length >= 8 && all.getLong(0) == PNG) {
            return png(file, bytes);
        }
        if (bytes.length >= 3 && all.getShort(0) == (short) 0xFFD8 && bytes[2] == (byte) 0xFF) {
            return jpeg(file, bytes);
        }
        throw new DataFileException(file, 0, "neither PNG nor JPEG: it begins with neither's signature", null);
    }

    // ---- PNG (ISO/IEC 15948): chunks of length, type, data, CRC ----

    private static Header png(Path file, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(all.capacity());
        kept.write(bytes, 0, 8);
        int orientation = 1;
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
                case "eXIf" -> orientation = orientation(all.slice(at + 8, length));
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
        return new Header("png", width, height, kind == 0 || kind == 4, false, orientation, kept.toByteArray());
    }

    // ---- JPEG (ITU-T T.81): segments of a marker, a length and data ----

    private static Header jpeg(Path file, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(all.capacity());
        kept.write(bytes, 0, 2);
        int orientation = 1;
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
                orientation = orientation(data.slice(6, data.capacity() - 6));
            } else if (marker == 0xEE && begins(data, "Adobe") && data.capacity() >= 12) {
                adobe = data.get(11) & 0xFF;
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                frame = at + 4;
            }
            if (!application && marker != 0xFE) {
                kept.write(bytes, at, length + 2);
            }
            at += length + 2;
        }
        kept.write(bytes, at, end(file, all, at) - at);
        return frame(file, all, frame, jfif, adobe, orientation, kept.toByteArray());
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
        if (components == 4) {
            throw new DataFileException(file, at + 5, "a JPEG of 4 components (CMYK or YCCK): convert it to RGB", null);
        }
        if (precision != 8 || (components != 1 && components != 3) || at + 6 + 3 * components > all.capacity()) {
            throw new DataFileException(file, at, "a JPEG of " + precision + " bits and " + components
                    + " components: 8 bits, and 1 (grey) or 3 components are read", null);
        }
        if (width < 1 || height < 1) {
            throw new DataFileException(file, at + 1, "the JPEG's extents are " + width + " x " + height + ": at least 1 is needed", null);
        }
        boolean namedRgb = components == 3 && all.get(at + 6) == 'R' && all.get(at + 9) == 'G' && all.get(at + 12) == 'B';
        boolean luminance = components == 3 && (jfif || (adobe >= 0 ? adobe != 0 : !namedRgb));
        return new Header("jpeg", width, height, components == 1, luminance, orientation, kept);
    }

    private static boolean begins(ByteBuffer data, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        return data.capacity() >= wanted.length && data.slice(0, wanted.length).equals(ByteBuffer.wrap(wanted));
    }

    /// The orientation in EXIF data, which is a TIFF file: byte order, 42, where the first directory is; there, 12 bytes for each tag.
    /// 1 when there is none, or the data make no sense.
    private static int orientation(ByteBuffer tiff) {
        if (tiff.capacity() < 8) {
            return 1;
        }
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 8 || directory > tiff.capacity() - 2) {
            return 1;
        }
        int tags = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < tags && directory + 2 + 12 * (i + 1) <= tiff.capacity(); i++) {
            int tag = directory + 2 + 12 * i;
            if (tiff.getShort(tag) == 0x0112) {
                return tiff.getShort(tag + 8);
            }
        }
        return 1;
    }
}
