package dev.headstart.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/// How files are written: whole or not at all, whatever happens meanwhile.
///
/// [#replace] writes a temporary file beside the target, forces it to the device, renames it over the target in one step, and forces the
/// folder. A reader, or the next process after a crash, finds the old file or the new one, never a part. When writing fails (a full disk),
/// the target is as it was and the temporary file is gone; only a process killed while writing leaves it behind.
///
/// The single steps are methods so that tests can let any of them fail.
public class Disk {
    public static final Disk REAL = new Disk();
    public static final String TEMPORARY = ".tmp";

    /// What a file is to hold.
    public interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /// Writes a file, replacing the one of this name.
    public final void replace(Path target, Content content) throws IOException {
        Path file = target.toAbsolutePath();
        Path folder = Objects.requireNonNull(file.getParent(), "a file has a folder");
        if (!Files.isDirectory(folder)) {
            throw new IOException("write " + target + ": there is no folder " + folder + ": create it first");
        }
        String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path temporary = folder.resolve("." + file.getFileName() + "." + unique + TEMPORARY);
        boolean renamed = false;
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(new Sink(this, channel));
                force(channel);
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
        forceFolder(folder);
    }

    /// Writes all bytes that remain.
    public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Returns when the file's bytes are on the device.
    public void force(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /// Gives a file a new name in one step, replacing the file of that name.
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Returns when the folder's names are on the device. Where a folder cannot be opened (Windows), the file system does so by itself.
    public void forceFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    /// Deletes a file that is in nobody's way if it stays.
    public static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure that made the file worthless is the one to report.
        }
    }
}
