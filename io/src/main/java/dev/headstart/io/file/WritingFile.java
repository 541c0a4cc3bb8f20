package dev.headstart.io.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A new file open for writing, which an interrupt of the thread does not close, as it would a channel.
///
/// @param file where writing goes on at the end
record WritingFile(RandomAccessFile file) implements Disk.Writing {
    private static final int CHUNK = 1 << 16; // copied by the JDK in one piece

    /// Makes a file. In file systems other than the default it is written by a channel, which an interrupt closes.
    static Disk.Writing create(Path file) throws IOException {
        if (file.getFileSystem() != FileSystems.getDefault()) {
            return new WritingChannel(FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
        }
        Files.createFile(file);
        return new WritingFile(new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        byte[] chunk = new byte[Math.min(CHUNK, bytes.remaining())];
        while (bytes.hasRemaining()) {
            int n = Math.min(chunk.length, bytes.remaining());
            bytes.get(chunk, 0, n);
            file.write(chunk, 0, n);
        }
    }

    @Override
    public void overwrite(long at, ByteBuffer bytes) throws IOException {
        file.seek(at);
        write(bytes);
        file.seek(file.length());
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private record WritingChannel(FileChannel channel) implements Disk.Writing {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void overwrite(long at, ByteBuffer bytes) throws IOException {
            for (long place = at; bytes.hasRemaining();) {
                place += channel.write(bytes, place);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
