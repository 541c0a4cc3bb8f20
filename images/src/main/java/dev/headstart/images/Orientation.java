package dev.headstart.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The EXIF tag 0x0112, orientation (CIPA DC-008), wherever a file has it: in EXIF data, which are a TIFF file of either byte order; as text
/// in hexadecimal, as programs wrote it into PNG before there was a chunk for it; in XMP as `tiff:Orientation`. EXIF comes before XMP, and
/// the first EXIF before others. The standard writes it as one SHORT; cameras also as LONG, BYTE or one of their signed kinds. The second
/// directory is the thumbnail's and not looked at.
final class Orientation {
    private static final int TAG = 0x0112;
    private static final int ENTRY = 12;
    private static final byte[] PREFIX = {'E', 'x', 'i', 'f', 0, 0};
    private static final Pattern XMP = Pattern.compile("tiff:Orientation\\s*(?:=\\s*[\"']|>)\\s*([1-8])\\b");

    private OptionalInt exif = OptionalInt.empty();
    private OptionalInt text = OptionalInt.empty();
    private OptionalInt xmp = OptionalInt.empty();

    /// 1, upright, where nothing says otherwise.
    int value() {
        return exif.orElse(text.orElse(xmp.orElse(1)));
    }

    /// Reads EXIF data, with or without their prefix.
    void exif(ByteBuffer data) {
        exif = exif.isPresent() ? exif : tiff(data);
    }

    /// Reads XMP, which is XML.
    void xmp(ByteBuffer data) {
        Matcher found = XMP.matcher(StandardCharsets.UTF_8.decode(data.duplicate()));
        xmp = found.find() ? OptionalInt.of(found.group(1).charAt(0) - '0') : xmp;
    }

    /// Reads EXIF data as PNG's texts have them: an empty line, a name, a count of bytes, and lines of hexadecimal digits.
    void hexadecimal(ByteBuffer data) {
        String digits = StandardCharsets.ISO_8859_1.decode(data.duplicate()).toString().lines().skip(3).map(String::strip)
                .collect(Collectors.joining());
        if (text.isEmpty() && digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit)) {
            text = tiff(ByteBuffer.wrap(HexFormat.of().parseHex(digits)));
        }
    }

    static boolean begins(ByteBuffer data, byte[] wanted) {
        return data.capacity() >= wanted.length && data.slice(0, wanted.length).equals(ByteBuffer.wrap(wanted));
    }

    /// Byte order, 42, where the first directory is; there, a count, and for each tag its number, type, count, and value or its place.
    private static OptionalInt tiff(ByteBuffer data) {
        if (begins(data, PREFIX)) {
            return tiff(data.slice(PREFIX.length, data.capacity() - PREFIX.length));
        }
        ByteBuffer tiff = data.slice(0, data.capacity());
        if (tiff.capacity() < 8 || tiff.get(0) != tiff.get(1) || (tiff.get(0) != 'I' && tiff.get(0) != 'M')) {
            return OptionalInt.empty();
        }
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (tiff.getShort(2) != 42 || directory < 8 || directory > tiff.capacity() - 2) {
            return OptionalInt.empty();
        }
        int tags = tiff.getShort(directory) & 0xFFFF;
        for (int at = directory + 2; tags > 0 && at <= tiff.capacity() - ENTRY; at += ENTRY, tags--) {
            if (tiff.getShort(at) == TAG && tiff.getInt(at + 4) == 1) {
                return value(tiff, tiff.getShort(at + 2), at + 8);
            }
        }
        return OptionalInt.empty();
    }

    /// One value of a type of TIFF 6.0, section 2: it lies at the left of its four bytes, whatever the order.
    private static OptionalInt value(ByteBuffer tiff, int type, int at) {
        return switch (type) {
            case 1, 6 -> OptionalInt.of(tiff.get(at));
            case 3, 8 -> OptionalInt.of(tiff.getShort(at));
            case 4, 9 -> OptionalInt.of(tiff.getInt(at));
            default -> OptionalInt.empty();
        };
    }
}
