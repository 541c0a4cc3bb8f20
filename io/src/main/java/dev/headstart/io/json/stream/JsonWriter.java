package dev.headstart.io.json.stream;

import dev.headstart.io.json.Json;
import java.util.List;
import java.util.Map;

/// Writes JSON; see [Json#compact] and [Json#pretty].
public final class JsonWriter {
    private static final int MAX_DEPTH = 500;

    private final StringBuilder out = new StringBuilder();
    private final boolean indented;
    private int depth;

    private JsonWriter(boolean indented) {
        this.indented = indented;
    }

    public static String compact(Json value) {
        JsonWriter writer = new JsonWriter(false);
        writer.value(value);
        return writer.out.toString();
    }

    public static String pretty(Json value) {
        JsonWriter writer = new JsonWriter(true);
        writer.value(value);
        return writer.out.toString();
    }

    private void value(Json value) {
        switch (value) {
            case Json.Obj(Map<String, Json> members) -> object(members);
            case Json.Arr(List<Json> items) -> array(items);
            case Json.Str(String text) -> quote(out, text);
            case Json.Int(long number) -> out.append(number);
            case Json.Real(double number) -> out.append(number);
            case Json.Bool(boolean truth) -> out.append(truth);
            case Json.Null _ -> out.append("null");
        }
    }

    private void object(Map<String, Json> members) {
        open('{');
        boolean first = true;
        for (Map.Entry<String, Json> member : members.entrySet()) {
            separate(first, indented);
            quote(out, member.getKey());
            out.append(indented ? ": " : ":");
            value(member.getValue());
            first = false;
        }
        close('}', indented && !members.isEmpty());
    }

    private void array(List<Json> items) {
        boolean lines = indented && items.stream().anyMatch(item -> item instanceof Json.Obj || item instanceof Json.Arr);
        open('[');
        boolean first = true;
        for (Json item : items) {
            separate(first, lines);
            value(item);
            first = false;
        }
        close(']', lines);
    }

    private void open(char bracket) {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("json: nested deeper than " + MAX_DEPTH);
        }
        out.append(bracket);
    }

    private void separate(boolean first, boolean lines) {
        if (!first) {
            out.append(',');
        }
        if (lines) {
            newLine();
        } else if (indented && !first) {
            out.append(' ');
        }
    }

    private void close(char bracket, boolean lines) {
        depth--;
        if (lines) {
            newLine();
        }
        out.append(bracket);
    }

    private void newLine() {
        out.append('\n').repeat("  ", depth);
    }

    /// Appends a text in quotes: only quotes, backslashes and control characters are escaped.
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else if (Character.isSurrogate(c)) {
                        i = pair(out, text, i);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static int pair(StringBuilder out, String text, int i) {
        int code = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(code)) {
            throw new IllegalArgumentException("json: character " + i + " of a string is half a surrogate pair");
        }
        out.appendCodePoint(code);
        return i + 1;
    }
}
