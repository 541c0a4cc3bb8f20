package dev.headstart.train.measure;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// How well a classifier did.
///
/// @param examples how many it was asked
/// @param accuracy share of examples whose class had the largest logit; the first of equal ones counts
/// @param topFive share of examples whose class was among the five largest
/// @param loss mean cross-entropy, in nats
/// @param confusion how often examples of a class (row) were taken for a class (column)
/// @param classNames the names of the classes in the data; the network may have more
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClassificationScore(int examples, double accuracy, double topFive, double loss, int[][] confusion,
        List<String> classNames) {
    /// Share of the examples of a class that were taken for it; NaN when there were none.
    public double recall(int label) {
        return (double) confusion[label][label] / Arrays.stream(confusion[label]).sum();
    }

    /// A score in the making: batches of logits are added one by one and not kept.
    public static final class Tally {
        private final List<String> classNames;
        private int examples;
        private int first;
        private int amongFive;
        private double loss;
        private int[][] confusion = {};

        /// A tally of nothing yet.
        public Tally(List<String> classNames) {
            this.classNames = List.copyOf(classNames);
        }

        /// Adds a batch.
        ///
        /// @param logits `[batch, classes]`
        /// @param labels the classes that are right
        /// @throws IllegalArgumentException when a label is not below the number of the network's classes, or a logit is not finite
        public void add(Tensor logits, int... labels) {
            int classes = logits.dim(-1);
            if (logits.rank() != 2 || logits.dim(0) != labels.length || Arrays.stream(labels).anyMatch(y -> y < 0 || y >= classes)) {
                throw new IllegalArgumentException("classification: logits" + logits.shape() + ", " + labels.length
                        + " labels up to " + Arrays.stream(labels).max().orElse(-1)
                        + ": one row for each label, each below the number of columns");
            }
            if (!logits.isFinite()) {
                throw new IllegalArgumentException("classification: logits" + logits.shape() + " are not all finite: they rank nothing");
            }
            if (confusion.length == 0) {
                confusion = new int[classes][classes];
            }
            float[] logP = logits.logSoftmax().toArray();
            Indices guesses = logits.argmax();
            for (int row = 0; row < labels.length; row++) {
                int rank = rank(logP, row * classes, classes, labels[row]);
                first += rank == 0 ? 1 : 0;
                amongFive += rank < 5 ? 1 : 0;
                loss -= logP[row * classes + labels[row]];
                confusion[labels[row]][guesses.at(row)]++;
            }
            examples += labels.length;
        }

        /// How many classes are before this one.
        private static int rank(float[] values, int from, int classes, int label) {
            float own = values[from + label];
            int before = 0;
            for (int c = 0; c < classes; c++) {
                float other = values[from + c];
                before += c != label && (other > own || (other == own && c < label)) ? 1 : 0;
            }
            return before;
        }

        /// The score of what was added.
        ///
        /// @throws IllegalStateException when nothing was
        public ClassificationScore score() {
            if (examples == 0) {
                throw new IllegalStateException("classification: a score of no examples: at least 1 is needed");
            }
            return new ClassificationScore(examples, (double) first / examples, (double) amongFive / examples, loss / examples, confusion,
                    classNames);
        }
    }
}
