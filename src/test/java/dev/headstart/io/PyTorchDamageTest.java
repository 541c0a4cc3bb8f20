package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

/// PyTorch files with flipped bits, cut off, shuffled.
class PyTorchDamageTest {
    private static final byte[] ZIP = Damage.resource("torch_zip.pt");
    private static final byte[] SMALL_ZIP = Damage.resource("torch_small.pt");
    private static final byte[] LEGACY = Damage.resource("torch_legacy.pt");
    private static final byte[] SMALL_LEGACY = Damage.resource("torch_small_legacy.pt");
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("pytorch-damage");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Folders.delete(folder);
    }

    private static Damage damage() {
        return new Damage(folder, "x.pt");
    }

    @Example
    void a_file_cut_off_at_any_byte_is_refused() throws IOException {
        damage().cutAtEachByte(SMALL_ZIP);
        damage().cutAtEachByte(SMALL_LEGACY);
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_of_a_zip_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = random.nextInt(8) == 0 ? ZIP : SMALL_ZIP;
        boolean directory = random.nextBoolean();
        int end = whole.length - 22;
        int begin = (whole[end + 16] & 0xFF) | ((whole[end + 17] & 0xFF) << 8);
        assertEquals('P', whole[begin]);
        Damage.count(
                damage().isRead(directory ? Damage.flipped(whole, random, begin, whole.length) : Damage.flipped(whole, random, 64, 500)));
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_of_the_old_form_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = random.nextInt(8) == 0 ? LEGACY : SMALL_LEGACY;
        Damage.count(damage().isRead(Damage.flipped(whole, random, 0, whole.length)));
    }

    @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
    void runs_cut_out_or_doubled_or_replaced_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Damage.count(damage().isRead(Damage.shuffled(random.nextBoolean() ? SMALL_LEGACY : SMALL_ZIP, random)));
    }
}
