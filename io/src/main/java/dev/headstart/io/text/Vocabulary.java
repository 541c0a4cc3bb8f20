package dev.headstart.io.text;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tokens and their ids. Ids need not be without gaps; no two tokens share one.
final class Vocabulary {
    /// The greatest id there may be: beyond any published vocabulary, and small enough for an array.
    static final int MAX_ID = 9_999_999;

    private final Map<String, Integer> ids;
    private final @Nullable String[] tokens;

    private Vocabulary(Map<String, Integer> ids, @Nullable String[] tokens) {
        this.ids = ids;
        this.tokens = tokens;
    }

    /// The tokens and ids of a file, which is named in refusals. The map is kept, not copied.
    static Vocabulary of(Path file, Map<String, Integer> ids) throws TokenizerFormatException {
        int greatest = -1;
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            int id = entry.getValue();
            if (id < 0 || id > MAX_ID) {
                throw new TokenizerFormatException(file,
                        "token " + quoted(entry.getKey()) + " has id " + id + ": ids go from 0 to " + MAX_ID);
            }
            greatest = Math.max(greatest, id);
        }
        String[] tokens = new @Nullable String[greatest + 1];
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            String other = tokens[entry.getValue()];
            if (other != null) {
                throw new TokenizerFormatException(file, "tokens " + quoted(other) + " and " + quoted(entry.getKey()) + " share the id "
                        + entry.getValue());
            }
            tokens[entry.getValue()] = entry.getKey();
        }
        return new Vocabulary(ids, tokens);
    }

    /// A token, short enough for a message.
    static String quoted(String token) {
        return "\"" + (token.length() <= 60 ? token : token.substring(0, token.offsetByCodePoints(0, 40)) + "…") + "\"";
    }

    /// The id of a token, or -1.
    int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    /// The id of a token that has to be there.
    int special(Path file, String token) throws TokenizerFormatException {
        int id = id(token);
        if (id < 0) {
            throw new TokenizerFormatException(file, "the special token " + quoted(token) + " is missing among the " + size() + " tokens");
        }
        return id;
    }

    /// The token of an id, or nothing.
    @Nullable
    String token(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : null;
    }

    /// The tokens whose ids are not below a number, by id.
    SortedMap<Integer, String> from(int id) {
        SortedMap<Integer, String> found = new TreeMap<>();
        for (int i = id; i < tokens.length; i++) {
            String token = tokens[i];
            if (token != null) {
                found.put(i, token);
            }
        }
        return found;
    }

    /// Number of tokens.
    int size() {
        return ids.size();
    }

    /// All tokens and their ids.
    Map<String, Integer> ids() {
        return ids;
    }
}
