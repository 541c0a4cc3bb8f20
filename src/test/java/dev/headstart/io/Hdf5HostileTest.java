package dev.headstart.io;

import static dev.headstart.io.Hdf5Writer.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HDF5 files made to keep a reader busy, fill its memory or overflow its stack: refused, or what is sound of them is read.
class Hdf5HostileTest {
    private static final int SIZE = 1 << 14;

    @TempDir
    Path folder;

    private Path written(Hdf5Writer writer) throws IOException {
        return Files.write(folder.resolve("x.h5"), writer.bytes());
    }

    private void refuse(Hdf5Writer writer, String says) throws IOException {
        Path file = written(writer);
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(Refusals.message(e).startsWith(file + ": byte " + e.offset() + ": HDF5: "), e.getMessage());
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
    }

    @Test
    void a_sound_file_is_read() throws IOException {
        Weights weights = Weights.open(written(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).dataset(1024, 8192, 3)));
        assertEquals(Set.of("x"), weights.names());
        assertEquals(3, weights.tensor("x").size());
    }

    // ---- what points at itself ----

    @Test
    void a_group_in_itself_is_not_followed() throws IOException {
        Weights weights = Weights.open(written(new Hdf5Writer(SIZE).group(ROOT, "me,x", ROOT, 1024).dataset(1024, 8192, 3)));
        assertEquals(Set.of("x"), weights.names());
        String message = Refusals.message(WeightFormatException.class, () -> weights.tensor("me"));
        assertTrue(message.contains("a second link to /"), message);
    }

    @Test
    void groups_that_double_at_each_level_are_read_once() throws IOException {
        Hdf5Writer writer = new Hdf5Writer(64 * 512 + 1024).group(ROOT, "a,b", 608, 608);
        for (int i = 1; i < 60; i++) {
            writer.group(ROOT + 512 * i, "a,b", ROOT + 512 * (i + 1), ROOT + 512 * (i + 1));
        }
        Weights weights = Weights.open(written(writer.dataset(ROOT + 512 * 60, 0, 3)));
        assertEquals(Set.of("a/".repeat(59) + "a"), weights.names());
    }

    @Test
    void groups_are_followed_to_a_depth_of_64() throws IOException {
        int depth = 20_000;
        Hdf5Writer writer = new Hdf5Writer(512 * depth + 1024);
        for (int i = 0; i < depth; i++) {
            writer.group(ROOT + 512 * i, "a", ROOT + 512L * (i + 1));
        }
        Weights weights = Weights.open(written(writer));
        assertEquals(Set.of(), weights.names());
        String message = Refusals.message(WeightFormatException.class, () -> weights.tensor("a/".repeat(64) + "a"));
        assertTrue(message.contains("deeper than 64 groups"), message);
    }

    @Test
    void a_tree_in_itself_is_refused() throws IOException {
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).tree(ROOT + 48, 1, ROOT + 48), "is part of a tree already");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).tree(ROOT + 48, 1, 2048).tree(2048, 1, 4096), "level 1 below level 1");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).tree(ROOT + 48, 200), "level 200 below level");
    }

    @Test
    void a_node_that_is_there_twice_is_refused() throws IOException {
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).tree(ROOT + 48, 0, ROOT + 256, ROOT + 256), "is part of a tree already");
    }

    @Test
    void a_header_that_goes_on_in_itself_is_refused() throws IOException {
        refuse(new Hdf5Writer(SIZE).header(ROOT, Hdf5Writer.goesOn(ROOT + 16, 24)), "where it already was");
        Hdf5Writer two = new Hdf5Writer(SIZE).header(ROOT, Hdf5Writer.goesOn(1024, 24)).header(1008, Hdf5Writer.goesOn(ROOT + 16, 24));
        refuse(two, "where it already was");
    }

    @Test
    void headers_that_overlap_cost_no_more_than_the_file() throws IOException {
        int size = 1 << 20;
        Hdf5Writer writer = new Hdf5Writer(size).header(ROOT, Hdf5Writer.table(200, 300)).heap(300, "a").tree(200, 0, 4096);
        byte[] blocks = new byte[0];
        for (int i = 0; i < 100; i++) {
            blocks = concatenated(blocks, Hdf5Writer.goesOn(8192 + 8 * i, size - 16_384));
        }
        refuse(writer.header(ROOT, Hdf5Writer.goesOn(1 << 16, blocks.length)).header((1 << 16) - 16, blocks),
                "more of the structure was read than there is: its parts overlap (1032192 bytes are asked for, ");
    }

    private static byte[] concatenated(byte[] a, byte[] b) {
        byte[] both = new byte[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    // ---- counts, lengths and places ----

    @Test
    void places_beyond_the_file_are_refused() throws IOException {
        refuse(new Hdf5Writer(SIZE).length(SIZE + 1), "by its superblock this is a file: content of 16385 bytes");
        refuse(new Hdf5Writer(SIZE).length(Long.MIN_VALUE), "is beyond the file's end");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", SIZE - 4), "object header of 8 bytes at address 16380 is beyond the file's end");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", Long.MAX_VALUE), "is beyond the file's end");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).dataset(1024, SIZE - 11, 3), "contiguous data of 12 bytes at address 16373");
        refuse(new Hdf5Writer(SIZE).header(ROOT, Hdf5Writer.table(-1, 8)), "local heap");
    }

    @Test
    void extents_that_overflow_are_refused() throws IOException {
        Hdf5Writer writer = new Hdf5Writer(SIZE).group(ROOT, "x", 1024);
        byte[] data = Hdf5Writer.contiguous(0, 0);
        refuse(writer.header(1024, Hdf5Writer.space(1L << 32, 1L << 32), Hdf5Writer.float32(), data), "too large to count their bytes");
        refuse(writer.header(1024, Hdf5Writer.space(-1), Hdf5Writer.float32(), data), "a length of 18446744073709551615");
        refuse(writer.header(1024, Hdf5Writer.space(new long[33]), Hdf5Writer.float32(), data), "dataspace of 33 axes");
        refuse(writer.header(1024, Hdf5Writer.space(5), Hdf5Writer.float32(), data), "contiguous data of 0 bytes, 20 are needed");
    }

    @Test
    void datasets_that_overlap_are_refused() throws IOException {
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x,y", 1024, 2048).dataset(1024, 8192, 3).dataset(2048, 8200, 3), "\"y\" overlaps \"x\"");
    }

    @Test
    void a_link_without_a_sound_name_is_refused() throws IOException {
        refuse(new Hdf5Writer(SIZE).group(ROOT, "a/b", 1024).dataset(1024, 8192, 3), "a link is named \"a/b\"");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).links(ROOT + 256, 0, 1024), "a link is named \"\"");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x", 1024).links(ROOT + 256, 1L << 60, 1024), "no text of at most 1024 bytes");
        refuse(new Hdf5Writer(SIZE).group(ROOT, "x,x", 1024, 2048).dataset(1024, 8192, 3).dataset(2048, 9192, 3), "\"x\" is there twice");
    }

    // ---- large files ----

    @Test
    void opening_and_reading_one_tensor_of_a_large_file_costs_that_tensor() throws IOException {
        long large = 40_000_000_000L;
        Hdf5Writer writer = new Hdf5Writer(SIZE).group(ROOT, "large,small", 1024, 2048).dataset(1024, SIZE, large / 4).dataset(2048, 8192,
                3);
        Path file = folder.resolve("large.h5");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(writer.length(SIZE + large).bytes());
            sparse.setLength(SIZE + large);
        }
        Weights weights = Weights.open(file);
        assertEquals(large, weights.info("large").bytes());
        assertEquals(3, weights.tensor("small").size());
        assertThrows(WeightFormatException.class, () -> weights.tensor("large"));
    }

    @Test
    void many_links_to_a_long_name_do_not_fill_a_small_heap() throws IOException, InterruptedException {
        int links = 200_000;
        int size = 40 * links + (1 << 20);
        Hdf5Writer writer = new Hdf5Writer(size).header(ROOT, Hdf5Writer.table(200, 300)).heap(300, "n".repeat(1000));
        List<Long> nodes = new ArrayList<>();
        for (int i = 0; i < links / 1000; i++) {
            int at = (1 << 19) + i * 40_008;
            long[] entries = new long[2000];
            for (int link = 0; link < 1000; link++) {
                entries[2 * link] = 8L + link % 990;
                entries[2 * link + 1] = ROOT;
            }
            writer.links(at, entries);
            nodes.add((long) at);
        }
        writer.tree(4096, 0, nodes.stream().mapToLong(Long::longValue).toArray());
        writer.header(ROOT, Hdf5Writer.table(4096, 300));
        Path file = written(writer);
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx32m", DamagedFileTest.SmallHeap.class));
        command.add(file.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        assertEquals(0, process.waitFor(), lines.toString());
        assertTrue(lines.getFirst().contains("takes more than a quarter of the heap"), lines.toString());
    }
}
