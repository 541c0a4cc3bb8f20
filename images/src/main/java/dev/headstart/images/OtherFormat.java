package dev.headstart.images;

import dev.headstart.io.data.DataFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What a file is that is neither PNG nor JPEG, as its content says, and what to do with it.
///
/// @param name of the format
/// @param remedy what to do
/// @param matches whether a file is of it
record OtherFormat(String name, Remedy remedy, Predicate<OtherFormat.Given> matches) {
    private static final Set<
            String> RAW_ENDINGS = Set.of("dng", "nef", "nrw", "arw", "srf", "sr2", "cr2", "pef", "orf", "rw2", "3fr", "iiq",
                    "kdc", "dcr", "erf", "mef", "mos", "srw");
    private static final Pattern SVG = Pattern
            .compile("\\A\\s*(?:<\\?xml[^>]*>\\s*)?(?:<!--.*?-->\\s*|<!DOCTYPE svg[^>]*>\\s*)*<(?:svg:)?svg[\\s>]", Pattern.DOTALL);
    private static final Pattern HTML = Pattern.compile("\\A\\s*<(?:!doctype html|html|head|body)", Pattern.CASE_INSENSITIVE);
    private static final int LOOKED_AT = 4096;

    /// Of several that match, the first.
    private static final List<OtherFormat> KNOWN = List.of(
            new OtherFormat("DICOM", Remedy.DICOM, f -> f.has(128, "DICM") || f.isBareDicom()),
            new OtherFormat("an empty file", Remedy.COPY, f -> f.bytes.length == 0),
            new OtherFormat("WebP", Remedy.CONVERT, f -> f.has(0, "RIFF") && f.has(8, "WEBP")),
            new OtherFormat("GIF", Remedy.CONVERT, f -> f.has(0, "GIF8")),
            new OtherFormat("a camera's RAW", Remedy.RAW, Given::isRaw),
            new OtherFormat("TIFF", Remedy.CONVERT, Given::isTiff),
            new OtherFormat("AVIF", Remedy.CONVERT, f -> f.has(4, "ftyp") && (f.has(8, "avi") || f.has(16, "avi") || f.has(20, "avi"))),
            new OtherFormat("HEIC", Remedy.CONVERT,
                    f -> f.has(4, "ftyp") && (f.has(8, "he") || f.has(8, "mif1") || f.has(8, "msf1"))),
            new OtherFormat("a video", Remedy.FRAMES, f -> f.has(4, "ftyp") || f.has(8, "AVI ") || f.hasHex("1a45dfa3")),
            new OtherFormat("BMP", Remedy.CONVERT, f -> f.has(0, "BM") && f.has(6, "\0\0\0\0")),
            new OtherFormat("JPEG 2000", Remedy.CONVERT, f -> f.has(4, "jP  ") || f.hasHex("ff4fff51")),
            new OtherFormat("JPEG XL", Remedy.CONVERT, f -> f.has(4, "JXL ") || f.hasHex("ff0a")),
            new OtherFormat("PSD", Remedy.CONVERT, f -> f.has(0, "8BPS")),
            new OtherFormat("OpenEXR", Remedy.CONVERT, f -> f.hasHex("762f3101")),
            new OtherFormat("DDS", Remedy.CONVERT, f -> f.has(0, "DDS ")),
            new OtherFormat("an icon (ICO)", Remedy.CONVERT, f -> f.hasHex("00000100")),
            new OtherFormat("a portable map (PNM)", Remedy.CONVERT, f -> f.is("\\AP[1-7fF]\\s")),
            new OtherFormat("SVG", Remedy.DRAW, f -> SVG.matcher(f.text).find()),
            new OtherFormat("a web page", Remedy.DOWNLOAD, f -> HTML.matcher(f.text).find()),
            new OtherFormat("a pointer of Git LFS", Remedy.LFS, f -> f.has(0, "version https://git-lfs")),
            new OtherFormat("PDF", Remedy.PAGES, f -> f.has(0, "%PDF")),
            new OtherFormat("NIfTI", Remedy.SLICES, f -> f.has(344, "n+1\0") || f.has(344, "ni1\0")),
            new OtherFormat("a NumPy array", Remedy.SLICES, f -> f.has(1, "NUMPY")),
            new OtherFormat("a Zip archive", Remedy.UNPACK, f -> f.has(0, "PK\3\4")),
            new OtherFormat("gzip", Remedy.UNPACK, f -> f.hasHex("1f8b")));

    /// What to do, with the file's name and the same without its ending.
    private enum Remedy {
        CONVERT("convert it to PNG or JPEG (magick %s %s.png)"), RAW("develop it to PNG or JPEG (darktable-cli %s %s.png)"), DICOM(
                "export its pixels to PNG, of 16 bits if they are grey (dcm2img +on2 %s %s.png)"),
        DRAW(
                "draw it at the size you need (rsvg-convert -w 224 %s -o %s.png)"),
        PAGES(
                "draw its pages (pdftoppm -png %s %s)"),
        FRAMES("write its frames (ffmpeg -i %s %s-%%04d.png)"), SLICES(
                "write its slices as PNG"),
        DOWNLOAD("download the picture itself"), LFS(
                "fetch the file itself (git lfs pull)"),
        UNPACK("unpack it"), COPY("copy it again");

        private final String words;

        Remedy(String words) {
            this.words = words;
        }

        String of(String name) {
            String stem = name.lastIndexOf('.') > 0 ? name.substring(0, name.lastIndexOf('.')) : name;
            return String.format(Locale.ROOT, words, name, stem);
        }
    }

    /// A file's bytes, the first of them as text, and its ending.
    private record Given(byte[] bytes, String text, String ending) {
        static Given of(byte[] bytes, String name) {
            String text = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.ISO_8859_1);
            String noMark = text.startsWith("\u00EF\u00BB\u00BF") ? text.substring(3) : text;
            return new Given(bytes, noMark, name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        }

        boolean has(int at, String signature) {
            return has(at, signature.getBytes(StandardCharsets.ISO_8859_1));
        }

        boolean hasHex(String signature) {
            return has(0, HexFormat.of().parseHex(signature));
        }

        private boolean has(int at, byte[] signature) {
            return bytes.length >= at + signature.length && Arrays.equals(bytes, at, at + signature.length, signature, 0, signature.length);
        }

        boolean is(String pattern) {
            return Pattern.compile(pattern).matcher(text).find();
        }

        /// TIFF 6.0 and BigTIFF, of either byte order.
        boolean isTiff() {
            return has(0, "II*\0") || has(0, "MM\0*") || has(0, "II+\0") || has(0, "MM\0+");
        }

        /// Those built on TIFF are told by their ending; others have signatures of their own.
        boolean isRaw() {
            return (isTiff() && (RAW_ENDINGS.contains(ending) || has(8, "CR"))) || has(0, "IIRO") || has(0, "IIRS") || has(0, "IIU\0")
                    || has(0, "FUJIFILMCCD-RAW") || has(0, "FOVb") || has(4, "ftypcrx ");
        }

        /// Without the preamble, the first element is of group 2 or 8, in either byte order.
        boolean isBareDicom() {
            return has(0, "\2\0\0\0UL") || has(0, "\2\0\0\0\4\0\0\0") || ((has(0, "\10\0") || has(0, "\0\10")) && ending.equals("dcm"));
        }
    }

    /// Why a file is not read, and what to do.
    static DataFileException refusal(Path file, byte[] bytes) {
        String name = String.valueOf(file.getFileName());
        Given given = Given.of(bytes, name);
        Optional<OtherFormat> found = KNOWN.stream().filter(format -> format.matches.test(given)).findFirst();
        return new DataFileException(file, 0, found
                .map(format -> "neither PNG nor JPEG but " + format.name + ": " + format.remedy.of(name))
                .orElse("neither PNG nor JPEG: it begins with neither's signature"), null);
    }
}
