package dev.headstart.task.data;

import dev.headstart.io.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// Texts with their labels, row by row.
///
/// @param name where they come from, for messages
/// @param hash SHA-256 of where they come from, or of the rows
/// @param texts the texts
/// @param labels the label of each
/// @param lines the line, counted from 1, at which each row begins
public record LabelledTexts(String name, String hash, List<String> texts, List<String> labels, List<Long> lines) {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+([.,]\\d*)?|[.,]\\d+)([eE][-+]?\\d+)?");

    public LabelledTexts {
        texts = List.copyOf(texts);
        labels = List.copyOf(labels);
        lines = List.copyOf(lines);
    }

    /// Rows that are in memory: the first is line 1.
    ///
    /// @throws IllegalArgumentException when there are not as many labels as texts
    public static LabelledTexts of(String name, List<String> texts, List<String> labels) {
        if (texts.size() != labels.size()) {
            throw new IllegalArgumentException(name + ": there are " + texts.size() + " texts and " + labels.size() + " labels");
        }
        Hashes.Running hash = Hashes.running();
        for (int i = 0; i < texts.size(); i++) {
            hash.add((labels.get(i) + "\0" + texts.get(i) + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return new LabelledTexts(name, hash.hex(), texts, labels, LongStream.rangeClosed(1, texts.size()).boxed().toList());
    }

    /// The different labels, sorted.
    public List<String> names() {
        return labels.stream().distinct().sorted().toList();
    }

    /// Refuses labels that are no classes: numbers of which most stand in one row only.
    ///
    /// @throws IOException when they are
    public void demandClasses() throws IOException {
        List<String> names = names();
        if (names.size() > 20 && 2 * names.size() > labels.size() && names.stream().allMatch(NUMBER.asMatchPredicate())) {
            throw new IOException(name + ": there are " + names.size() + " different labels in " + labels.size() + " rows, all numbers ("
                    + String.join(", ", names.subList(0, 3)) + ", …): this column is a quantity, and labels are names of classes");
        }
    }

    /// What a user should know of the labels, in sentences: which look alike.
    public List<String> notes() {
        return Names.alike(name, names());
    }

    /// Whether the labels are the numbers of known ones, not their names: whole numbers from 0, where no name is a number.
    public boolean numbersOf(List<String> known) {
        return labels.stream().allMatch(label -> label.matches("\\d{1,9}") && Integer.parseInt(label) < known.size())
                && known.stream().noneMatch(NUMBER.asMatchPredicate());
    }

    /// The same with the names of the known labels whose numbers these are ([#numbersOf]).
    public LabelledTexts named(List<String> known) {
        return new LabelledTexts(name, hash, texts, labels.stream().map(label -> known.get(Integer.parseInt(label))).toList(), lines);
    }

    /// The place of each row's label among the known ones.
    ///
    /// @throws IOException when one is not among them: it is named with its line
    public int[] numbers(List<String> known) throws IOException {
        int[] numbers = new int[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = known.indexOf(labels.get(i));
            if (numbers[i] < 0) {
                throw new IOException(
                        String.format(Locale.ROOT, "%s, line %d: the label '%s' is unknown: known are %s", name, lines.get(i),
                                labels.get(i), Names.listed(known)));
            }
        }
        return numbers;
    }
}
