package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of files and bytes, as 64 hexadecimal digits: what two runs compare to show that they agree.
public final class Hashes {
    private static final int CHUNK = 1 << 18;

    private Hashes() {}

    /// The SHA-256 of a file's bytes.
    public static String sha256(Path file) throws IOException {
        return sha256(Disk.real(), file);
    }

    static String sha256(Disk disk, Path file) throws IOException {
        MessageDigest digest = newSha256();
        try (InputStream in = Source.stream(disk, file)) {
            update(digest, in);
        }
        return hex(digest);
    }

    /// The SHA-256 of these bytes.
    public static String sha256(byte[] bytes) {
        MessageDigest digest = newSha256();
        digest.update(bytes);
        return hex(digest);
    }

    static void update(MessageDigest digest, InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            digest.update(chunk, 0, n);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /// A SHA-256 over bytes that come one after the other.
    public static Running running() {
        return new Running();
    }

    /// A hash in the making.
    public static final class Running {
        private final MessageDigest digest = newSha256();

        private Running() {}

        /// Adds bytes.
        public void add(byte[] bytes) {
            digest.update(bytes);
        }

        /// The hash of what was added, in hexadecimal digits; afterwards nothing is added any more.
        public String hex() {
            return Hashes.hex(digest);
        }
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
