package dev.headstart.io.text;

/// How texts that are too long are shortened.
///
/// Lengths are counted in tokens, special ones included. With [#windows], what was cut off is not lost: the long text becomes windows of
/// the greatest length, each repeating the last `stride` tokens of the one before ([Encoding#overflow]); that is how long passages are
/// searched for an answer. Of two long texts each window of the one meets each of the other; a text that has no room at all follows as a
/// whole. (As Hugging Face's tokenizers 0.22; 0.23 cut the text before windows are made of it.)
///
/// @param maxLength the most tokens an encoding may have
/// @param strategy which text of a pair is shortened
/// @param side where tokens are taken away
/// @param stride tokens that neighbouring windows share
/// @param windows whether what was cut off is kept
public record Truncation(int maxLength, Strategy strategy, Side side, int stride, boolean windows) {
    /// Which text of a pair is shortened.
    public enum Strategy {
        /// The longer one until both are equally long, then both; when an odd number of tokens is left for two long texts, the longer text
        /// gets the odd one, the second if they are equally long. (Hugging Face's fast tokenizers do so up to 0.22; their slow ones give
        /// it to the first.)
        LONGEST_FIRST,
        /// The first text only.
        ONLY_FIRST,
        /// The second text only.
        ONLY_SECOND
    }

    /// No more tokens than `Integer.MAX_VALUE`, which is: nothing is shortened.
    static final Truncation NONE = to(Integer.MAX_VALUE);

    public Truncation {
        if (maxLength < 0 || stride < 0) {
            throw new IllegalArgumentException("truncation: max length " + maxLength + ", stride " + stride + ": neither may be negative");
        }
    }

    /// At most this many tokens, the longest text first, cut at the end.
    public static Truncation to(int maxLength) {
        return new Truncation(maxLength, Strategy.LONGEST_FIRST, Side.RIGHT, 0, false);
    }

    /// The second text in windows, as for question answering: `encode(question, passage)`.
    public static Truncation windows(int maxLength, int stride) {
        return new Truncation(maxLength, Strategy.ONLY_SECOND, Side.RIGHT, stride, true);
    }

    /// The same with another strategy.
    public Truncation with(Strategy other) {
        return new Truncation(maxLength, other, side, stride, windows);
    }

    /// The same on another side.
    public Truncation on(Side other) {
        return new Truncation(maxLength, strategy, other, stride, windows);
    }

    /// How many tokens of each text stay.
    ///
    /// @param a tokens of the first text
    /// @param b tokens of the second text; -1 when there is none
    /// @param max tokens there is room for
    int[] lengths(int a, int b, int max) {
        int total = a + Math.max(0, b);
        if (total <= max) {
            return new int[] {a, b};
        }
        if (max == 0) {
            return new int[] {0, Math.min(b, 0)};
        }
        return switch (strategy) {
            case ONLY_FIRST -> new int[] {shortened(a, total - max, "first"), b};
            case ONLY_SECOND -> new int[] {a, shortened(b, total - max, "second")};
            case LONGEST_FIRST -> b < 0 ? new int[] {max, b} : longestFirst(a, b, max);
        };
    }

    private static int shortened(int length, int surplus, String which) {
        if (length < 0) {
            throw new IllegalArgumentException("truncation: only the second text may be shortened, and there is none");
        }
        if (length <= surplus) {
            throw new IllegalArgumentException("truncation: only the " + which + " text may be shortened; it has " + length
                    + " tokens, and " + surplus + " are too many: choose LONGEST_FIRST or a greater length");
        }
        return length - surplus;
    }

    private static int[] longestFirst(int a, int b, int max) {
        int less = Math.min(a, b);
        int more = less > max ? less : Math.max(less, max - less);
        if (less + more > max) {
            less = max / 2;
            more = less + max % 2;
        }
        return a > b ? new int[] {more, less} : new int[] {less, more};
    }
}
