package dev.headstart.io.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A file open for reading in places, with the [Budget] that its reader draws on. When reading fails, the message names the file.
public final class Source implements AutoCloseable {
    private final Disk disk;
    private final Path file;
    private final Disk.State state;
    private final Disk.Reading reading;
    private final Budget budget;

    private Source(Disk disk, Path file, Disk.State state, Disk.Reading reading, Budget budget) {
        this.disk = disk;
        this.file = file;
        this.state = state;
        this.reading = reading;
        this.budget = budget;
    }

    /// Opens a file that was in this state.
    public static Source open(Disk disk, Path file, Disk.State state) throws IOException {
        return open(disk, file, state, Budget::of);
    }

    private static Source open(Disk disk, Path file, Disk.State state, LongFunction<Budget> budget) throws IOException {
        Disk.Reading reading = null;
        try {
            reading = disk.open(file);
            return new Source(disk, file, state, reading, budget.apply(reading.size()));
        } catch (IOException e) {
            if (reading != null) {
                reading.close();
            }
            throw named(file, "", e);
        }
    }

    /// Opens a file that lies beside this one: what a format keeps in a second file. The two share one budget of heap.
    ///
    /// @param name a plain name, which leads nowhere else; any other is refused before the disk is asked for it
    /// @param refusal makes the exception for a name that is not plain or belongs to no file; it is given the problem
    public <E extends IOException> Source sibling(String name, Function<String, E> refusal) throws IOException, E {
        Path path = beside(name);
        if (path == null) {
            throw refusal.apply("\"" + abridged(name) + "\" is not the plain name of a file");
        }
        Disk.State found = disk.state(path);
        if (found == null || found.kind() != Disk.Kind.FILE) {
            throw refusal.apply("the file \"" + abridged(name) + "\" is missing");
        }
        return open(disk, path, found, budget::sibling);
    }

    private @Nullable Path beside(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0
                || name.indexOf(':') >= 0) {
            return null;
        }
        try {
            return file.resolveSibling(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /// The disk the file is on.
    public Disk disk() {
        return disk;
    }

    /// The file's path.
    public Path file() {
        return file;
    }

    /// What was known of it before it was opened.
    public Disk.State state() {
        return state;
    }

    /// What reading it may cost.
    public Budget budget() {
        return budget;
    }

    /// Bytes of the file as it is now.
    public long size() throws IOException {
        try {
            return reading.size();
        } catch (IOException e) {
            throw named(file, "", e);
        }
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
        try {
            reading.close();
        } catch (IOException e) {
            throw named(file, "", e);
        }
    }

    /// Opens a file to read it from front to back; when reading fails, the message names it.
    public static InputStream stream(Disk disk, Path file) throws IOException {
        InputStream opened;
        try {
            opened = disk.stream(file);
        } catch (IOException e) {
            throw named(file, "", e);
        }
        return new FilterInputStream(opened) {
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

            @Override
            public void close() throws IOException {
                try {
                    in.close();
                } catch (IOException e) {
                    throw named(file, "", e);
                }
            }
        };
    }

    /// A text from a file, short enough for a message.
    public static String abridged(String text) {
        return text.length() <= 80 ? text : text.substring(0, text.offsetByCodePoints(0, 60)) + "…";
    }

    private static IOException named(Path file, String place, IOException e) {
        if (e instanceof NoSuchFileException) {
            return Disk.missing(file);
        }
        return e instanceof ClosedChannelException || e instanceof FileSystemException
                ? e
                : new IOException("read " + file + ": " + place + e.getMessage(), e);
    }
}
