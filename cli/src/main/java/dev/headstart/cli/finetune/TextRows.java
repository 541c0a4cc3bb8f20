package dev.headstart.cli.finetune;

import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.TextTable;
import java.util.List;

/// Texts as numbers: some to learn from and some to measure on, with their labels.
///
/// @param labels their names
/// @param trainingTexts to learn from
/// @param training the label of each
/// @param heldTexts to measure on
/// @param held the label of each
/// @param <T> a text as the network takes it
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TextRows<T>(List<String> labels, List<T> trainingTexts, int[] training, List<T> heldTexts, int[] held) {
    /// How many there are, in words.
    String described() {
        return "%s to learn from, %s held back, %s labels (%s)".formatted(Numbers.count(training.length), Numbers.count(held.length),
                Numbers.count(labels.size()), TextTable.cut(String.join(", ", labels), 60));
    }
}
