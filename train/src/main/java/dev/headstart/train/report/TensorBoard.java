package dev.headstart.train.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private void append(byte[] data) throws IOException {
        byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.put(length).putInt(masked(length)).put(data).putInt(masked(data));
        Files.write(file, record.array(), StandardOpenOption.APPEND);
    }

    static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
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
