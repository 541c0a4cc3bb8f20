package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The speed of matrix products hangs on what C2 makes of a few loops, and a new JDK may make something else of them.
///
/// Another JVM prints the machine code of the tiles, and objdump reads it: in the loop over k, each accumulator must have a multiply-add of
/// its own and stay in a register. The run with vectors looks at the widest that the machine has, the other at 256 bits.
class SentinelTest {
    private static final String TILES = "dev.headstart.tensor.kernel.simd.SimdTiles";
    private static final boolean SIMD = "simd".equals(System.getProperty("headstart.expectedKernels"));
    private static final boolean X86 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    /// A micro-kernel, and how many vectors of C it keeps.
    private record Tile(String name, int accumulators) {
    }

    private static final List<Tile> LONG = List.of(new Tile("rows12x2", 24), new Tile("columns12x2", 24), new Tile("direct12x2", 24));
    private static final List<Tile> SHORT = List.of(new Tile("rows4x2", 8), new Tile("columns4x2", 8), new Tile("direct4x2", 8));

    @TempDir
    private Path folder;

    /// What a JVM prints that compiles in the foreground, so that all is compiled when it ends.
    private static List<String> printed() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Xbatch", "-Xmx512m", "-XX:+UseSerialGC", "-Xshare:auto"));
        if (!SIMD) {
            command.add("-XX:UseAVX=2");
        }
        for (List<Tile> tiles : List.of(LONG, SHORT)) {
            tiles.forEach(tile -> command.add("-XX:CompileCommand=print," + TILES + "::" + tile.name));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SentinelMain.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
        return lines;
    }

    @Test
    void accumulators_of_the_tiles_stay_in_registers() throws IOException, InterruptedException {
        if (!X86) {
            System.out.println("sentinel: not x86-64: " + System.getProperty("os.arch"));
            return;
        }
        try {
            assertTrue(MachineCode.disassemble(new byte[] {(byte) 0xc3}, folder).getLast().contains("ret"), "objdump knows no ret");
        } catch (IOException e) {
            System.out.println("sentinel: GNU objdump absent: " + e.getMessage());
            return;
        }
        List<String> printed = printed();
        if (printed.stream().noneMatch(line -> line.equals("[MachCode]"))) {
            System.out.println("sentinel: this JVM prints no bytes of machine code: a disassembler of its own, or another compiler");
            return;
        }
        int bits = Integer.parseInt(printed.stream().filter(line -> line.startsWith("bits ")).findFirst().orElseThrow().substring(5));
        if (bits == 0) {
            System.out.println("sentinel: no SIMD kernels on this machine");
            return;
        }
        for (Tile tile : bits >= 512 ? LONG : SHORT) {
            byte[] code = MachineCode.last(printed, tile.name);
            assertTrue(code.length > 0, () -> tile.name + " was not compiled: do matrix products still use it?");
            MachineLoop loop = MachineLoop.hottest(MachineCode.disassemble(code, folder));
            String found = "sentinel: " + tile.name + " with " + bits + " bits: " + loop;
            System.out.println(found);
            assertEquals(List.of(tile.accumulators, 0, 1), List.of(loop.fmas(), loop.spills(), loop.jumpsBack()), found);
        }
    }
}
