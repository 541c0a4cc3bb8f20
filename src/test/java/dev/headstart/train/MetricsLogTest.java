package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    Path folder;

    @Test
    void every_line_is_in_the_file_at_once() throws IOException {
        Path file = folder.resolve("run/metrics.jsonl");
        MetricsLog log = MetricsLog.create(file);
        assertEquals("", Files.readString(file));
        log.append(Json.object().put("phase", "fine\ntune").put("step", 20).put("loss", 2.5).build());
        assertEquals("{\"phase\":\"fine\\ntune\",\"step\":20,\"loss\":2.5}\n", Files.readString(file));
        log.append(Json.object().put("step", 21).put("loss", Json.numberOrNull(Double.NaN)).build());
        assertEquals("{\"step\":21,\"loss\":null}", Files.readAllLines(file).get(1));
    }

    @Test
    void a_new_log_begins_empty() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        MetricsLog.create(file).append(line(1));
        MetricsLog.create(file);
        assertEquals(0, Files.size(file));
    }

    @Test
    void a_resumed_log_reads_as_if_the_run_had_never_stopped() throws IOException {
        Path straight = folder.resolve("straight.jsonl");
        MetricsLog whole = MetricsLog.create(straight);
        whole.append(Json.object().put("seed", 7).build());
        for (long step : LongStream.rangeClosed(1, 10).toArray()) {
            whole.append(line(step));
        }

        Path file = folder.resolve("metrics.jsonl");
        MetricsLog log = MetricsLog.create(file);
        log.append(Json.object().put("seed", 7).build());
        for (long step : LongStream.rangeClosed(1, 8).toArray()) {
            log.append(line(step));
        }
        // The crash came in the middle of a line, and of a character.
        Files.write(file, new byte[] {'{', '"', (byte) 0xE6, (byte) 0x97}, StandardOpenOption.APPEND);
        MetricsLog resumed = MetricsLog.resume(file, 5);
        for (long step : LongStream.rangeClosed(6, 10).toArray()) {
            resumed.append(line(step));
        }
        assertEquals(Files.readString(straight), Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file, straight), files.sorted().toList());
        }
    }

    @Test
    void resuming_without_a_file_begins_one() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        MetricsLog.resume(file, 100).append(line(101));
        assertEquals(1, Files.readAllLines(file).size());
    }

    @Test
    void a_resumed_log_ends_before_its_first_damaged_line() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        for (String damage : List.of("[1]\n", "{\"step\":\n", "\0\0\0\n")) {
            Files.writeString(file, "{\"step\":1}\n" + damage + "{\"step\":3}\n");
            MetricsLog log = MetricsLog.resume(file, 5);
            assertEquals(2, log.lost());
            log.append(line(6));
            assertEquals("{\"step\":1}\n" + line(6).compact() + "\n", Files.readString(file));
        }
        assertEquals(0, MetricsLog.resume(file, 5).lost());
    }

    @Test
    void a_reader_names_a_broken_line() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "{\"step\":1}\n[1]\n{\"step\":3}\n");
        assertTrue(refusal(file).endsWith("metrics.jsonl, line 2: it is no JSON object"));
        Files.writeString(file, "{\"step\":1}\n{\"step\":\n");
        assertTrue(refusal(file).contains("line 2: json: "));
    }

    private static String refusal(Path file) {
        return assertThrows(IOException.class, () -> MetricsLog.read(file)).toString();
    }

    private static Json.Obj line(long step) {
        return Json.object().put("step", step).put("loss", 1.0 / step).build();
    }
}
