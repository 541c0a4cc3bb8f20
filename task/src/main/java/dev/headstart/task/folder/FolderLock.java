package dev.headstart.task.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The right to write to a folder: one run has it at a time, in this process and in all others that see the folder. Those that read take
/// no part. When the process ends, in whatever way, the operating system takes the right back.
///
/// It is a lock on the file `.lock`, which says who holds it and is empty afterwards. Where the file system knows no locks, there are none.
public final class FolderLock implements AutoCloseable {
    private static final String NAME = ".lock";

    /// What this process holds. A second channel on a file must not be opened: closing it would give the lock of the first back (POSIX).
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path key;
    private final FileChannel channel;

    private FolderLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /// Takes the right to write to a folder, which is made if it is not there.
    ///
    /// @throws IOException when another run has it: who, is said
    public static FolderLock of(Path folder) throws IOException {
        Path key = Files.createDirectories(folder).toRealPath();
        String me = "process " + ProcessHandle.current().pid() + ", since " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String other = HELD.putIfAbsent(key, me);
        if (other != null) {
            throw taken(folder, other);
        }
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(key.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            try {
                if (channel.tryLock(Long.MAX_VALUE - 1, 1, false) == null) { // beyond the content: Windows lets nobody read what is locked
                    throw taken(folder, holder(channel));
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(me.getBytes(StandardCharsets.UTF_8)), 0);
                locked = true;
                return new FolderLock(key, channel);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } finally {
            if (!locked) {
                HELD.remove(key);
            }
        }
    }

    private static IOException taken(Path folder, String holder) {
        return new IOException(folder + ": another run writes to this folder" + (holder.isEmpty() ? "" : " (" + holder + ")")
                + ": wait for it, stop it, or choose another folder");
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(200);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    }

    /// Gives the right back.
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        } finally {
            HELD.remove(key);
        }
    }
}
