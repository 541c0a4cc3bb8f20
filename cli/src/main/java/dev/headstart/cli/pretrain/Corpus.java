package dev.headstart.cli.pretrain;

import dev.headstart.cli.data.TextData;
import dev.headstart.io.Hashes;
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
/// @param facts the hash of every file, by name: what must be the same when a run goes on
public record Corpus(List<String> texts, Provenance provenance, Map<String, Object> facts) {
    private static final double HELD_BACK = 0.02;
    private static final int MOST_HELD_BACK = 500;

    /// Where texts come from.
    ///
    /// @param name of the files
    /// @param hash SHA-256 of the file, or of the files' SHA-256 in order, one a line
    public record Provenance(String name, String hash) {}

    public Corpus {
        texts = List.copyOf(texts);
    }

    /// Reads files of texts, one a line, and tables.
    ///
    /// @param files UTF-8 texts
    /// @param tables CSV or TSV files
    /// @param columns those of the texts in the tables, joined by a space; each a name of the header or a number from 1
    /// @param header whether the first row of a table names the columns
    /// @throws IOException when one cannot be read, or there is nothing in any
    public static Corpus read(List<Path> files, List<Path> tables, List<String> columns, boolean header) throws IOException {
        List<String> texts = new ArrayList<>();
        Map<String, Object> facts = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            texts.addAll(TextData.lines(files.get(i)));
            facts.put("SHA-256 of text " + (i + 1), Hashes.sha256(files.get(i)));
        }
        for (int i = 0; i < tables.size(); i++) {
            texts.addAll(TextData.csv(tables.get(i), columns, header));
            facts.put("SHA-256 of table " + (i + 1), Hashes.sha256(tables.get(i)));
        }
        if (!tables.isEmpty()) {
            facts.put("columns", String.join(" + ", columns) + (header ? "" : ", no header"));
        }
        List<Path> all = Stream.concat(files.stream(), tables.stream()).toList();
        String name = all.stream().map(file -> String.valueOf(file.getFileName())).collect(Collectors.joining(", "));
        return new Corpus(texts, new Provenance(name, hash(all)), facts);
    }

    private static String hash(List<Path> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(Hashes.sha256(file)).append('\n');
        }
        return files.size() == 1 ? lines.toString().strip() : Hashes.sha256(lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /// Things to learn from, in order, and some that are held back.
    record Held<T>(List<T> training, List<T> heldBack) {}

    /// Holds some things back: 2 %, at least one, at most 500.
    ///
    /// @param what what things are, for the message: `lines of text`
    /// @throws IOException when there are fewer than 2
    static <T> Held<T> holdBack(List<T> all, String what, RandomStream random) throws IOException {
        if (all.size() < 2) {
            throw new IOException(
                    "pretrain: there are " + all.size() + " " + what + ": at least 2 are needed, one of them to be held back");
        }
        int[] order = random.permutation(all.size());
        int held = Math.clamp(Math.round(HELD_BACK * all.size()), 1, MOST_HELD_BACK);
        return new Held<>(Arrays.stream(order, held, order.length).sorted().mapToObj(all::get).toList(),
                Arrays.stream(order, 0, held).mapToObj(all::get).toList());
    }
}
