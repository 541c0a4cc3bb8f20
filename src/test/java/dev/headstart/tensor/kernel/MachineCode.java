package dev.headstart.tensor.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Machine code that a JVM printed for `-XX:CompileCommand=print,…`: without a disassembler of its own it writes bytes in hexadecimal.
final class MachineCode {
    private static final String START = "[MachCode]";
    private static final String END = "[/MachCode]";
    private static final Pattern BYTES = Pattern.compile("\\s+0x([0-9a-f]+): ([0-9a-f |]+)");

    private MachineCode() {}

    /// The bytes of the last version of a method that C2 made; none when there is no such version. Versions that begin within a loop do not
    /// count.
    static byte[] last(List<String> printed, String method) {
        byte[] last = {};
        boolean wanted = false;
        for (int i = 0; i < printed.size(); i++) {
            String line = printed.get(i);
            if (line.startsWith("Compiled method")) {
                wanted = line.startsWith("Compiled method (c2)") && line.contains("::" + method + " (") && !line.contains("%");
            } else if (wanted && line.equals(START)) {
                List<String> rest = printed.subList(i, printed.size());
                int end = rest.indexOf(END);
                last = bytes(rest.subList(0, end < 0 ? rest.size() : end));
            }
        }
        return last;
    }

    private static byte[] bytes(List<String> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long start = -1;
        for (String line : lines) {
            Matcher matcher = BYTES.matcher(line);
            if (matcher.matches()) {
                long address = Long.parseUnsignedLong(matcher.group(1), 16);
                start = start < 0 ? address : start;
                if (address != start + bytes.size()) {
                    throw new IllegalArgumentException("machine code: bytes are missing before " + line);
                }
                bytes.writeBytes(HexFormat.of().parseHex(matcher.group(2).replaceAll("[ |]", "")));
            }
        }
        return bytes.toByteArray();
    }

    /// Instructions for x86-64, by GNU objdump.
    ///
    /// @throws IOException when there is no objdump, or it is another one
    static List<String> disassemble(byte[] code, Path folder) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("code.bin"), code);
        Process objdump = new ProcessBuilder("objdump", "-D", "-w", "--no-show-raw-insn", "-b", "binary", "-m", "i386:x86-64",
                file.toString()).redirectErrorStream(true).start();
        String listing = new String(objdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (objdump.waitFor() != 0) {
            throw new IOException("objdump: " + listing);
        }
        return listing.lines().toList();
    }
}
