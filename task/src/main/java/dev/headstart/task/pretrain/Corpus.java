package dev.headstart.task.pretrain;

import dev.headstart.io.Hashes;
import dev.headstart.task.data.TextPieces;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Texts without labels.
///
/// @param texts lines of files, then rows of tables
/// @param provenance where they come from
/// @param facts the hash of every file, by name: what must be the same when a run is resumed
public record Corpus(List<String> texts, Provenance provenance, Map<String, Object> facts) {
    private static final double HELD_OUT = 0.02;
    private static final int MOST_HELD_OUT = 500;

    /// Where texts come from.
    ///
    /// @param name of the files
    /// @param hash SHA-256 of the file, or of the files' SHA-256 in order, one a line
    public record Provenance(String name, String hash) {}

    public Corpus {
        texts = List.copyOf(texts);
    }

    /// A file's texts.
    ///
    /// @param file its name
    /// @param hash its SHA-256
    /// @param texts in order
    public record Source(String file, String hash, List<String> texts) {
        public Source {
            texts = List.copyOf(texts);
        }

        /// The lines of a UTF-8 file; blank ones are skipped.
        ///
        /// @throws IOException when it cannot be read, or is not UTF-8: the line is named
        public static Source lines(Path file) throws IOException {
            return new Source(String.valueOf(file.getFileName()), Hashes.sha256(file), TextPieces.lines(file));
        }
    }

    /// The lines of UTF-8 files, each a text of its own; blank ones are skipped.
    ///
    /// @throws IOException when a file cannot be read, or is not UTF-8: the line is named
    public static Corpus lines(Path... files) throws IOException {
        List<Source> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Source.lines(file));
        }
        return of(texts, List.of(), Map.of());
    }

    /// All texts of files of lines, then of tables.
    ///
    /// @param files texts, one a line
    /// @param tables texts, one a row
    /// @param facts what must be the same when a run is resumed, besides the texts
    public static Corpus of(List<Source> files, List<Source> tables, Map<String, Object> facts) {
        Map<String, Object> hashes = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            hashes.put("SHA-256 of text " + (i + 1), files.get(i).hash);
        }
        for (int i = 0; i < tables.size(); i++) {
            hashes.put("SHA-256 of table " + (i + 1), tables.get(i).hash);
        }
        hashes.putAll(facts);
        List<Source> all = Stream.concat(files.stream(), tables.stream()).toList();
        String name = all.stream().map(Source::file).collect(Collectors.joining(", "));
        return new Corpus(all.stream().flatMap(source -> source.texts.stream()).toList(), new Provenance(name, hash(all)), hashes);
    }

    private static String hash(List<Source> all) {
        String lines = all.stream().map(source -> source.hash + "\n").collect(Collectors.joining());
        return all.size() == 1 ? lines.strip() : Hashes.sha256(lines.getBytes(StandardCharsets.US_ASCII));
    }

    /// Things to train on, in order, and some that are held out.
    record Parts<T>(List<T> training, List<T> heldOut) {}

    /// Holds some things out: 2 %, at least one, at most 500.
    ///
    /// @param what what things are, for the message: `lines of text`
    /// @throws IOException when there are fewer than 2
    static <T> Parts<T> holdOut(List<T> all, String what, RandomStream random) throws IOException {
        if (all.size() < 2) {
            throw new IOException(
                    "pretrain: there are " + all.size() + " " + what + ": at least 2 are needed, one of them to be held out");
        }
        int[] order = random.permutation(all.size());
        int held = Math.clamp(Math.round(HELD_OUT * all.size()), 1, MOST_HELD_OUT);
        return new Parts<>(Arrays.stream(order, held, order.length).sorted().mapToObj(all::get).toList(),
                Arrays.stream(order, 0, held).mapToObj(all::get).toList());
    }
}
