package dev.headstart.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// NumPy files with flipped bits, cut off, shuffled.
class NumpyDamageTest {
    private static final byte[] ONE = Damage.resource("numpy/f4.npy");
    private static final byte[][] ONES = {ONE, Damage.resource("numpy/i4.npy"), Damage.resource("numpy/version2.npy"),
        Damage.resource("numpy/version3.npy"), Damage.resource("numpy/scalar.npy")};
    private static final byte[] PACKED = Damage.resource("numpy/packed.npz");
    private static final byte[] STORED = Damage.resource("numpy/refused.npz");
    private static final byte[][] SEVERAL = {PACKED, STORED, Damage.resource("numpy/numbers.npz")};
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("numpy-damage");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Folders.delete(folder);
    }

    private static Damage damage() {
        return new Damage(folder, "x.npz");
    }

    @Example
    void a_file_cut_off_at_any_byte_is_refused() throws IOException {
        for (byte[] one : ONES) {
            damage().cutAtEachByte(one);
        }
        damage().cutAtEachByte(PACKED);
        damage().cutAtEachByte(STORED);
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_of_an_array_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = ONES[random.nextInt(ONES.length)];
        Damage.count(damage().isRead(Damage.flipped(whole, random, 0, whole.length)));
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_of_several_arrays_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = SEVERAL[random.nextInt(8) < 7 ? random.nextInt(2) : 2]; // the last is slow: it has 46 arrays
        Damage.count(damage().isRead(Damage.flipped(whole, random, 0, whole.length)));
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void runs_cut_out_or_doubled_or_replaced_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = random.nextBoolean() ? ONE : PACKED;
        Damage.count(damage().isRead(Damage.shuffled(whole, random)));
    }
}
