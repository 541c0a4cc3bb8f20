package dev.headstart.io.numpy;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Entry;
import dev.headstart.io.format.Entry.Inflated;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.format.Striding;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an array of NumPy begins with ([dev.headstart.io.Npy] describes it), read by a strict parser of the little Python it takes: a
/// dictionary of `descr`, `fortran_order` and `shape`, each once and nothing else, of a string, `True` or `False`, and a tuple of natural
/// numbers.
///
/// Types that are not numbers of one element each are refused by name: objects (which are pickles), structures, texts, dates, complex
/// numbers, long doubles.
///
/// @param dtype the type
/// @param order its byte order
/// @param isFortran whether the first axis runs fastest
/// @param extents the extents
/// @param begin offset of the first element
/// @param bytes number of bytes of all elements
record NpyHeader(Dtype dtype, ByteOrder order, boolean isFortran, List<Long> extents, long begin, long bytes) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    static final String ENDING = ".npy";
    /// The longest header read: as NumPy does, without its option for trusted files.
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_AXES = 64;

    static boolean matches(byte[] head) {
        return Arrays.equals(Arrays.copyOf(head, MAGIC.length), MAGIC);
    }

    /// Offset of the first byte after the elements.
    long end() {
        return begin + bytes;
    }

    /// The array as a tensor whose bytes, or the deflated stream they are in, are these of the file.
    Entry entry(String name, long from, long to, @Nullable Inflated inflated) {
        List<Long> strides = isFortran && extents.size() > 1 ? Striding.rowMajor(extents.reversed()).reversed() : List.of();
        return new Entry(new TensorInfo(name, dtype, extents, from, to), order, strides, inflated);
    }

    /// Reads the header from the start of these bytes, the first of which is at `offset` in the file.
    ///
    /// @param isPlain whether the bytes are those of the file, so that a fault can be named by its byte; otherwise they are inflated ones,
    /// and `offset` is that of the deflated stream
    static NpyHeader read(Source source, InputStream in, long offset, boolean isPlain) throws IOException, Refusal.Found {
        return new Parser(source, offset, isPlain).header(in);
    }

    private static final class Parser {
        private final Source source;
        private final long offset;
        private final boolean isPlain;
        private String text = "";
        private int start;
        private int at;

        private Parser(Source source, long offset, boolean isPlain) {
            this.source = source;
            this.offset = offset;
            this.isPlain = isPlain;
        }

        private NpyHeader header(InputStream in) throws IOException, Refusal.Found {
            byte[] head = bytes(in, MAGIC.length + 2, 0);
            int version = head[MAGIC.length];
            if (!NpyHeader.matches(head) || version < 1 || version > 3 || head[MAGIC.length + 1] != 0) {
                throw damaged(0, "no array of version 1.0, 2.0 or 3.0 begins so");
            }
            byte[] size = bytes(in, version == 1 ? Short.BYTES : Integer.BYTES, head.length);
            long length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).put(size).getLong(0);
            start = head.length + size.length;
            if (length > MAX_LENGTH) {
                throw damaged(head.length, "a header of " + length + " bytes, the limit is " + MAX_LENGTH);
            }
            source.budget().read(length, shortage -> damaged(head.length, "a header of " + length + " bytes" + shortage));
            text = new String(bytes(in, (int) length, start), version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
            return dictionary(start + length);
        }

        private byte[] bytes(InputStream in, int count, int from) throws IOException {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw damaged(from + bytes.length, "its header ends here");
            }
            return bytes;
        }

        // ---- the dictionary ----

        private NpyHeader dictionary(long begin) throws WeightFormatException, Refusal.Found {
            @Nullable
            String descr = null;
            @Nullable
            Boolean isFortran = null;
            @Nullable
            List<Long> extents = null;
            int descrAt = 0;
            demand("{");
            while (!accept("}")) {
                int keyAt = token();
                String key = string();
                demand(":");
                if (key.equals("descr") && descr == null) {
                    descrAt = token();
                    descr = descr();
                } else if (key.equals("fortran_order") && isFortran == null) {
                    isFortran = bool();
                } else if (key.equals("shape") && extents == null) {
                    extents = tuple();
                } else {
                    throw damaged(start + keyAt, "the key \"" + Source.abridged(key) + "\" is unknown, or there twice");
                }
                if (!accept(",")) {
                    demand("}");
                    break;
                }
            }
            if (token() < text.length()) {
                throw unexpected("the end");
            }
            if (descr == null || isFortran == null || extents == null) {
                throw damaged(start, "\"" + (descr == null ? "descr" : extents == null ? "shape" : "fortran_order") + "\" is missing");
            }
            return of(descr, descrAt, isFortran, extents, begin);
        }

        /// The next character that is not white space.
        private int token() {
            while (at < text.length() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at;
        }

        private boolean accept(String word) {
            boolean isThere = text.startsWith(word, token());
            at += isThere ? word.length() : 0;
            return isThere;
        }

        private void demand(String word) throws WeightFormatException {
            if (!accept(word)) {
                throw unexpected("'" + word + "'");
            }
        }

        private String string() throws WeightFormatException {
            token();
            char quote = at < text.length() ? text.charAt(at) : 0;
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            String inside = end < 0 ? "" : text.substring(at + 1, end);
            if (end < 0 || inside.contains("\\") || inside.contains("\n")) {
                throw unexpected("a string without backslash");
            }
            at = end + 1;
            return inside;
        }

        private String descr() throws WeightFormatException, Refusal.Found {
            int from = token();
            if (from < text.length() && (text.charAt(from) == '[' || text.charAt(from) == '(' || text.charAt(from) == '{')) {
                throw refused(start + from, "an array of structures, which is not read");
            }
            return string();
        }

        private boolean bool() throws WeightFormatException {
            if (accept("True")) {
                return true;
            }
            demand("False");
            return false;
        }

        private List<Long> tuple() throws WeightFormatException {
            List<Long> extents = new ArrayList<>();
            demand("(");
            while (!accept(")")) {
                extents.add(natural());
                boolean isLast = !accept(",");
                if (extents.size() > MAX_AXES || (isLast && extents.size() == 1)) {
                    throw unexpected(isLast ? "',': a tuple of one has it" : "at most " + MAX_AXES + " axes");
                }
                if (isLast) {
                    demand(")");
                    break;
                }
            }
            return List.copyOf(extents);
        }

        /// Digits; Python 2 wrote some of them with an L.
        private long natural() throws WeightFormatException {
            int from = token();
            long value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - from < 18) {
                value = 10 * value + text.charAt(at++) - '0';
            }
            if (at == from || at - from == 18) {
                at = from;
                throw unexpected("an extent of 1 to 17 digits");
            }
            at += text.startsWith("L", at) ? 1 : 0;
            return value;
        }

        // ---- what it says ----

        private NpyHeader of(String descr, int descrAt, boolean isFortran, List<Long> extents, long begin)
                throws WeightFormatException, Refusal.Found {
            Dtype dtype = dtype(descr, start + descrAt);
            long bytes = dtype.bits() / Byte.SIZE;
            boolean isEmpty = extents.contains(0L);
            for (long extent : extents) {
                if (!isEmpty && extent > (Long.MAX_VALUE - begin - offset) / bytes) {
                    throw damaged(start, "extents " + extents + " are too large to count their bytes");
                }
                bytes *= extent;
            }
            ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            return new NpyHeader(dtype, order, isFortran, extents, (isPlain ? offset : 0) + begin, isEmpty ? 0 : bytes);
        }

        /// Byte order (`<`, `>`, or `|` where there is none), kind, and number of bytes.
        private Dtype dtype(String descr, int from) throws Refusal.Found {
            boolean isSingle = descr.startsWith("|");
            String kind = isSingle || descr.startsWith("<") || descr.startsWith(">") ? descr.substring(1) : "";
            @Nullable
            Dtype dtype = switch (kind) {
                case "b1" -> Dtype.BOOL;
                case "u1" -> Dtype.U8;
                case "i1" -> Dtype.I8;
                case "u2" -> Dtype.U16;
                case "i2" -> Dtype.I16;
                case "f2" -> Dtype.F16;
                case "u4" -> Dtype.U32;
                case "i4" -> Dtype.I32;
                case "f4" -> Dtype.F32;
                case "u8" -> Dtype.U64;
                case "i8" -> Dtype.I64;
                case "f8" -> Dtype.F64;
                default -> null;
            };
            if (dtype == null || (isSingle && dtype.bits() != Byte.SIZE)) {
                throw refused(from, kindName(kind) + " (descr '" + Source.abridged(descr) + "'), which is not read");
            }
            return dtype;
        }

        private static String kindName(String kind) {
            return switch (kind.isEmpty() ? ' ' : kind.charAt(0)) {
                case 'O' -> "an array of Python objects";
                case 'S', 'a', 'U' -> "an array of texts";
                case 'V' -> "an array of bytes without a type (bfloat16 is saved so)";
                case 'c' -> "an array of complex numbers";
                case 'f' -> "an array of long doubles";
                case 'M', 'm' -> "an array of dates or times";
                default -> "an array of an unknown type";
            };
        }

        // ---- refusals ----

        private WeightFormatException unexpected(String wanted) {
            return damaged(start + at, "its header: expected " + wanted + (at < text.length()
                    ? ", found "
                            + (text.charAt(at) > ' ' && text.charAt(at) < 0x7F
                                    ? "'" + text.charAt(at) + "'"
                                    : "character " + (int) text.charAt(at))
                    : ", found its end"));
        }

        private WeightFormatException damaged(long place, String problem) {
            return new WeightFormatException(source.file(), isPlain ? offset + place : offset, "NumPy: " + problem, null);
        }

        private Refusal.Found refused(long place, String problem) {
            return new Refusal.Found(isPlain ? offset + place : offset, problem);
        }
    }
}
