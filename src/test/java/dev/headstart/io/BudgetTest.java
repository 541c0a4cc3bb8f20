package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.file.Budget;
import dev.headstart.io.json.Json;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// What files may cost is charged before it is spent; who asks for more reads what was asked for and what was left.
class BudgetTest {
    @TempDir
    Path folder;

    // ---- the budget ----

    private static String refused(Executable charge) {
        return Refusals.message(IOException.class, charge);
    }

    @Test
    void a_refusal_says_what_was_asked_for_and_what_was_left() throws IOException {
        Budget budget = Budget.of(1000, 5000);
        budget.read(4000, IOException::new);
        assertEquals(" (65537 bytes are asked for, 65536 are left)", refused(() -> budget.read(65_537, IOException::new)));
        budget.allocate(4900, IOException::new);
        assertEquals(" (101 bytes of heap are asked for, 100 are left)", refused(() -> budget.allocate(101, IOException::new)));
    }

    @Test
    void what_is_refused_is_not_charged() throws IOException {
        Budget budget = Budget.of(0, 100);
        assertThrows(IOException.class, () -> budget.allocate(101, IOException::new));
        assertEquals(100, budget.heap());
        budget.allocate(100, IOException::new);
        assertEquals(0, budget.heap());
    }

    @Test
    void an_amount_that_overflowed_is_refused() {
        assertEquals(" (18446744073709551615 bytes of heap are asked for, 100 are left)",
                refused(() -> Budget.of(0, 100).allocate(-1, IOException::new)));
    }

    @Test
    void bytes_of_a_pickle_pay_for_steps_and_no_others_do() throws IOException {
        Budget budget = Budget.of(1000, 0);
        budget.step(160_000, IOException::new);
        assertThrows(IOException.class, () -> budget.step(1, IOException::new));
        budget.read(10, IOException::new);
        assertThrows(IOException.class, () -> budget.step(1, IOException::new));
        budget.earn(10);
        budget.step(160, IOException::new);
        assertThrows(IOException.class, () -> budget.step(1, IOException::new));
    }

    @Test
    void the_largest_file_has_a_budget() throws IOException {
        Budget budget = Budget.of(Long.MAX_VALUE, 0);
        budget.read(1 << 30, IOException::new);
        assertThrows(IOException.class, () -> budget.read(1, IOException::new));
    }

    // ---- the readers ----

    private void refuse(String name, byte[] bytes, String says) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        String message = Refusals.message(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(message.startsWith(file + ": byte ") && message.contains(says) && message.contains(" are asked for, ")
                && message.endsWith(" are left)"), message);
    }

    @Test
    void headers_of_arrays_that_inflate_to_more_than_the_file_are_refused() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}" + " ".repeat(9_000);
        byte[] array = ("\u0093NUMPY\1\0" + (char) (dictionary.length() & 0xFF) + (char) (dictionary.length() >> 8) + dictionary)
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 100; i++) {
            members.put("a" + i + ".npy", array);
        }
        refuse("x.npz", Torch.zip(members, ZipEntry.DEFLATED), "NumPy: a header of 9055 bytes");
        Path plain = Files.write(folder.resolve("plain.npz"), Torch.zip(members, ZipEntry.STORED));
        assertEquals(100, Weights.open(plain).names().size());
    }

    // ---- in a small heap ----

    /// Reads each JSON file named, printing what came of it: run with a small heap.
    static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] args) {
            for (String file : args) {
                try {
                    Json.read(Path.of(file));
                    System.out.println("read");
                } catch (IOException e) {
                    System.out.println(Refusals.message(e));
                }
            }
        }
    }

    @Test
    void json_does_not_fill_a_small_heap() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx64m", SmallHeap.class));
        for (String item : List.of("0,", "[],", "{},", "[0],", "{\"a\":0},", "\"ab\",")) {
            command.add(put("[" + item.repeat(6_000_000 / item.length()) + "0]"));
        }
        command.add(put("[\"" + "a".repeat(10_000_000) + "\"]"));
        command.add(put("[" + "0,".repeat(100_000) + "{}]"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        assertEquals(0, process.waitFor(), lines.toString());
        assertEquals(8, lines.size(), lines.toString());
        for (String line : lines.subList(0, 7)) {
            assertTrue(line.contains(folder.toString()) && line.contains("may fill the heap: raise it with -Xmx"), lines.toString());
        }
        assertEquals("read", lines.getLast());
    }

    private String put(String json) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "x", ".json"), json).toString();
    }
}
