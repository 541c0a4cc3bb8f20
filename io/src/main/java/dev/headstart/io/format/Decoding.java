package dev.headstart.io.format;

import dev.headstart.io.weights.Dtype;
import java.nio.ByteBuffer;

/// Makes float32 or int32 of the elements of a file; [Dtype] says how.
///
/// @param dtype how the elements are stored
/// @param nearest whether integers that float32 does not hold are rounded, rather than refused
public record Decoding(Dtype dtype, boolean nearest) {
    /// Refuses integers that float32 does not hold.
    public Decoding(Dtype dtype) {
        this(dtype, false);
    }

    private static final int EXACT_BITS = 24;

    /// Says which element cannot be represented, and why.
    public static final class ValueException extends Exception {
        private static final long serialVersionUID = 1;
        /// Which element, counted from the first that was decoded.
        final int index;

        ValueException(int index, String message) {
            super(message);
            this.index = index;
        }
    }

    /// Reads `count` elements from the start of a buffer, in its byte order, as float32.
    public void decode(ByteBuffer from, float[] to, int at, int count) throws ValueException {
        switch (dtype) {
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

    /// Reads `count` integers from the start of a buffer, in its byte order.
    public void decode(ByteBuffer from, int[] to, int at, int count) throws ValueException {
        for (int i = 0; i < count; i++) {
            long value = integer(from, i);
            if (value != (int) value) {
                throw new ValueException(i, text(value) + " is beyond the range of int32");
            }
            to[at + i] = (int) value;
        }
    }

    private long integer(ByteBuffer from, int i) throws ValueException {
        return switch (dtype) {
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
            default -> throw new AssertionError(dtype + " is not a type of integers");
        };
    }

    /// The integer as a float32: its odd part must fit into the significand.
    private float exact(long value, int i) throws ValueException {
        boolean negative = value < 0 && dtype != Dtype.U64;
        long magnitude = negative ? -value : value;
        int zeros = magnitude == 0 ? 0 : Long.numberOfTrailingZeros(magnitude);
        long odd = magnitude >>> zeros;
        if (odd >>> EXACT_BITS != 0 && nearest) {
            return dtype == Dtype.U64 && value < 0 ? 2 * (float) (value >>> 1 | (value & 1)) : (float) value;
        }
        if (odd >>> EXACT_BITS != 0) {
            throw new ValueException(i, text(value) + " is not exact in float32");
        }
        float result = Math.scalb((float) odd, zeros);
        return negative ? -result : result;
    }

    private String text(long value) {
        return dtype == Dtype.U64 ? Long.toUnsignedString(value) : Long.toString(value);
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
        boolean nan = switch (dtype) {
            case F8_E5M2 -> exponent == 31 && fraction != 0;
            case F8_E4M3 -> (bits & 0x7F) == 0x7F;
            default -> bits == 0x80;
        };
        if (nan) {
            return Float.NaN;
        }
        float magnitude;
        if (dtype == Dtype.F8_E5M2 && exponent == 31) {
            magnitude = Float.POSITIVE_INFINITY;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, 1 - bias - fractionBits);
        } else {
            magnitude = Math.scalb((float) (fraction | 1 << fractionBits), exponent - bias - fractionBits);
        }
        return bits >= 0x80 ? -magnitude : magnitude;
    }
}
