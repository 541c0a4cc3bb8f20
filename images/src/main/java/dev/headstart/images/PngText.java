package dev.headstart.images;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Texts in PNG files that say how a picture is turned: XMP, and EXIF data from before there was a chunk for them. Of a compressed text at
/// most a mebibyte is looked at.
final class PngText {
    private static final int MOST = 1 << 20;
    private static final byte[] XMP = keyword("XML:com.adobe.xmp");
    private static final byte[] EXIF = keyword("Raw profile type exif");
    private static final byte[] APPLICATION = keyword("Raw profile type APP1");

    private PngText() {}

    private static byte[] keyword(String text) {
        return (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Reads the data of a chunk `tEXt`, `zTXt` or `iTXt`; those of other keywords are left alone.
    static void read(String type, ByteBuffer data, Orientation to) {
        for (byte[] keyword : new byte[][] {EXIF, APPLICATION}) {
            if (Orientation.begins(data, keyword)) {
                to.hexadecimal(text(type, from(data, keyword.length)));
            }
        }
        if (Orientation.begins(data, XMP)) {
            to.xmp(text(type, from(data, XMP.length)));
        }
    }

    private static ByteBuffer from(ByteBuffer data, int at) {
        int start = Math.min(at, data.capacity());
        return data.slice(start, data.capacity() - start);
    }

    /// What follows the keyword: for `tEXt` the text; for `zTXt` a method and the deflated text; for `iTXt` whether it is deflated, the
    /// method, a language and a translated keyword that end with 0, and the text.
    private static ByteBuffer text(String type, ByteBuffer data) {
        return switch (type) {
            case "tEXt" -> data;
            case "zTXt" -> inflated(from(data, 1));
            default -> {
                ByteBuffer text = afterZero(afterZero(from(data, 2)));
                yield data.capacity() > 0 && data.get(0) == 1 ? inflated(text) : text;
            }
        };
    }

    private static ByteBuffer afterZero(ByteBuffer data) {
        int at = 0;
        while (at < data.capacity() && data.get(at) != 0) {
            at++;
        }
        return from(data, at + 1);
    }

    private static ByteBuffer inflated(ByteBuffer data) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(data.duplicate());
            byte[] text = new byte[MOST];
            return ByteBuffer.wrap(text, 0, inflater.inflate(text)).slice();
        } catch (DataFormatException e) {
            return ByteBuffer.allocate(0); // damaged: it says nothing
        }
    }
}
