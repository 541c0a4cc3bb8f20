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

/// HDF5 files with flipped bits, cut off, shuffled.
class Hdf5DamageTest {
    private static final byte[] TINY = Damage.resource("hdf5/tiny.h5");
    private static final byte[] NEW = Damage.resource("hdf5/latest.h5");
    private static final byte[][] WHOLES = {TINY, NEW, Damage.resource("hdf5/early.h5"), Damage.resource("hdf5/dense.h5"),
        Damage.resource("hdf5/small.keras")};
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("hdf5-damage");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Folders.delete(folder);
    }

    private static Damage damage() {
        return new Damage(folder, "x.h5");
    }

    @Example
    void a_file_cut_off_at_any_byte_is_refused() throws IOException {
        damage().cutAtEachByte(TINY);
        damage().cutAtEachByte(NEW);
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Damage.count(damage().isRead(flipped(WHOLES[random.nextInt(random.nextInt(4) < 3 ? 2 : WHOLES.length)], random)));
    }

    /// Most bytes are zeros that nobody looks at: every second flip is in a byte that is none, or just after one.
    private static byte[] flipped(byte[] whole, Random random) {
        byte[] damaged = whole.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
            int at = random.nextInt(whole.length);
            for (int tries = 0; random.nextBoolean() && tries < 20 && whole[at] == 0 && (at == 0 || whole[at - 1] == 0); tries++) {
                at = random.nextInt(whole.length);
            }
            damaged[at] = (byte) (damaged[at] ^ 1 << random.nextInt(8));
        }
        return damaged;
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void runs_cut_out_or_doubled_or_replaced_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Damage.count(damage().isRead(Damage.shuffled(random.nextBoolean() ? TINY : NEW, random)));
    }
}
