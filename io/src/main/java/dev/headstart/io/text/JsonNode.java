package dev.headstart.io.text;

import dev.headstart.io.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A value in a JSON file, and the path to it for messages: `$.model.vocab`.
record JsonNode(Path file, String path, Json value) {
    TokenizerFormatException refusal(String problem) {
        return new TokenizerFormatException(file, path + ": " + problem);
    }

    Map<String, Json> members() throws TokenizerFormatException {
        if (value instanceof Json.Obj(Map<String, Json> members)) {
            return members;
        }
        throw refusal("should be an object");
    }

    /// A member; `null` when there is none.
    JsonNode get(String name) throws TokenizerFormatException {
        String step = name.length() <= 60 ? name : name.substring(0, name.offsetByCodePoints(0, 40)) + "…";
        return new JsonNode(file, path + "." + step, members().getOrDefault(name, Json.Null.NULL));
    }

    boolean isNull() {
        return value == Json.Null.NULL;
    }

    /// Demands that no other members are there.
    void only(String... names) throws TokenizerFormatException {
        Set<String> known = Set.of(names);
        for (String name : members().keySet()) {
            if (!known.contains(name)) {
                throw get(name).refusal("is not among what is read here: " + String.join(", ", names));
            }
        }
    }

    List<JsonNode> items() throws TokenizerFormatException {
        if (!(value instanceof Json.Arr(List<Json> items))) {
            throw refusal("should be an array");
        }
        List<JsonNode> nodes = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            nodes.add(new JsonNode(file, path + "[" + i + "]", items.get(i)));
        }
        return nodes;
    }

    String string() throws TokenizerFormatException {
        if (value instanceof Json.Str(String text)) {
            return text;
        }
        throw refusal("should be a string");
    }

    String string(String otherwise) throws TokenizerFormatException {
        return isNull() ? otherwise : string();
    }

    boolean bool() throws TokenizerFormatException {
        if (value instanceof Json.Bool(boolean truth)) {
            return truth;
        }
        throw refusal("should be true or false");
    }

    boolean bool(boolean otherwise) throws TokenizerFormatException {
        return isNull() ? otherwise : bool();
    }

    int integer(int max) throws TokenizerFormatException {
        if (value instanceof Json.Int(long number) && number >= 0 && number <= max) {
            return (int) number;
        }
        throw refusal("should be an integer from 0 to " + max);
    }

    /// The member `type`, which says what an object is.
    String type() throws TokenizerFormatException {
        return get("type").string();
    }
}
