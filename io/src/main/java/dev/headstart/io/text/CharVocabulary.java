package dev.headstart.io.text;

import dev.headstart.io.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The characters (Unicode code points) a text model knows, with their numbers. Immutable.
///
/// Ids [#PADDING] = 0, [#UNKNOWN] = 1 and [#MASK] = 2 are special; ordinary characters follow from [#FIRST_ORDINARY] = 3 on, the commonest
/// first.
public final class CharVocabulary {
    /// Fills short sequences.
    public static final int PADDING = 0;
    /// Stands for a character that is not in the vocabulary.
    public static final int UNKNOWN = 1;
    /// Stands for a hidden character.
    public static final int MASK = 2;
    /// The id of the commonest character.
    public static final int FIRST_ORDINARY = 3;

    private final int[] codePoints;
    private final Map<Integer, Integer> ids = new HashMap<>();

    private CharVocabulary(int[] codePoints) {
        this.codePoints = codePoints;
        for (int i = 0; i < codePoints.length; i++) {
            ids.put(codePoints[i], FIRST_ORDINARY + i);
        }
    }

    /// The commonest characters of these texts, the commonest first.
    ///
    /// @param most how many are kept, the special ids apart
    public static CharVocabulary of(Iterable<String> texts, int most) {
        Map<Integer, Long> counts = new HashMap<>();
        texts.forEach(text -> text.codePoints().forEach(c -> counts.merge(c, 1L, Long::sum)));
        return new CharVocabulary(counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder()).thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .mapToInt(Map.Entry::getKey).toArray());
    }

    /// Number of ids, the special ones included.
    public int size() {
        return FIRST_ORDINARY + codePoints.length;
    }

    /// Ids of a text's first `most` characters; the rest is cut off.
    public int[] encode(String text, int most) {
        return text.codePoints().limit(most).map(c -> ids.getOrDefault(c, UNKNOWN)).toArray();
    }

    /// The text of these ids: `�` for unknown characters, `▁` for hidden ones, nothing for padding.
    public String decode(int... tokens) {
        StringBuilder text = new StringBuilder();
        for (int id : tokens) {
            switch (id) {
                case PADDING -> {}
                case UNKNOWN -> text.append('\uFFFD');
                case MASK -> text.append('\u2581');
                default -> text.appendCodePoint(codePoints[id - FIRST_ORDINARY]);
            }
        }
        return text.toString();
    }

    /// One text with all ordinary characters in the order of their ids.
    public Json toJson() {
        return Json.of(new String(codePoints, 0, codePoints.length));
    }

    /// The vocabulary that [#toJson] gave.
    ///
    /// @throws IllegalArgumentException when it is no text, or a character comes twice
    public static CharVocabulary fromJson(Json json) {
        if (!(json instanceof Json.Str(String characters))) {
            throw new IllegalArgumentException("vocabulary: a text with all characters is expected");
        }
        List<Integer> points = new ArrayList<>(characters.codePoints().boxed().toList());
        if (points.stream().distinct().count() != points.size()) {
            throw new IllegalArgumentException("vocabulary: a character comes twice");
        }
        return new CharVocabulary(points.stream().mapToInt(Integer::intValue).toArray());
    }
}
