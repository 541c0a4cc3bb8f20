package dev.headstart.task.data;

import dev.headstart.io.json.Json;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// How a classifier's guesses compare with the truth, label by label.
///
/// @param labels names of the labels
/// @param counts how often label `t` was guessed to be `g`: `counts[t][g]`
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Evaluation(List<String> labels, int[][] counts) {
    private static final int MOST_COLUMNS = 12;

    /// Counts guesses.
    public static Evaluation of(List<String> labels, int[] truth, int[] guesses) {
        int[][] counts = new int[labels.size()][labels.size()];
        for (int i = 0; i < truth.length; i++) {
            counts[truth[i]][guesses[i]]++;
        }
        return new Evaluation(List.copyOf(labels), counts);
    }

    /// Share of right guesses.
    public double accuracy() {
        return share(IntStream.range(0, counts.length).map(i -> counts[i][i]).sum(),
                IntStream.range(0, counts.length).map(this::rows).sum());
    }

    /// The mean of the labels' recalls, of those labels that have examples: what guessing one label always gets is 1 / labels, however rare
    /// the others are.
    public double balancedAccuracy() {
        return IntStream.range(0, counts.length).filter(i -> rows(i) > 0).mapToDouble(i -> share(counts[i][i], rows(i))).average()
                .orElse(Double.NaN);
    }

    /// The mean over labels of F1, the harmonic mean of precision and recall: 0 where nothing was found; labels that neither occur nor
    /// were guessed do not count (scikit-learn's `f1_score` with `average="macro"`).
    public double macroF1() {
        return IntStream.range(0, counts.length).filter(i -> rows(i) + guessed(i) > 0)
                .mapToDouble(i -> 2.0 * counts[i][i] / (rows(i) + guessed(i))).average().orElse(Double.NaN);
    }

    /// What it is worth, in a sentence: what guessing the commonest label always gets, and measures that count each label the same.
    public String baseline() {
        int most = IntStream.range(0, counts.length).boxed().max(Comparator.comparingInt(this::rows)).orElseThrow();
        return String.format(Locale.ROOT, "Baseline: always guessing '%s' gets %s; balanced accuracy %s, macro F1 %s.", labels.get(most),
                percent(rows(most), count()), Numbers.percent(balancedAccuracy()), Numbers.percent(macroF1()));
    }

    private int guessed(int label) {
        return IntStream.range(0, counts.length).map(t -> counts[t][label]).sum();
    }

    /// Number of guesses.
    public int count() {
        return IntStream.range(0, counts.length).map(this::rows).sum();
    }

    /// Precision (of those guessed to be it, how many are it), recall (of those that are it, how many were found) and number of each label.
    public Table perClass() {
        Table table = new Table("Validation by label").left("label").right("precision").right("recall").right("examples");
        for (int i = 0; i < counts.length; i++) {
            table.row(labels.get(i), percent(counts[i][i], guessed(i)), percent(counts[i][i], rows(i)), rows(i));
        }
        return table;
    }

    /// The confusion matrix; with more than [#MOST_COLUMNS] labels, the commonest mistakes instead.
    public Table confusion() {
        if (counts.length > MOST_COLUMNS) {
            return mistakes();
        }
        Table table = new Table("Confusion: rows are what is true, columns what was guessed").left("");
        labels.forEach(table::right);
        for (int i = 0; i < counts.length; i++) {
            List<Object> row = new ArrayList<>(List.of(labels.get(i)));
            for (int j = 0; j < counts.length; j++) {
                String text = Numbers.count(counts[i][j]);
                row.add(i == j ? Table.highlight(text) : text);
            }
            table.row(row.toArray());
        }
        return table;
    }

    /// The counts, a row for each true label.
    public Json json() {
        return new Json.Arr(Arrays.stream(counts)
                .<Json>map(row -> new Json.Arr(Arrays.stream(row).<Json>mapToObj(count -> Json.of((long) count)).toList())).toList());
    }

    private record Mistake(int truth, int guess, int count) {}

    private Table mistakes() {
        Table table = new Table("Commonest mistakes").left("true").left("guessed").right("examples");
        IntStream.range(0, counts.length).boxed()
                .flatMap(t -> IntStream.range(0, counts.length).mapToObj(g -> new Mistake(t, g, counts[t][g])))
                .filter(m -> m.truth != m.guess && m.count > 0).sorted(Comparator.comparingInt(Mistake::count).reversed()).limit(20)
                .forEach(m -> table.row(labels.get(m.truth), labels.get(m.guess), m.count));
        return table;
    }

    private int rows(int label) {
        return IntStream.of(counts[label]).sum();
    }

    private static double share(int part, int all) {
        return all == 0 ? Double.NaN : (double) part / all;
    }

    private static String percent(int part, int all) {
        return all == 0 ? "-" : Numbers.percent(share(part, all));
    }
}
