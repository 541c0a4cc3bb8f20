package dev.headstart.io.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The files of this machine as this module uses them: nothing else in it opens, reads, writes, renames, forces, lists or deletes one.
///
/// [#replace] writes a temporary file beside the target, forces it to the device, renames it over the target in one step, and forces the
/// folder. A reader, or the next process after a crash, finds the old file or the new one, never a part. When writing fails (a full disk),
/// the target is as it was and the temporary file is gone; only a process killed while writing leaves it behind. When forcing the folder
/// fails, which comes last, the new file is in place.
///
/// An interrupt of the thread ends no step, and is kept: who stops a run by interrupting it still saves it.
///
/// It is passed in, so that tests can let any of its steps fail; [#real] is the one that users have.
public interface Disk {
    /// How names of temporary files end.
    String TEMPORARY = ".tmp";

    /// The file systems of the JDK.
    static Disk real() {
        return RealDisk.REAL;
    }

    /// What is at a path: what distinguishes one state of a file from another.
    ///
    /// @param kind what it is
    /// @param size bytes of a file
    /// @param modified when it was last written
    /// @param key what identifies it in its file system, where there is such a thing
    record State(Kind kind, long size, FileTime modified, @Nullable Object key) {}

    /// What can be at a path.
    enum Kind {
        FILE,
        FOLDER,
        OTHER
    }

    /// A file open for reading at any place, by several threads at once.
    interface Reading extends Closeable {
        /// Reads some bytes from `at` on; says how many, -1 when the file ends before.
        int read(ByteBuffer into, long at) throws IOException;

        /// Bytes of the file as it is now.
        long size() throws IOException;
    }

    /// A new file open for writing.
    interface Writing extends Closeable {
        /// Appends all bytes that remain.
        void write(ByteBuffer bytes) throws IOException;

        /// Writes all bytes that remain over those from `at` on.
        void overwrite(long at, ByteBuffer bytes) throws IOException;

        /// Returns when the file's bytes are on the device.
        void force() throws IOException;
    }

    /// What a file is to hold.
    interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /// What is at a path; nothing when there is nothing.
    @Nullable
    State state(Path path) throws IOException;

    /// Opens a file to read it from front to back; it need not be one with places (a pipe).
    InputStream stream(Path file) throws IOException;

    /// Opens a file to read it in places.
    Reading open(Path file) throws IOException;

    /// Makes a file that is not there yet.
    Writing create(Path file) throws IOException;

    /// Gives a file a new name in one step, replacing the file of that name.
    void rename(Path from, Path to) throws IOException;

    /// Returns when the folder's names are on the device. Where a folder cannot be opened (Windows), the file system does so by itself.
    void forceFolder(Path folder) throws IOException;

    /// Makes a folder and those it lies in.
    void createFolders(Path folder) throws IOException;

    /// What a folder holds whose names match this pattern, in no order.
    List<Path> list(Path folder, String glob) throws IOException;

    /// Deletes a file, if it is there.
    void delete(Path file) throws IOException;

    /// Whether a file or folder of this kind is at a path.
    default boolean is(Kind kind, Path path) throws IOException {
        State state = state(path);
        return state != null && state.kind == kind;
    }

    /// Whether there is anything at a path.
    default boolean exists(Path path) throws IOException {
        return state(path) != null;
    }

    /// What is at the path of a file that is needed.
    ///
    /// @throws NoSuchFileException when there is nothing
    default State demand(Path file) throws IOException {
        State state = state(file);
        if (state == null) {
            throw missing(file);
        }
        return state;
    }

    /// The refusal of a file that is needed and is not there.
    static NoSuchFileException missing(Path file) {
        return new NoSuchFileException(file.toString(), null, "there is no such file");
    }

    /// Deletes a file that is in nobody's way if it stays.
    default void deleteQuietly(Path file) {
        try {
            delete(file);
        } catch (IOException e) {
            // The failure that made the file worthless is the one to report.
        }
    }

    /// Writes a file, replacing the one of this name.
    default void replace(Path target, Content content) throws IOException {
        Path file = target.toAbsolutePath();
        Path folder = Objects.requireNonNull(file.getParent(), "a file has a folder");
        if (!is(Kind.FOLDER, folder)) {
            throw new IOException("write " + target + ": there is no folder " + folder + ": create it first");
        }
        String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path temporary = folder.resolve("." + file.getFileName() + "." + unique + TEMPORARY);
        boolean renamed = false;
        try {
            try (Writing writing = create(temporary)) {
                content.writeTo(new Sink(writing));
                writing.force();
            }
            rename(temporary, file);
            renamed = true;
        } catch (IOException e) {
            throw new IOException("write " + target + ": " + e.getMessage() + ": what was there before is unchanged", e);
        } finally {
            if (!renamed) {
                deleteQuietly(temporary);
            }
        }
        try {
            forceFolder(folder);
        } catch (IOException e) {
            throw new IOException("write " + target + ": " + e.getMessage() + ": the new file is in place, but a crash may lose it", e);
        }
    }
}
