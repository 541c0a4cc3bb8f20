package dev.headstart.io.data;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// What is in a data file, from its beginning: its bytes, or what they unzip to when they begin as gzip does (RFC 1952), whatever the
/// file is called. Offsets count bytes of the content.
final class Content extends InputStream {
    /// The longest array.
    static final long LONGEST = Integer.MAX_VALUE - 8;
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final long fileSize;
    private final InputStream in;
    private long position;

    private Content(Path file, long fileSize, InputStream in) {
        this.file = file;
        this.fileSize = fileSize;
        this.in = in;
    }

    static Content open(Path file) throws IOException {
        return open(Disk.real(), file);
    }

    /// The content of a file on this disk.
    static Content open(Disk disk, Path file) throws IOException {
        Disk.State state = disk.demand(file);
        if (state.kind() != Disk.Kind.FILE) {
            String what = state.kind() == Disk.Kind.FOLDER ? "a folder" : "no ordinary file";
            throw new DataFileException(file, "this is " + what + ", a file is needed", null);
        }
        InputStream raw = new BufferedInputStream(Source.stream(disk, file), BUFFER);
        try {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            return new Content(file, state.size(), zipped ? new GZIPInputStream(raw, BUFFER) : raw);
        } catch (IOException e) {
            raw.close();
            throw e instanceof EOFException || e instanceof ZipException ? broken(file, 0, e) : e;
        }
    }

    /// Length of a file's content, in bytes. A zipped one is unzipped once to count them, as its own count cannot be trusted; none of it
    /// is kept.
    ///
    /// @throws DataFileException when it would not fit into the heap or into one array: said before anything is allocated
    static long size(Path file) throws IOException {
        return size(file, Runtime.getRuntime().maxMemory());
    }

    /// Length of a file's content that must not be longer than `limit`.
    static long size(Path file, long limit) throws IOException {
        long most = Math.min(LONGEST, limit);
        try (Content content = open(file)) {
            if (content.in instanceof GZIPInputStream) {
                byte[] buffer = new byte[BUFFER];
                while (content.position <= most && content.read(buffer, 0, buffer.length) >= 0) {
                    // Counted by position.
                }
            } else {
                content.position = content.fileSize;
            }
            if (content.position > most) {
                throw new DataFileException(file, most, "the content is longer than the " + most
                        + " bytes that fit into this heap or one array: split the file, or raise the heap with -Xmx", null);
            }
            return content.position;
        }
    }

    /// Offset of the next byte.
    long position() {
        return position;
    }

    /// The next `count` bytes.
    ///
    /// @throws DataFileException when there are fewer
    void fill(byte[] to, int at, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int read = read(to, at + done, count - done);
            if (read < 0) {
                throw new DataFileException(file, position, "the content ends here, " + (count - done) + " bytes more are needed", null);
            }
            done += read;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int count) throws IOException {
        try {
            int read = in.read(to, at, count);
            position += Math.max(0, read);
            return read;
        } catch (EOFException | ZipException e) {
            throw broken(file, position, e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static DataFileException broken(Path file, long position, IOException e) {
        String problem = e instanceof EOFException ? "the gzip file is cut off" : "not gzip: " + e.getMessage();
        return new DataFileException(file, position, problem, e);
    }
}
