package dev.headstart.zoo.text.bert;

import dev.headstart.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Pairs of segments for next-sentence prediction, as BERT makes them (google-research/bert, `create_pretraining_data.py`,
/// `create_instances_from_document`).
///
/// A document's sentences are gathered until they are as long as wanted, which is as long as fits, or, for a share of the documents,
/// a random length. The first few of them, a random number, are segment A. Half of the time the others are segment B; otherwise B is taken
/// from a random place of another document, and the sentences not used go back to be gathered again. A single sentence always gets a random
/// B. A pair that is too long loses tokens of its longer segment one by one, from the front or from the end at random.
///
/// @param maxLength longest sequence, the three special tokens included
/// @param shortShare share of documents with a random length; BERT's is 0.1
/// @param start id of `[CLS]`
/// @param separator id of `[SEP]`
public record SegmentPairs(int maxLength, double shortShare, int start, int separator) {
    public SegmentPairs {
        if (maxLength < 5 || !(shortShare >= 0 && shortShare <= 1)) {
            throw new IllegalArgumentException("segment pairs: longest " + maxLength + ", share of short ones " + shortShare
                    + ": at least 5 (three special tokens and two others) and a share in [0, 1] are needed");
        }
    }

    /// A sequence `[CLS] A [SEP] B [SEP]`.
    ///
    /// @param tokens the ids
    /// @param types 0 for `[CLS]`, A and the first `[SEP]`, 1 for the others
    /// @param randomNext whether B is from another document; then the label of next-sentence prediction is 1
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Pair(int[] tokens, int[] types, boolean randomNext) {}

    /// The pairs of all documents, gone through `copies` times, each time drawn anew.
    ///
    /// @param documents the sentences of each, as ids; empty ones are left out
    /// @param copies how often; BERT's `dupe_factor` is 10
    /// @throws IllegalArgumentException when fewer than 2 documents have a sentence
    public List<Pair> of(List<List<int[]>> documents, int copies, RandomStream random) {
        List<List<int[]>> full = documents.stream().map(d -> d.stream().filter(s -> s.length > 0).toList()).filter(d -> !d.isEmpty())
                .toList();
        if (full.size() < 2) {
            throw new IllegalArgumentException("segment pairs: " + full.size() + " documents with sentences: at least 2 are needed");
        }
        List<Pair> pairs = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            for (int d = 0; d < full.size(); d++) {
                add(pairs, full, d, new SequentialRandom(random.child(copy).child(d)));
            }
        }
        return pairs;
    }

    private void add(List<Pair> pairs, List<List<int[]>> documents, int document, SequentialRandom draws) {
        List<int[]> sentences = documents.get(document);
        int room = maxLength - 3;
        int wanted = draws.chance(shortShare) ? draws.between(2, room) : room;
        int begin = 0;
        int length = 0;
        for (int next = 0; next < sentences.size(); next++) {
            length += sentences.get(next).length;
            if (next < sentences.size() - 1 && length < wanted) {
                continue;
            }
            int gathered = next + 1 - begin;
            int inA = gathered >= 2 ? draws.between(1, gathered - 1) : 1;
            Tokens a = new Tokens(sentences.subList(begin, begin + inA));
            Tokens b;
            boolean randomNext = gathered == 1 || draws.chance(0.5);
            if (randomNext) {
                b = elsewhere(documents, document, wanted - a.length(), draws);
                next = begin + inA - 1; // the others are gathered again
            } else {
                b = new Tokens(sentences.subList(begin + inA, next + 1));
            }
            while (a.length() + b.length() > room) {
                (a.length() > b.length() ? a : b).drop(draws.chance(0.5));
            }
            pairs.add(pair(a, b, randomNext));
            begin = next + 1;
            length = 0;
        }
    }

    /// Sentences from a random place of another document, until there are `wanted` tokens.
    private static Tokens elsewhere(List<List<int[]>> documents, int document, int wanted, SequentialRandom draws) {
        int other = draws.below(documents.size() - 1);
        List<int[]> sentences = documents.get(other < document ? other : other + 1);
        int from = draws.below(sentences.size());
        int to = from;
        int length = 0;
        do {
            length += sentences.get(to++).length;
        } while (to < sentences.size() && length < wanted);
        return new Tokens(sentences.subList(from, to));
    }

    private Pair pair(Tokens a, Tokens b, boolean randomNext) {
        int[] tokens = new int[a.length() + b.length() + 3];
        int[] types = new int[tokens.length];
        tokens[0] = start;
        a.copy(tokens, 1);
        tokens[a.length() + 1] = separator;
        b.copy(tokens, a.length() + 2);
        tokens[tokens.length - 1] = separator;
        Arrays.fill(types, a.length() + 2, types.length, 1);
        return new Pair(tokens, types, randomNext);
    }

    /// Tokens that can be taken away at both ends.
    private static final class Tokens {
        private final int[] all;
        private int from;
        private int to;

        Tokens(List<int[]> sentences) {
            this.all = sentences.stream().flatMapToInt(Arrays::stream).toArray();
            this.to = all.length;
        }

        int length() {
            return to - from;
        }

        void drop(boolean first) {
            if (first) {
                from++;
            } else {
                to--;
            }
        }

        void copy(int[] target, int at) {
            System.arraycopy(all, from, target, at, length());
        }
    }
}
