package dev.headstart.io;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the numbers of a tensor are stored in a file. The order is that of the safetensors format: by alignment.
///
/// Reading turns each into float32. What float32 holds exactly stays exact, NaNs and infinities included: floating point of up to 32 bits,
/// integers of up to 16 bits, `BOOL` (0 and 1; another byte is refused). Wider integers are refused where float32 would change them (from
/// 2²⁴ on, unless the low bits are zero). `F64` is rounded to the nearest float32 and refused where that would be infinite. Of the 8-bit
/// floats all are read; `C64` and the 4- and 6-bit floats can be inspected, not read.
public enum Dtype {
    /// True (1) or false (0), one byte each.
    BOOL(8),
    /// 4-bit floating point, two in a byte.
    F4(4),
    /// 6-bit floating point with 2 exponent bits.
    F6_E2M3(6),
    /// 6-bit floating point with 3 exponent bits.
    F6_E3M2(6),
    /// Unsigned integer of 8 bits.
    U8(8),
    /// Signed integer of 8 bits.
    I8(8),
    /// 8-bit floating point with 5 exponent bits, with infinities.
    F8_E5M2(8),
    /// 8-bit floating point with 4 exponent bits, without infinities.
    F8_E4M3(8),
    /// 8-bit power of two, 2⁻¹²⁷ to 2¹²⁷, or NaN.
    F8_E8M0(8),
    /// As [#F8_E4M3], exponent bias 8, one zero, one NaN.
    F8_E4M3FNUZ(8),
    /// As [#F8_E5M2], exponent bias 16, one zero, one NaN, no infinities.
    F8_E5M2FNUZ(8),
    /// Signed integer of 16 bits.
    I16(16),
    /// Unsigned integer of 16 bits.
    U16(16),
    /// IEEE 754 binary16.
    F16(16),
    /// The upper half of a float32.
    BF16(16),
    /// Signed integer of 32 bits.
    I32(32),
    /// Unsigned integer of 32 bits.
    U32(32),
    /// IEEE 754 binary32.
    F32(32),
    /// Complex number of two float32.
    C64(64),
    /// IEEE 754 binary64.
    F64(64),
    /// Signed integer of 64 bits.
    I64(64),
    /// Unsigned integer of 64 bits.
    U64(64);

    private static final Map<String, Dtype> BY_NAME = new HashMap<>();
    private static final int EXACT_BITS = 24;

    static {
        for (Dtype dtype : values()) {
            BY_NAME.put(dtype.name(), dtype);
        }
    }

    private final int bits;

    Dtype(int bits) {
        this.bits = bits;
    }

    /// Bits of one element.
    public int bits() {
        return bits;
    }

    /// Whether [Weights#tensor] reads this type.
    public boolean isReadable() {
        return bits >= 8 && this != C64;
    }

    /// Whether this is a type of integers, [#BOOL] included.
    public boolean isInteger() {
        return switch (this) {
            case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 -> true;
            default -> false;
        };
    }

    static @Nullable Dtype named(String name) {
        return BY_NAME.get(name);
    }

    /// Says which element cannot be represented, and why.
    static final class ValueException extends Exception {
        private static final long serialVersionUID = 1;
        final int index;

        ValueException(int index, String message) {
            super(message);
            this.index = index;
        }
    }

    /// Reads `count` elements from the start of little-endian bytes as float32.
    void decode(ByteBuffer from, float[] to, int at, int count) throws ValueException {
        switch (this) {
            case F32 -> from.asFloatBuffer().get(to, at, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = Float.float16ToFloat(from.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = Float.intBitsToFloat(from.getShort(2 * i) << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = narrow(from.getDouble(8 * i), i);
                }
            }
            case F8_E5M2 -> miniature(from, to, at, count, 2, 15);
            case F8_E4M3 -> miniature(from, to, at, count, 3, 7);
            case F8_E4M3FNUZ -> miniature(from, to, at, count, 3, 8);
            case F8_E5M2FNUZ -> miniature(from, to, at, count, 2, 16);
            case F8_E8M0 -> {
                for (int i = 0; i < count; i++) {
                    int exponent = from.get(i) & 0xFF;
                    to[at + i] = exponent == 0xFF ? Float.NaN : Math.scalb(1f, exponent - 127);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = exact(integer(from, i), i);
                }
            }
        }
    }

    /// Reads `count` integers from the start of little-endian bytes.
    void decode(ByteBuffer from, int[] to, int at, int count) throws ValueException {
        for (int i = 0; i < count; i++) {
            long value = integer(from, i);
            if (value != (int) value) {
                throw new ValueException(i, text(value) + " is beyond the range of int32");
            }
            to[at + i] = (int) value;
        }
    }

    private long integer(ByteBuffer from, int i) throws ValueException {
        return switch (this) {
            case BOOL -> {
                int value = from.get(i) & 0xFF;
                if (value > 1) {
                    throw new ValueException(i, value + " is no BOOL: only 0 and 1 are");
                }
                yield value;
            }
            case U8 -> from.get(i) & 0xFF;
            case I8 -> from.get(i);
            case I16 -> from.getShort(2 * i);
            case U16 -> from.getShort(2 * i) & 0xFFFF;
            case I32 -> from.getInt(4 * i);
            case U32 -> from.getInt(4 * i) & 0xFFFFFFFFL;
            case I64, U64 -> from.getLong(8 * i);
            default -> throw new AssertionError(this + " is not a type of integers");
        };
    }

    /// The integer as a float32: its odd part must fit into the significand.
    private float exact(long value, int i) throws ValueException {
        boolean negative = value < 0 && this != U64;
        long magnitude = negative ? -value : value;
        int zeros = magnitude == 0 ? 0 : Long.numberOfTrailingZeros(magnitude);
        long odd = magnitude >>> zeros;
        if (odd >>> EXACT_BITS != 0) {
            throw new ValueException(i, text(value) + " is not exact in float32");
        }
        float result = Math.scalb((float) odd, zeros);
        return negative ? -result : result;
    }

    private String text(long value) {
        return this == U64 ? Long.toUnsignedString(value) : Long.toString(value);
    }

    private static float narrow(double value, int i) throws ValueException {
        float result = (float) value;
        if (Float.isInfinite(result) && Double.isFinite(value)) {
            throw new ValueException(i, value + " is beyond the range of float32");
        }
        return result;
    }

    private void miniature(ByteBuffer from, float[] to, int at, int count, int fractionBits, int bias) {
        for (int i = 0; i < count; i++) {
            to[at + i] = miniature(from.get(i) & 0xFF, fractionBits, bias);
        }
    }

    private float miniature(int bits, int fractionBits, int bias) {
        int fraction = bits & ((1 << fractionBits) - 1);
        int exponent = (bits & 0x7F) >> fractionBits;
        boolean nan = switch (this) {
            case F8_E5M2 -> exponent == 31 && fraction != 0;
            case F8_E4M3 -> (bits & 0x7F) == 0x7F;
            default -> bits == 0x80;
        };
        if (nan) {
            return Float.NaN;
        }
        float magnitude;
        if (this == F8_E5M2 && exponent == 31) {
            magnitude = Float.POSITIVE_INFINITY;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, 1 - bias - fractionBits);
        } else {
            magnitude = Math.scalb((float) (fraction | 1 << fractionBits), exponent - bias - fractionBits);
        }
        return bits >= 0x80 ? -magnitude : magnitude;
    }
}
