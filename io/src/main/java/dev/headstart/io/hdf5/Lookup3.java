package dev.headstart.io.hdf5;

import java.nio.ByteBuffer;

/// The checksum of HDF5's newer structures: Bob Jenkins' lookup3, `hashlittle` from 0 (public domain, burtleburtle.net/bob/c/lookup3.c).
final class Lookup3 {
    private static final int BLOCK = 12;

    private Lookup3() {}

    /// The hash of the first `length` bytes.
    static int of(ByteBuffer bytes, int length) {
        int a = 0xDEADBEEF + length;
        int b = a;
        int c = a;
        int at = 0;
        for (; length - at > BLOCK; at += BLOCK) {
            a += word(bytes, at, length);
            b += word(bytes, at + 4, length);
            c += word(bytes, at + 8, length);
            a = a - c ^ Integer.rotateLeft(c, 4);
            c += b;
            b = b - a ^ Integer.rotateLeft(a, 6);
            a += c;
            c = c - b ^ Integer.rotateLeft(b, 8);
            b += a;
            a = a - c ^ Integer.rotateLeft(c, 16);
            c += b;
            b = b - a ^ Integer.rotateLeft(a, 19);
            a += c;
            c = c - b ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        return at == length ? c : last(a + word(bytes, at, length), b + word(bytes, at + 4, length), c + word(bytes, at + 8, length));
    }

    private static int last(int a, int b, int c) {
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        return (c ^ b) - Integer.rotateLeft(b, 24);
    }

    /// Four bytes, little-endian; those beyond the end are 0.
    private static int word(ByteBuffer bytes, int at, int length) {
        int word = 0;
        for (int i = 0; i < 4 && at + i < length; i++) {
            word |= (bytes.get(at + i) & 0xFF) << (8 * i);
        }
        return word;
    }
}
