package dev.headstart.io;

import dev.headstart.io.file.Disk;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The real disk, for tests to let single steps fail; every act on a file comes through [#step] first. What fails at a path names it, as with
/// the JDK; what fails at an open file does not.
public abstract class ForwardingDisk implements Disk {
    private int open;

    /// What is about to be done.
    public abstract void step(String what) throws IOException;

    /// How many bytes a read may give that was asked for this many.
    public int shortened(int asked) {
        return asked;
    }

    /// How many files are open.
    public final int open() {
        return open;
    }

    private void step(String what, Path path) throws IOException {
        try {
            step(what);
        } catch (IOException e) {
            throw new FileSystemException(path.toString(), null, e.getMessage());
        }
    }

    /// A file that is open until it is closed, even when closing fails.
    private final class Handle implements Closeable {
        private final Closeable file;
        private boolean closed;

        Handle(Closeable file) {
            this.file = file;
            open++;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            open--;
            file.close();
            step("close");
        }
    }

    @Override
    public @Nullable State state(Path path) throws IOException {
        step("state", path);
        return Disk.real().state(path);
    }

    @Override
    public InputStream stream(Path file) throws IOException {
        step("open", file);
        InputStream in = Disk.real().stream(file);
        Handle handle = new Handle(in);
        return new FilterInputStream(in) {
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
                handle.close();
            }
        };
    }

    @Override
    public Reading open(Path file) throws IOException {
        step("open", file);
        Reading reading = Disk.real().open(file);
        Handle handle = new Handle(reading);
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
                step("size");
                return reading.size();
            }

            @Override
            public void close() throws IOException {
                handle.close();
            }
        };
    }

    @Override
    public Writing create(Path file) throws IOException {
        step("create", file);
        Writing writing = Disk.real().create(file);
        Handle handle = new Handle(writing);
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
                handle.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step("rename", to);
        Disk.real().rename(from, to);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        step("force folder", folder);
        Disk.real().forceFolder(folder);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        step("create folders", folder);
        Disk.real().createFolders(folder);
    }

    @Override
    public List<Path> list(Path folder, String glob) throws IOException {
        step("list", folder);
        return Disk.real().list(folder, glob);
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete", file);
        Disk.real().delete(file);
    }
}
