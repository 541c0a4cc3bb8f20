package dev.headstart.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.machine.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What a program computes is defined by its text: every machine setting gives the digest of [DigestMain]. The settings are those of other
/// JVMs, started here, two at a time, with the vector module and without; so one run of the suite, that with vectors, is enough.
class OneAnswerTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final boolean X86 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    /// A JVM's settings, and the kernels they must lead to.
    private record Setting(int threads, String kernels, int minBits, int maxBits, List<String> flags) {
        static Setting scalar(int threads, String... flags) {
            return new Setting(threads, "scalar", 0, 0, List.of(flags));
        }

        static Setting simd(int threads, int minBits, int maxBits, String... flags) {
            List<String> all = new ArrayList<>(List.of(flags));
            all.add(VECTORS);
            return new Setting(threads, "simd", minBits, maxBits, all);
        }

        /// Vectors cut to a width, where the machine has that much.
        static Setting cut(int threads, int bits, String flag) {
            int expected = Math.min(bits, Backend.active().vectorBits());
            return simd(threads, expected, expected, flag);
        }

        String digest() throws IOException, InterruptedException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags);
            command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Xshare:auto", "-cp", System.getProperty("java.class.path"),
                    DigestMain.class.getName(), String.valueOf(threads)));
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), () -> this + ": " + output);
            return output.lines().filter(line -> line.startsWith("digest ")).findFirst()
                    .orElseThrow(() -> new AssertionError(this + ": " + output));
        }

        /// Runs the JVM, and gives its digest after a look at the kernels it used.
        String sha256() throws IOException, InterruptedException {
            String[] words = digest().split("[ =]");
            assertEquals(List.of("digest", "kernels", kernels, "bits"), List.of(words).subList(0, 4), toString());
            int bits = Integer.parseInt(words[4]);
            assertTrue(bits >= minBits && bits <= maxBits, () -> this + " used vectors of " + bits + " bits");
            assertEquals(List.of("threads", String.valueOf(threads), "sha256"), List.of(words).subList(5, 8), toString());
            return words[8];
        }
    }

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(List.of(
                Setting.cut(3, 128, "-XX:MaxVectorSize=16"),
                Setting.cut(1, 256, "-XX:MaxVectorSize=32"),
                Setting.scalar(2),
                Setting.scalar(3, VECTORS, "-Dheadstart.kernels=scalar"),
                Setting.scalar(1, VECTORS, "-XX:MaxVectorSize=8")));
        if (X86) {
            settings.add(Setting.cut(3, 256, "-XX:UseAVX=2"));
            settings.add(Setting.simd(2, Backend.active().vectorBits(), 512, "-XX:UseAVX=3"));
        } else {
            settings.add(Setting.cut(2, 512, "-XX:MaxVectorSize=64"));
        }
        return settings;
    }

    @Test
    void every_setting_gives_the_same_bits() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Setting> settings = settings();
            Future<String> here = pool.submit(() -> DigestMain.sha256(1));
            List<Future<String>> digests = new ArrayList<>();
            for (Setting setting : settings) {
                digests.add(pool.submit(setting::sha256));
            }
            for (int i = 0; i < settings.size(); i++) {
                assertEquals(here.get(), digests.get(i).get(), settings.get(i) + " gives other bits");
            }
        }
    }
}
