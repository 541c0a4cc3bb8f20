package dev.headstart.io;

import dev.headstart.io.file.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The real disk, for tests to let single steps fail; every act on a file comes through [#step] first.
abstract class ForwardingDisk implements Disk {
    /// What is about to be done.
    abstract void step(String what) throws IOException;

    /// How many bytes a read may give that was asked for this many.
    int shortened(int asked) {
        return asked;
    }

    @Override
    public @Nullable State state(Path path) throws IOException {
        return Disk.real().state(path);
    }

    @Override
    public InputStream stream(Path file) throws IOException {
        InputStream in = Disk.real().stream(file);
        return new InputStream() {
            @Override
            public int read() throws IOException {
                step("read");
                return in.read();
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                step("read");
                return in.read(into, from, shortened(length));
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    @Override
    public Reading open(Path file) throws IOException {
        step("open");
        Reading reading = Disk.real().open(file);
        return new Reading() {
            @Override
            public int read(ByteBuffer into, long at) throws IOException {
                step("read");
                ByteBuffer part = into.slice(into.position(), shortened(into.remaining()));
                int read = reading.read(part, at);
                into.position(into.position() + Math.max(0, read));
                return read;
            }

            @Override
            public long size() throws IOException {
                return reading.size();
            }

            @Override
            public void close() throws IOException {
                reading.close();
            }
        };
    }

    @Override
    public Writing create(Path file) throws IOException {
        Writing writing = Disk.real().create(file);
        return new Writing() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                ByteBuffer half = bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2);
                writing.write(half);
                step("write");
                writing.write(bytes.position(half.limit()));
            }

            @Override
            public void overwrite(long at, ByteBuffer bytes) throws IOException {
                step("write");
                writing.overwrite(at, bytes);
            }

            @Override
            public void force() throws IOException {
                step("force");
                writing.force();
            }

            @Override
            public void close() throws IOException {
                writing.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step("rename");
        Disk.real().rename(from, to);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        step("force folder");
        Disk.real().forceFolder(folder);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        Disk.real().createFolders(folder);
    }

    @Override
    public List<Path> list(Path folder, String glob) throws IOException {
        return Disk.real().list(folder, glob);
    }

    @Override
    public void delete(Path file) throws IOException {
        Disk.real().delete(file);
    }
}
