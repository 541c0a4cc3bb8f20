package dev.headstart.task.report;

import dev.headstart.io.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// A TensorBoard event file: figures by tag and step, each in the file before the call returns. Nothing has to be closed.
///
/// The file is a sequence of TFRecords: the length of the data (8 bytes, little-endian), a masked CRC-32C of those 8 bytes (4), the data, a
/// masked CRC-32C of the data (4). The mask is `rotate right by 15, plus 0xA282EAD8` (tensorflow/core/lib/hash/crc32c.h). The data is an `Event` in
/// protocol buffers' encoding: 1 wall time (double), 2 step (int64), 3 file version (string, `brain.Event:2`, in the first record), 5 summary, which
/// has values (1) of a tag (1, string) and a figure (2, float).
public final class TensorBoard {
    private static final int MASK = 0xA282EAD8;
    private static final String VERSION = "brain.Event:2";
    private static final String OURS = "events.out.tfevents.*.headstart";

    private final Path file;

    private TensorBoard(Path file) {
        this.file = file;
    }

    /// A new file in a folder that TensorBoard is pointed to; missing folders are made.
    ///
    /// @param seconds wall time of the start, since 1970: it is part of the name, `events.out.tfevents.{seconds}.headstart`
    public static TensorBoard create(Path folder, long seconds) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("events.out.tfevents." + seconds + ".headstart");
        Files.write(file, new byte[0]);
        TensorBoard board = new TensorBoard(file);
        board.append(new Message().fixed64(1, Double.doubleToRawLongBits((double) seconds)).text(3, VERSION).bytes());
        return board;
    }

    /// The file of a run that is resumed after `step`: records of later steps, which the run will write again, are removed, and what a
    /// crash left unfinished. Without a file this is [#create].
    ///
    /// @param seconds as of [#create]
    public static TensorBoard resume(Path folder, long step, long seconds) throws IOException {
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            return create(folder, seconds);
        }
        Path file = files.getLast();
        byte[] records = Files.readAllBytes(file);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        int at = 0;
        for (int size = recordSize(records, at); size > 0; size = recordSize(records, at)) {
            if (stepOf(ByteBuffer.wrap(records, at + 12, size - 16)) <= step) {
                kept.write(records, at, size);
            }
            at += size;
        }
        Path part = file.resolveSibling("resumed.part");
        Files.write(part, kept.toByteArray());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new TensorBoard(file);
    }

    /// Deletes the event files of earlier runs in a folder, which need not exist.
    public static void forget(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.delete(file);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> ours = Files.newDirectoryStream(folder, OURS)) {
                ours.forEach(files::add);
            }
        }
        files.sort(null);
        return files;
    }

    /// The bytes of the record that begins here; 0 where no whole and undamaged one does.
    private static int recordSize(byte[] bytes, int at) {
        ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int most = bytes.length - at - 16;
        if (most < 0) {
            return 0;
        }
        long length = records.getLong(at);
        if (length < 0 || length > most || records.getInt(at + 8) != masked(bytes, at, 8)) {
            return 0;
        }
        return records.getInt(at + 12 + (int) length) == masked(bytes, at + 12, (int) length) ? (int) length + 16 : 0;
    }

    /// Field 2 of an event; 0 where it has none.
    private static long stepOf(ByteBuffer event) {
        while (event.hasRemaining()) {
            long field = varint(event);
            switch ((int) (field & 7)) {
                case 0 -> {
                    long value = varint(event);
                    if (field >>> 3 == 2) {
                        return value;
                    }
                }
                case 1 -> event.position(event.position() + 8);
                case 2 -> event.position((int) varint(event) + event.position());
                default -> event.position(event.position() + 4);
            }
        }
        return 0;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        int shift = 0;
        long next = bytes.get();
        while (next < 0) {
            value |= (next & 0x7F) << shift;
            shift += 7;
            next = bytes.get();
        }
        return value | next << shift;
    }

    /// The file.
    public Path file() {
        return file;
    }

    /// Appends a figure.
    ///
    /// @param tag its name; tags with a common beginning up to a `/` stand together: `loss/train`
    /// @param seconds wall time since 1970
    public void scalar(String tag, long step, double value, double seconds) throws IOException {
        byte[] figure = new Message().text(1, tag).fixed32(2, Float.floatToRawIntBits((float) value)).bytes();
        byte[] summary = new Message().nested(1, figure).bytes();
        append(new Message().fixed64(1, Double.doubleToRawLongBits(seconds)).varint(2, step).nested(5, summary).bytes());
    }

    /// Appends the numbers of a line of `metrics.jsonl`: `{"phase":"fine-tune","step":20,"loss":2.31}` is the figure 2.31 at step 20 with the tag
    /// `loss/fine-tune`.
    ///
    /// @param seconds wall time since 1970
    public void figures(Json.Obj line, double seconds) throws IOException {
        String phase = line.find("phase") instanceof Json.Str(String name) ? "/" + name : "";
        long step = line.integer("step");
        for (Map.Entry<String, Json> figure : line.members().entrySet()) {
            switch (figure.getValue()) {
                case Json.Real(double value) -> scalar(figure.getKey() + phase, step, value, seconds);
                case Json.Int(long value) when !figure.getKey().equals("step") ->
                        scalar(figure.getKey() + phase, step, (double) value, seconds);
                default -> {}
            }
        }
    }

    private void append(byte[] data) throws IOException {
        byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.put(length).putInt(masked(length)).put(data).putInt(masked(data));
        Files.write(file, record.array(), StandardOpenOption.APPEND);
    }

    static int masked(byte[] bytes) {
        return masked(bytes, 0, bytes.length);
    }

    private static int masked(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    /// A message in protocol buffers' encoding: fields with a number and a kind, one after the other.
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            put((long) field << 3);
            put(value);
            return this;
        }

        Message fixed64(int field, long bits) {
            put((long) field << 3 | 1);
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array());
            return this;
        }

        Message fixed32(int field, int bits) {
            put((long) field << 3 | 5);
            out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array());
            return this;
        }

        Message text(int field, String text) {
            return nested(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message nested(int field, byte[] bytes) {
            put((long) field << 3 | 2);
            put(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        private void put(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
