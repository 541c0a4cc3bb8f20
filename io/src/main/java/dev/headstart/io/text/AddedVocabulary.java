package dev.headstart.io.text;

import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.AddedTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The added tokens of a tokenizer: found before a text is cut into words, some in the text as it stands, some in its normalised form.
final class AddedVocabulary {
    private final Map<String, AddedToken> byContent = new HashMap<>();
    private final Map<Integer, AddedToken> byId = new HashMap<>();
    private final Map<Integer, String> normalizedForms = new HashMap<>();
    private final Set<String> special = new HashSet<>();
    private final AddedTokens raw;
    private final AddedTokens normalized;

    /// @param normalize what the normaliser makes of a text
    AddedVocabulary(Path file, List<AddedToken> tokens, UnaryOperator<String> normalize) throws TokenizerFormatException {
        List<AddedToken> asIs = new ArrayList<>();
        List<AddedToken> changed = new ArrayList<>();
        for (AddedToken token : tokens) {
            String form = token.normalized() ? normalize.apply(token.content()) : token.content();
            if (form.isEmpty()) {
                throw new TokenizerFormatException(file, "added token " + Vocabulary.quoted(token.content()) + " is empty");
            }
            if (byContent.put(token.content(), token) != null || byId.put(token.id(), token) != null) {
                throw new TokenizerFormatException(file, "added token " + Vocabulary.quoted(token.content()) + " or its id " + token.id()
                        + " is there twice");
            }
            if (token.special()) {
                special.add(token.content());
            }
            normalizedForms.put(token.id(), form);
            (token.normalized() ? changed : asIs).add(token);
        }
        raw = found(asIs);
        normalized = found(changed);
    }

    private AddedTokens found(List<AddedToken> tokens) {
        return new AddedTokens(tokens, tokens.stream().map(token -> normalizedForms.getOrDefault(token.id(), token.content())).toList());
    }

    /// Those looked for in the text as it stands.
    AddedTokens raw() {
        return raw;
    }

    /// Those looked for in the normalised text.
    AddedTokens normalized() {
        return normalized;
    }

    int id(String content) {
        AddedToken token = byContent.get(content);
        return token == null ? -1 : token.id();
    }

    @Nullable
    String content(int id) {
        AddedToken token = byId.get(id);
        return token == null ? null : token.content();
    }

    /// What decoding takes an id for: the normalised form.
    @Nullable
    String decoded(int id) {
        return normalizedForms.get(id);
    }

    boolean isSpecial(String content) {
        return special.contains(content);
    }

    /// The tokens whose ids are not below a number, by id.
    SortedMap<Integer, String> from(int id) {
        SortedMap<Integer, String> found = new TreeMap<>();
        byContent.forEach((content, token) -> {
            if (token.id() >= id) {
                found.put(token.id(), content);
            }
        });
        return found;
    }

    /// How many are not in a vocabulary.
    int beyond(Vocabulary vocabulary) {
        return (int) byContent.keySet().stream().filter(content -> vocabulary.id(content) < 0).count();
    }
}
