package dev.headstart.io.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/// A file open for reading in places, with the [Budget] that its reader draws on. When reading fails, the message names the file.
public final class Source implements AutoCloseable {
    private final Disk disk;
    private final Path file;
    private final Disk.Reading reading;
    private final Budget budget;

    private Source(Disk disk, Path file, Disk.Reading reading, Budget budget) {
        this.disk = disk;
        this.file = file;
        this.reading = reading;
        this.budget = budget;
    }

    /// Opens a file.
    public static Source open(Disk disk, Path file) throws IOException {
        Disk.Reading reading = null;
        try {
            reading = disk.open(file);
            return new Source(disk, file, reading, Budget.of(reading.size()));
        } catch (IOException e) {
            if (reading != null) {
                reading.close();
            }
            throw named(file, "", e);
        }
    }

    /// Opens a file that lies beside this one and has this name: what a format keeps in a second file. It has a budget of its own.
    public Source sibling(String name) throws IOException {
        return open(disk, file.resolveSibling(name));
    }

    /// The disk the file is on.
    public Disk disk() {
        return disk;
    }

    /// The file's path.
    public Path file() {
        return file;
    }

    /// What reading it may cost.
    public Budget budget() {
        return budget;
    }

    /// Bytes of the file as it is now.
    public long size() throws IOException {
        return reading.size();
    }

    /// Reads some bytes from `at` on; says how many, -1 when the file ends before.
    public int read(ByteBuffer into, long at) throws IOException {
        try {
            return reading.read(into, at);
        } catch (IOException e) {
            throw named(file, "byte " + at + ": ", e);
        }
    }

    /// Fills a buffer with the bytes at this offset; says how many there were before the file's end.
    public int fill(ByteBuffer into, long at) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (read(into, at + into.position() - start) < 0) {
                break;
            }
        }
        return into.position() - start;
    }

    /// The first bytes, `most` at most.
    public byte[] head(int most) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(most);
        return Arrays.copyOf(head.array(), fill(head, 0));
    }

    @Override
    public void close() throws IOException {
        reading.close();
    }

    /// Opens a file to read it from front to back; when reading fails, the message names it.
    public static InputStream stream(Disk disk, Path file) throws IOException {
        return new FilterInputStream(disk.stream(file)) {
            @Override
            public int read() throws IOException {
                try {
                    return in.read();
                } catch (IOException e) {
                    throw named(file, "", e);
                }
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                try {
                    return in.read(into, from, length);
                } catch (IOException e) {
                    throw named(file, "", e);
                }
            }
        };
    }

    private static IOException named(Path file, String place, IOException e) {
        return e instanceof ClosedChannelException || e instanceof FileSystemException
                ? e
                : new IOException("read " + file + ": " + place + e.getMessage(), e);
    }
}
