package dev.headstart.io.json;

import dev.headstart.io.file.Budget;
import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.json.stream.JsonReader;
import dev.headstart.io.json.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON value: RFC 8259, strictly.
///
/// Reading refuses what the standard leaves open: duplicate names, text after the value, a byte-order mark, half a surrogate pair, numbers
/// beyond double's range or longer than 1,000 characters, and nesting deeper than 500. The memory used is at most a constant times the
/// length of the text.
///
/// An integer that fits is a [Int], exactly; every other number is a [Real], the nearest double. What is written reads back as an equal
/// value: doubles are written with the fewest digits that give the same double again. JSON has no NaN and no infinity: making a [Real] of
/// one is refused; [#numberOrNull] makes `null` of it.
public sealed interface Json {
    /// An object: names and values in the order written. Equality does not depend on the order.
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /// The value of this name, or nothing.
        public @Nullable Json find(String name) {
            return members.get(name);
        }

        /// The value of this name.
        ///
        /// @throws JsonException when there is none
        public Json get(String name) throws JsonException {
            Json value = members.get(name);
            if (value == null) {
                throw new JsonException("\"" + name + "\" is missing");
            }
            return value;
        }

        /// The text of this name.
        public String string(String name) throws JsonException {
            return switch (get(name)) {
                case Str(String value) -> value;
                default -> throw refusal(name, "a string");
            };
        }

        /// The integer of this name, exactly.
        public long integer(String name) throws JsonException {
            return switch (get(name)) {
                case Int(long value) -> value;
                default -> throw refusal(name, "an integer");
            };
        }

        /// The number of this name, as a double.
        public double number(String name) throws JsonException {
            return switch (get(name)) {
                case Int(long value) -> value;
                case Real(double value) -> value;
                default -> throw refusal(name, "a number");
            };
        }

        /// The truth value of this name.
        public boolean bool(String name) throws JsonException {
            return switch (get(name)) {
                case Bool(boolean value) -> value;
                default -> throw refusal(name, "true or false");
            };
        }

        /// The object of this name.
        public Obj object(String name) throws JsonException {
            return switch (get(name)) {
                case Obj value -> value;
                default -> throw refusal(name, "an object");
            };
        }

        /// The items of the array of this name.
        public List<Json> array(String name) throws JsonException {
            return switch (get(name)) {
                case Arr(List<Json> items) -> items;
                default -> throw refusal(name, "an array");
            };
        }

        private JsonException refusal(String name, String wanted) throws JsonException {
            return new JsonException("\"" + name + "\" should be " + wanted + ", it is " + get(name).kind());
        }
    }

    /// An array.
    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /// A text.
    record Str(String value) implements Json {}

    /// An integer.
    record Int(long value) implements Json {}

    /// Any other number; finite.
    record Real(double value) implements Json {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("json: " + value + " is no JSON number: write null (Json.numberOrNull)");
            }
        }
    }

    /// `true` or `false`.
    record Bool(boolean value) implements Json {}

    /// `null`, the only value of its kind.
    enum Null implements Json {
        /// `null`.
        NULL
    }

    /// A text.
    static Json of(String value) {
        return new Str(value);
    }

    /// An integer.
    static Json of(long value) {
        return new Int(value);
    }

    /// A finite number.
    static Json of(double value) {
        return new Real(value);
    }

    /// `true` or `false`.
    static Json of(boolean value) {
        return new Bool(value);
    }

    /// The number, or `null` when it is NaN or infinite.
    static Json numberOrNull(double value) {
        return Double.isFinite(value) ? new Real(value) : Null.NULL;
    }

    /// An array of these values.
    static Arr array(Json... items) {
        return new Arr(List.of(items));
    }

    /// An array of finite numbers.
    static Arr numbers(double... values) {
        return new Arr(Arrays.stream(values).mapToObj(Json::of).toList());
    }

    /// An array of integers.
    static Arr integers(long... values) {
        return new Arr(Arrays.stream(values).mapToObj(Json::of).toList());
    }

    /// An array of texts.
    static Arr strings(Collection<String> values) {
        List<Json> items = new ArrayList<>(values.size());
        values.forEach(value -> items.add(of(value)));
        return new Arr(items);
    }

    /// An object to be filled: `Json.object().put("step", 12).put("loss", 0.5).build()`.
    static Builder object() {
        return new Builder();
    }

    /// An object being filled. Names keep the order in which they are put.
    final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        /// Adds a name and its value; a name may be put once.
        public Builder put(String name, Json value) {
            if (members.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("json: the name \"" + name + "\" was put twice");
            }
            return this;
        }

        /// Adds a text.
        public Builder put(String name, String value) {
            return put(name, of(value));
        }

        /// Adds an integer.
        public Builder put(String name, long value) {
            return put(name, of(value));
        }

        /// Adds a finite number.
        public Builder put(String name, double value) {
            return put(name, of(value));
        }

        /// Adds `true` or `false`.
        public Builder put(String name, boolean value) {
            return put(name, of(value));
        }

        /// The object.
        public Obj build() {
            return new Obj(members);
        }
    }

    /// The value a text holds.
    ///
    /// @throws JsonException when it holds anything but one JSON value
    static Json parse(String text) throws JsonException {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] utf8 = new byte[bytes.remaining()];
            bytes.get(utf8);
            return parse(utf8);
        } catch (CharacterCodingException e) {
            JsonException refused = new JsonException("the text has half a surrogate pair");
            refused.initCause(e);
            throw refused;
        }
    }

    /// The value a UTF-8 text holds.
    ///
    /// @throws JsonException when it holds anything but one JSON value
    static Json parse(byte[] utf8) throws JsonException {
        return JsonReader.document(utf8);
    }

    /// The value a UTF-8 file holds.
    ///
    /// @throws JsonException when it holds anything but one JSON value; the message names the file
    static Json read(Path file) throws IOException {
        try (InputStream in = Source.stream(Disk.real(), file)) {
            return new JsonReader(in, 0, Long.MAX_VALUE, Budget.of(Long.MAX_VALUE)).document();
        } catch (JsonException e) {
            JsonException named = new JsonException(file + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /// The value on one line, without spaces.
    default String compact() {
        return JsonWriter.compact(this);
    }

    /// The value over several lines, indented by two spaces; arrays of plain values stay on one line.
    default String pretty() {
        return JsonWriter.pretty(this);
    }

    /// Writes [#pretty] and a line end to a file, which a crash leaves either as it was or complete.
    default void write(Path file) throws IOException {
        byte[] utf8 = (pretty() + "\n").getBytes(StandardCharsets.UTF_8);
        Disk.real().replace(file, sink -> sink.write(utf8));
    }

    /// What kind of value this is, for messages: `an object`.
    private String kind() {
        return switch (this) {
            case Obj _ -> "an object";
            case Arr _ -> "an array";
            case Str _ -> "a string";
            case Int _ -> "an integer";
            case Real _ -> "a number";
            case Bool _ -> "true or false";
            case Null _ -> "null";
        };
    }
}
