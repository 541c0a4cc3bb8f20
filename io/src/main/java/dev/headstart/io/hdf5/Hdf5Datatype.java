package dev.headstart.io.hdf5;

import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.WeightFormatException;
import java.nio.ByteOrder;
import java.util.List;

/// A datatype message (HDF5 file format specification 3.0, IV.A.2.d): the kinds that tensors and texts have, and the names of the others.
sealed interface Hdf5Datatype {
    List<String> CLASSES = List.of("fixed-point number", "floating-point number", "time", "string", "bit field", "opaque", "compound",
            "reference", "enumeration", "sequence of variable length", "array", "complex number");

    /// Size of one element in the file, in bytes.
    long size();

    /// Numbers that tensors are made of.
    record Numeric(Dtype dtype, ByteOrder order, long size) implements Hdf5Datatype {}

    /// Text of `size` bytes, padded with zeros (0: after the first there is nothing more, 1) or spaces (2).
    record FixedString(int padding, long size) implements Hdf5Datatype {}

    /// Text in the global heap; `size` is that of the pointer.
    record VariableString(long size) implements Hdf5Datatype {}

    /// Anything else.
    record Other(String name, long offset, long size) implements Hdf5Datatype {}

    /// Reads the message: class and version in a byte, 24 bits that each class uses its own way, size, properties.
    static Hdf5Datatype read(Hdf5Block data) throws WeightFormatException {
        long offset = data.offset();
        int kind = data.u8();
        int bits = (int) data.number(3);
        long size = data.u32();
        if (kind >> 4 < 1 || kind >> 4 > 5) {
            return new Other("datatype of version " + (kind >> 4), offset, size);
        }
        return switch (kind & 15) {
            case 0 -> fixed(data, bits, size, offset);
            case 1 -> floating(data, bits, size, offset);
            case 3 -> new FixedString(bits & 15, size);
            case 9 -> (bits & 15) == 1 ? new VariableString(size) : new Other(CLASSES.get(9), offset, size);
            default -> {
                int at = kind & 15;
                yield new Other(at < CLASSES.size() ? CLASSES.get(at) : "datatype of class " + at, offset, size);
            }
        };
    }

    /// Bit 0: big-endian; bit 3: signed. Properties: first bit and number of bits, here those of all bytes.
    private static Hdf5Datatype fixed(Hdf5Block data, int bits, long size, long offset) throws WeightFormatException {
        int first = data.u16();
        int precision = data.u16();
        boolean isSigned = (bits & 8) != 0;
        if (first != 0 || precision != 8 * size || (size != 1 && size != 2 && size != 4 && size != 8)) {
            return new Other("integer of " + precision + " bits in " + size + " bytes", offset, size);
        }
        Dtype dtype = switch ((int) size) {
            case 1 -> isSigned ? Dtype.I8 : Dtype.U8;
            case 2 -> isSigned ? Dtype.I16 : Dtype.U16;
            case 4 -> isSigned ? Dtype.I32 : Dtype.U32;
            default -> isSigned ? Dtype.I64 : Dtype.U64;
        };
        return new Numeric(dtype, (bits & 1) != 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, size);
    }

    /// Bit 0: big-endian (with bit 6: a VAX's order); bits 8 to 15: the sign's place.
    private static Hdf5Datatype floating(Hdf5Block data, int bits, long size, long offset) throws WeightFormatException {
        Floating found = new Floating(size, data.u16(), data.u16(), bits >> 8 & 0xFF, data.u8(), data.u8(), data.u8(), data.u8(),
                data.u32());
        boolean isVax = (bits & 0x40) != 0;
        for (Dtype dtype : Floating.DTYPES) {
            if (!isVax && found.equals(Floating.of(dtype))) {
                return new Numeric(dtype, (bits & 1) != 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, size);
            }
        }
        String name = "floating-point number of " + size + " bytes" + (isVax ? " in a VAX's order" : "") + ", " + found.exponentBits
                + " bits of exponent, " + found.fractionBits + " of fraction, bias " + found.bias;
        return new Other(name, offset, size);
    }

    /// Where a floating-point number has its parts: the bits used, the sign's, and first bit and number of bits of exponent and fraction.
    record Floating(long size, int first, int precision, int sign, int exponent, int exponentBits, int fraction, int fractionBits,
            long bias) {
        private static final List<Dtype> DTYPES = List.of(Dtype.F16, Dtype.BF16, Dtype.F32, Dtype.F64);

        private static Floating of(Dtype dtype) {
            int bits = dtype.bits();
            int fraction = switch (dtype) {
                case F16 -> 10;
                case BF16 -> 7;
                case F32 -> 23;
                default -> 52;
            };
            int exponent = bits - 1 - fraction;
            return new Floating(bits / 8, 0, bits, bits - 1, fraction, exponent, 0, fraction, (1L << (exponent - 1)) - 1);
        }
    }
}
