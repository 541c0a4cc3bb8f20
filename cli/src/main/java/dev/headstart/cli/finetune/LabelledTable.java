package dev.headstart.cli.finetune;

import dev.headstart.cli.data.Split;
import dev.headstart.cli.data.TextData;
import dev.headstart.io.Hashes;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table of texts with labels, some rows of which are held back.
///
/// @param csv the file
/// @param textColumns columns whose texts are joined by a space
/// @param labelColumn column of the labels
/// @param header whether the first row names the columns
/// @param validation share of each label's rows to hold back
/// @param validationCsv rows to measure on instead; null to hold some back
public record LabelledTable(Path csv, List<String> textColumns, String labelColumn, boolean header, double validation,
        @Nullable Path validationCsv) {
    /// Reads the rows.
    ///
    /// @param encoded a text as the network takes it
    public <T> TextRows<T> rows(RandomStream random, Function<String, T> encoded) throws IOException {
        TextData.Labelled rows = TextData.csv(csv, textColumns, labelColumn, header);
        List<String> labels = rows.names();
        if (labels.size() < 2) {
            throw new IOException(csv + ": every label is '" + labels.getFirst() + "': at least 2 different ones are needed");
        }
        int[] numbers = rows.numbers(labels);
        List<T> texts = rows.texts().stream().map(encoded).toList();
        if (validationCsv != null) {
            TextData.Labelled held = TextData.csv(validationCsv, textColumns, labelColumn, header);
            return new TextRows<>(labels, texts, numbers, held.texts().stream().map(encoded).toList(), held.numbers(labels));
        }
        Split split = Split.stratified(numbers, labels.size(), validation, random);
        if (split.validation().length == 0) {
            throw new IOException(csv + ": every label has one row only, so none can be held back: give --validation-csv");
        }
        return new TextRows<>(labels, some(texts, split.training()), some(numbers, split.training()), some(texts, split.validation()),
                some(numbers, split.validation()));
    }

    private static <T> List<T> some(List<T> texts, int[] which) {
        return Arrays.stream(which).mapToObj(texts::get).toList();
    }

    private static int[] some(int[] numbers, int[] which) {
        return Arrays.stream(which).map(i -> numbers[i]).toArray();
    }

    /// What must be the same when a run goes on.
    Map<String, Object> facts() throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("columns", String.join(" + ", textColumns) + " → " + labelColumn + (header ? "" : ", no header"));
        facts.put("SHA-256 of rows", Hashes.sha256(csv));
        facts.put("validation", validationCsv == null ? validation : "SHA-256 " + Hashes.sha256(validationCsv));
        return facts;
    }
}
