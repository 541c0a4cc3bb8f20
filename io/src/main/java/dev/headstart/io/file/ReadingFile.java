package dev.headstart.io.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file open for reading, which an interrupt of a reading thread does not close.
///
/// A channel reads at any place by several threads at once, but an interrupt of one of them closes it for all. From then on they read one
/// after the other, by a second opening of the file that knows no interrupts. It is opened together with the first: later there may be another
/// file of the same name. The interrupt is kept for whoever asks for it.
final class ReadingFile implements Disk.Reading {
    private static final int CHUNK = 1 << 16;

    private final FileChannel channel;
    private final @Nullable RandomAccessFile second;
    private volatile boolean closed;

    private ReadingFile(FileChannel channel, @Nullable RandomAccessFile second) {
        this.channel = channel;
        this.second = second;
    }

    /// Opens a file. In file systems other than the default there is the channel alone.
    static ReadingFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            boolean plain = file.getFileSystem() == FileSystems.getDefault();
            return new ReadingFile(channel, plain ? new RandomAccessFile(file.toFile(), "r") : null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        int start = into.position();
        return reading(() -> channel.read(into, at), file -> {
            into.position(start); // the channel may have read before it was closed
            byte[] bytes = new byte[Math.min(CHUNK, into.remaining())];
            file.seek(at);
            int read = file.read(bytes);
            into.put(bytes, 0, Math.max(0, read));
            return read;
        });
    }

    @Override
    public long size() throws IOException {
        return reading(channel::size, RandomAccessFile::length);
    }

    @FunctionalInterface
    private interface ByChannel<T> {
        T read() throws IOException;
    }

    @FunctionalInterface
    private interface ByFile<T> {
        T read(RandomAccessFile file) throws IOException;
    }

    private <T> T reading(ByChannel<T> first, ByFile<T> then) throws IOException {
        boolean interrupted = second != null && Thread.interrupted();
        try {
            return first.read();
        } catch (ClosedChannelException e) {
            if (closed || second == null) {
                throw e;
            }
            interrupted |= Thread.interrupted();
            synchronized (second) {
                return then.read(second);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            channel.close();
        } finally {
            if (second != null) {
                second.close();
            }
        }
    }
}
