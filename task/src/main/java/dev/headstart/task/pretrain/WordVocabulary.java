package dev.headstart.task.pretrain;

import dev.headstart.io.Hashes;
import dev.headstart.io.text.Encoding;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Side;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.io.text.Truncation;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.train.objective.TokenMasking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The tokens a model is trained on: all of a tokenizer's, or those of a WordPiece vocabulary that given texts need, under new ids.
///
/// A trimmed vocabulary cuts those texts into the same tokens: a word becomes the longest tokens there are, and the longest of all is also the longest
/// of fewer. Every token of a single character stays besides, so that words of other texts come in pieces rather than as unknown.
public final class WordVocabulary {
    private static final List<String> MASKS = List.of("[MASK]", "<mask>");
    private static final String CONTINUES = "##";

    private final Path source;
    private final Tokenizer tokenizer;
    private final int[] kept; // the tokenizer's ids, ascending: the place of one here is its id in the model
    private final boolean trimmed;

    private WordVocabulary(Path source, Tokenizer tokenizer, int[] kept, boolean trimmed) {
        this.source = source;
        this.tokenizer = tokenizer;
        this.kept = kept;
        this.trimmed = trimmed;
    }

    /// All tokens of a tokenizer.
    ///
    /// @param source its file or folder
    /// @throws IOException when it cannot be read, or has no token to mask others with
    public static WordVocabulary open(Path source) throws IOException {
        Tokenizer tokenizer = Tokenizers.open(source);
        if (MASKS.stream().allMatch(mask -> tokenizer.id(mask).isEmpty())) {
            throw new IOException(source + ": this tokenizer has neither of the tokens [MASK] and <mask>: one is needed to hide others");
        }
        return new WordVocabulary(source, tokenizer, IntStream.range(0, tokenizer.vocabularySize()).toArray(), false);
    }

    /// The tokens that texts need.
    ///
    /// @throws IOException when it is no plain WordPiece vocabulary
    public WordVocabulary trimmedTo(List<String> texts) throws IOException {
        boolean plain = Files.isDirectory(source)
                ? Files.exists(source.resolve("vocab.txt")) && !Files.exists(source.resolve("tokenizer.json"))
                : source.toString().endsWith(".txt");
        if (!plain) {
            throw new IOException(source + ": only a plain WordPiece vocabulary, a vocab.txt, can be trimmed");
        }
        Set<Integer> used = new HashSet<>();
        texts.forEach(text -> Arrays.stream(tokenizer.encode(text).ids()).forEach(used::add));
        int[] needed = Arrays.stream(kept).filter(id -> used.contains(id) || tokenizer.isSpecial(id) || isCharacter(id)).toArray();
        return new WordVocabulary(source, tokenizer, needed, true);
    }

    private boolean isCharacter(int id) {
        String token = tokenizer.token(id).orElse("");
        String bare = token.startsWith(CONTINUES) ? token.substring(CONTINUES.length()) : token;
        return bare.codePointCount(0, bare.length()) == 1;
    }

    /// Refuses tokens for which a network's table of so many rows has no vector.
    void demandRows(int rows) throws IOException {
        Tokenizers.demandRows(tokenizer, source, rows);
    }

    /// Number of tokens.
    public int size() {
        return kept.length;
    }

    /// Whether it is of RoBERTa's kind: masked tokens are `<mask>`.
    boolean isRoberta() {
        return tokenizer.id(MASKS.getFirst()).isEmpty();
    }

    /// The id of padding; 0 where there is no token for it.
    int padding() {
        return tokenizer.paddingId().stream().map(this::own).findFirst().orElse(0);
    }

    private int own(int id) {
        int place = Arrays.binarySearch(kept, id);
        if (place < 0) {
            throw new IllegalArgumentException(
                    "vocabulary: token " + id + " was trimmed away: texts were not among those it was trimmed to");
        }
        return place;
    }

    /// A text as sequences of tokens, each with its special ones; a text of more tokens is cut into several.
    ///
    /// @param length most tokens of a sequence, special ones included
    /// @throws IllegalArgumentException when the vocabulary was trimmed to other texts and lacks a token
    public List<int[]> sequences(String text, int length) {
        Truncation windows = new Truncation(length, Truncation.Strategy.LONGEST_FIRST, Side.RIGHT, 0, true);
        Encoding first = tokenizer.with(Options.DEFAULT.truncate(windows)).encode(text);
        return Stream.concat(Stream.of(first), first.overflow().stream())
                .map(encoding -> Arrays.stream(encoding.ids()).map(this::own).toArray()).toList();
    }

    /// Whether a sequence has a token that may be masked: one that is not special, as an unknown word is.
    boolean hasOrdinary(int... sequence) {
        return Arrays.stream(sequence).anyMatch(id -> !tokenizer.isSpecial(kept[id]));
    }

    /// Masks a share of the tokens, never special ones; of WordPiece, words as a whole if that is wanted.
    TokenMasking masking(double rate, boolean wholeWords) {
        int mask = MASKS.stream().flatMapToInt(token -> tokenizer.id(token).stream()).findFirst().orElseThrow();
        Set<Integer> special = Arrays.stream(kept).filter(tokenizer::isSpecial).mapToObj(this::own).collect(Collectors.toSet());
        TokenMasking masking = TokenMasking.of(rate, Integer.MAX_VALUE, own(mask), size(), special);
        return wholeWords ? masking.wholeWords(id -> tokenizer.token(kept[id]).orElse("").startsWith(CONTINUES)) : masking;
    }

    /// What must be the same when a run is resumed.
    Map<String, Object> facts() throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (Path file : Tokenizers.files(source)) {
            facts.put("SHA-256 of " + file.getFileName(), Hashes.sha256(file));
        }
        facts.put("tokens", trimmed ? "those of the text" : "all");
        return facts;
    }

    /// Writes the tokenizer's files, those of the trimmed one where it is.
    public void save(Path folder) throws IOException {
        if (!trimmed) {
            Tokenizers.save(source, folder);
            return;
        }
        Files.write(folder.resolve("vocab.txt"), Arrays.stream(kept).mapToObj(id -> tokenizer.token(id).orElseThrow()).toList());
        Tokenizers.saveCase(Files.isDirectory(source) ? source.resolve("vocab.txt") : source, folder);
    }
}
