package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small PyTorch files that mean to be large in memory: all of them are opened in a heap of 64 MB, and in a short stack.
class PyTorchBombTest {
    /// Just below the 128th of that heap, which a pickle may have.
    private static final int LENGTH = 500_000;
    private static final String TENSOR = Torch.tensor(Torch.storage("FloatStorage", "0", 6), 0, Torch.tuple(2), Torch.tuple(1));

    @TempDir
    Path folder;

    private final Map<Path, String> said = new LinkedHashMap<>();

    private void bomb(String pickle, String says) throws IOException {
        put(Torch.zip(pickle, new byte[24]), says);
    }

    private void put(byte[] bytes, String says) throws IOException {
        said.put(Files.write(folder.resolve("bomb" + said.size()), bytes), says);
    }

    private static String filled(String begin, String piece, String end) {
        return Torch.PROTO + begin + piece.repeat((LENGTH - begin.length() - end.length()) / piece.length()) + end;
    }

    @Test
    void none_fills_the_heap_or_the_stack() throws IOException, InterruptedException {
        bomb(filled("", "]", "."), "more values on the stack");
        bomb(filled("", "}", "."), "more values on the stack");
        bomb(filled("", "(", "."), "takes a value from an empty stack");
        bomb(filled(")", "\u0085", "."), "deeper than 100");
        bomb(filled("]", "]", "") + "a".repeat(LENGTH) + ".", "bytes long, the limit is");
        bomb(filled("", "U\0", "."), "more values on the stack");
        bomb(filled("]q\0", "h\0a".repeat(8) + "]q\0", "."), "more values on the stack");
        bomb(numbered("", i -> "Nr" + four(i)) + ".", "more values on the stack");
        bomb(numbered("}", i -> "X\4\0\0\0" + four(i) + "}s") + ".", "0 tensors");
        bomb(filled("}(", "K\1N", "u."), "0 tensors");
        bomb(filled("](" + "K\1".repeat(1000) + "eq\0ccollections\nOrderedDict\nq\1}q\2" + "h\0h\0s".repeat(100),
                "h\1h\2\u0085R0".substring(0, 6),
                "."), "steps are asked for, ");
        String storage = Torch.storage("FloatStorage", "0", 6) + "q\0";
        String arguments = "(h\0K\0" + "(" + "K\1".repeat(64) + "t" + "(" + "K\1".repeat(64) + "ttq\1";
        bomb(filled(storage + arguments + Torch.global("torch._utils", "_rebuild_tensor") + "q\2", "h\2h\1R", "."),
                "steps are asked for, ");
        put(scripted(filled("}(" + "NN".repeat(1000) + "uq\0c__torch__\nA\n)\u0081", "h\0b", ".")), "steps are asked for, ");
        bomb(expanded(), "needs ");
        bomb(nested(TENSOR, 10, 6), "its table of contents may fill the heap");
        bomb(nested(Torch.text("text"), 10, 6), "its table of contents may fill the heap");
        bomb(filled("](](" + "U\0".repeat(100_000) + "eq\0", "h\0", "e."), "steps are asked for, ");
        put(scripted(filled("](c__torch__\nA\n)\u0081}(" + "K\1N".repeat(1000) + "ubq\0", "h\0", "e.")), "steps are asked for, ");
        String flagged = "(" + storage + "K\0" + Torch.tuple(1) + Torch.tuple(1) + "}(" + "NN".repeat(1000) + "utq\1";
        bomb(filled(flagged + Torch.global("torch._utils", "_rebuild_tensor_v2") + "q\2", "h\2h\1R", "."), "steps are asked for, ");
        bomb(wrappedAgainAndAgain(2000), "2001 tensors");
        Map<String, byte[]> zeros = new LinkedHashMap<>();
        zeros.put("x/data.pkl", new byte[100_000_000]);
        put(Torch.zip(zeros, ZipEntry.DEFLATED), "is 100000000 bytes long, the limit is");
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < 50_000; i++) {
            members.put("x/data/" + i, new byte[0]);
        }
        put(Torch.zip(members, ZipEntry.STORED), "holds no weights");
        List<String> lines = run();
        assertEquals(said.size(), lines.size(), lines.toString());
        int i = 0;
        for (String says : said.values()) {
            assertTrue(lines.get(i).contains(says), "bomb" + i + ": " + says + ", and it said " + lines.get(i));
            i++;
        }
    }

    /// Dictionaries of `keys` keys within each other, each of which has the same value: a file of many names; and a long text, which pays for
    /// the steps.
    private static String nested(String value, int keys, int levels) {
        StringBuilder pickle = new StringBuilder(Torch.PROTO + "}" + Torch.text("a")).append(value).append("q\0s");
        for (int level = 1; level <= levels; level++) {
            pickle.append(Torch.text("" + level)).append('}');
            for (int key = 0; key < keys; key++) {
                pickle.append(Torch.text("" + key)).append('h').append((char) (level - 1)).append('s');
            }
            pickle.append('q').append((char) level).append('s');
        }
        return pickle + Torch.text("text") + Torch.text("x".repeat(480_000 - pickle.length())) + "s.";
    }

    /// A dictionary with tensors under `model` and one beside it, in which `model` is there again and again, empty.
    private static String wrappedAgainAndAgain(int tensors) {
        StringBuilder pickle = new StringBuilder(Torch.PROTO + "}" + Torch.text("model")).append("q\1}");
        for (int i = 0; i < tensors; i++) {
            pickle.append("X\4\0\0\0").append(four(i)).append(i == 0 ? TENSOR + "q\0" : "h\0").append('s');
        }
        pickle.append('s').append(Torch.text("x")).append("h\0s").append(Torch.text("empty")).append("}q\2s(");
        while (pickle.length() < 480_000) {
            pickle.append("h\1h\2");
        }
        return pickle.append("u.").toString();
    }

    private interface Piece {
        String at(int i);
    }

    private static String numbered(String begin, Piece piece) {
        StringBuilder pickle = new StringBuilder(Torch.PROTO + begin);
        for (int i = 0; pickle.length() < LENGTH; i++) {
            pickle.append(piece.at(i));
        }
        return pickle.toString();
    }

    private static String four(int i) {
        return "" + (char) (i & 0x7F) + (char) (i >> 7 & 0x7F) + (char) (i >> 14 & 0x7F) + "\0";
    }

    private static byte[] scripted(String pickle) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("x/data.pkl", Torch.bytes(pickle));
        members.put("x/constants.pkl", new byte[0]);
        return Torch.zip(members, ZipEntry.STORED);
    }

    /// Thirty tensors of 4 million elements, made of six.
    private static String expanded() {
        StringBuilder pickle = new StringBuilder(Torch.PROTO + "}");
        for (int i = 0; i < 30; i++) {
            pickle.append(Torch.text("w" + i));
            pickle.append(Torch.tensor(Torch.storage("FloatStorage", "0", 6), 0, Torch.tuple(1 << 22), Torch.tuple(0))).append('s');
        }
        return pickle.append('.').toString();
    }

    private List<String> run() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx64m", DamagedFileTest.SmallHeap.class));
        command.add(1, "-Xss256k");
        said.keySet().forEach(file -> command.add(file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        assertEquals(0, process.waitFor(), lines.toString());
        return lines;
    }
}
