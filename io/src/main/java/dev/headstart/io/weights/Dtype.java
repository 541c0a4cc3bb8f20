package dev.headstart.io.weights;

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

    /// Whether [dev.headstart.io.Weights#tensor] reads this type.
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

    /// The type of this name; nothing when there is none.
    public static @Nullable Dtype named(String name) {
        return BY_NAME.get(name);
    }
}
