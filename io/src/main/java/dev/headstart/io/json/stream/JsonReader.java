package dev.headstart.io.json.stream;

import dev.headstart.io.file.Budget;
import dev.headstart.io.file.Source;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Reads JSON from bytes as they come, so that a long text need not be in memory: either as [Json] values, or piece by piece for a reader
/// that knows what it expects (the header of a safetensors file). [Json] says what is refused.
public final class JsonReader {
    private static final int MAX_DEPTH = 500;
    private static final int MAX_NUMBER = 1000;
    private static final int END = -1;

    /// Heap that a value takes with its place in what holds it.
    private static final int HEAP_PER_VALUE = 96;
    /// Heap that an object or array takes beyond that.
    private static final int HEAP_PER_HOLDER = 256;
    /// Heap that a character takes while its string is read: once in a buffer that is grown, once in the string.
    private static final long HEAP_PER_CHARACTER = 8;

    private final InputStream in;
    private final Budget budget;
    private final byte[] buffer = new byte[8192];
    private final StringBuilder text = new StringBuilder();
    private long unread;
    private long bufferOffset;
    private int at;
    private int limit;
    private int depth;
    private long line = 1;
    private long lineOffset;

    /// Reads at most `length` bytes; the first of them is called byte number `offset` in messages. What values take of the heap is charged
    /// to the budget.
    public JsonReader(InputStream in, long offset, long length, Budget budget) {
        this.in = in;
        this.budget = budget;
        this.unread = length;
        this.bufferOffset = offset;
        this.lineOffset = offset;
    }

    /// What is done with each member of an object: called between its name and its value, and has to read the value.
    public interface Member {
        void read(String name) throws IOException;
    }

    /// What is done with each item of an array: has to read it.
    public interface Item {
        void read() throws IOException;
    }

    public static Json document(byte[] utf8) throws JsonException {
        try {
            return new JsonReader(new ByteArrayInputStream(utf8), 0, utf8.length, Budget.of(utf8.length)).document();
        } catch (JsonException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("an array of bytes does not fail", e);
        }
    }

    /// The one value the text holds.
    public Json document() throws IOException {
        Json value = value();
        end();
        return value;
    }

    /// Demands that nothing but white space is left.
    public void end() throws IOException {
        if (token() != END) {
            throw unexpected("the end of the text");
        }
    }

    /// The offset of the next byte.
    public long offset() {
        return bufferOffset + at;
    }

    /// The offset of the next byte that is not white space.
    public long nextOffset() throws IOException {
        token();
        return offset();
    }

    /// The next value, whatever it is.
    public Json value() throws IOException {
        charge(HEAP_PER_VALUE);
        return switch (token()) {
            case '{' -> {
                charge(HEAP_PER_HOLDER);
                Map<String, Json> members = new LinkedHashMap<>();
                object(members::containsKey, name -> {
                    charge(HEAP_PER_VALUE + 2L * name.length());
                    members.put(name, value());
                });
                yield new Json.Obj(members);
            }
            case '[' -> {
                charge(HEAP_PER_HOLDER);
                List<Json> items = new ArrayList<>();
                array(() -> items.add(value()));
                yield new Json.Arr(items);
            }
            case '"' -> {
                String string = string();
                charge(2L * string.length());
                yield new Json.Str(string);
            }
            default -> plain();
        };
    }

    private Json plain() throws IOException {
        return switch (token()) {
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", Json.Null.NULL);
            default -> number();
        };
    }

    /// Reads the next value, whatever it is, and forgets it.
    public void skip() throws IOException {
        switch (token()) {
            case '{' -> {
                Set<String> names = new HashSet<>();
                object(names::contains, name -> {
                    names.add(name);
                    skip();
                });
            }
            case '[' -> array(this::skip);
            case '"' -> string();
            default -> plain();
        }
    }

    private void charge(long heap) throws JsonException {
        budget.allocate(heap, shortage -> error("its values may fill the heap: raise it with -Xmx" + shortage, offset()));
    }

    /// Reads an object. `seen` tells which names were there already: a duplicate is refused.
    public void object(Predicate<String> seen, Member member) throws IOException {
        open('{', "an object");
        if (token() == '}') {
            next();
        } else {
            do {
                token();
                long start = offset();
                String name = string();
                if (seen.test(name)) {
                    throw error("the name \"" + Source.abridged(name) + "\" is there twice", start);
                }
                if (token() != ':') {
                    throw unexpected("':' after a name");
                }
                next();
                member.read(name);
            } while (more('}'));
        }
        depth--;
    }

    /// Reads an array.
    public void array(Item item) throws IOException {
        open('[', "an array");
        if (token() == ']') {
            next();
        } else {
            do {
                item.read();
            } while (more(']'));
        }
        depth--;
    }

    private void open(char bracket, String what) throws IOException {
        if (token() != bracket) {
            throw unexpected(what);
        }
        if (++depth > MAX_DEPTH) {
            throw error("nested deeper than " + MAX_DEPTH, offset());
        }
        next();
    }

    /// Whether a comma follows, not the closing bracket.
    private boolean more(char close) throws IOException {
        int c = token();
        if (c != ',' && c != close) {
            throw unexpected("',' or '" + close + "'");
        }
        next();
        return c == ',';
    }

    /// Reads a text.
    public String string() throws IOException {
        if (token() != '"') {
            throw unexpected("a string");
        }
        next();
        text.setLength(0);
        while (true) {
            int start = at;
            while (at < limit && buffer[at] >= ' ' && buffer[at] != '"' && buffer[at] != '\\') {
                at++;
            }
            text.append(new String(buffer, start, at - start, StandardCharsets.US_ASCII));
            if (HEAP_PER_CHARACTER * text.length() > budget.heap()) {
                throw error("a string of more than " + text.length() + " characters may fill the heap: raise it with -Xmx", offset());
            }
            int c = peek();
            if (c == '"') {
                next();
                String result = text.toString();
                trimText();
                return result;
            } else if (c == '\\') {
                next();
                escape();
            } else if (c >= 0x80) {
                text.appendCodePoint(utf8());
            } else if (c < ' ') {
                throw unexpected("the string to go on (control characters are written \\u00..)");
            }
        }
    }

    /// One very long string must not keep its memory while the rest is read.
    private void trimText() {
        if (text.capacity() > 1 << 16) {
            text.setLength(0);
            text.trimToSize();
        }
    }

    private void escape() throws IOException {
        int c = peek();
        switch (c) {
            case '"', '\\', '/' -> text.append((char) c);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                next();
                unicode();
                return;
            }
            default -> throw unexpected("one of \"\\/bfnrtu after \\");
        }
        next();
    }

    private void unicode() throws IOException {
        long start = offset() - 2;
        char first = hex4();
        if (!Character.isSurrogate(first)) {
            text.append(first);
            return;
        }
        if (Character.isHighSurrogate(first) && peek() == '\\') {
            next();
            if (peek() == 'u') {
                next();
                char second = hex4();
                if (Character.isLowSurrogate(second)) {
                    text.append(first).append(second);
                    return;
                }
            }
        }
        throw error("half a surrogate pair", start);
    }

    private char hex4() throws IOException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int c = peek();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw unexpected("four hexadecimal digits after \\u");
            }
            value = value << 4 | digit;
            next();
        }
        return (char) value;
    }

    /// One character of two to four bytes: shortest form only, no surrogates, nothing beyond U+10FFFF (RFC 3629).
    private int utf8() throws IOException {
        long start = offset();
        int lead = next();
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        int code = lead & (0x3F >> more);
        for (int i = 0; i < more; i++) {
            int c = peek();
            if ((c & 0xFFFFFFC0) != 0x80) {
                throw error("not UTF-8", start);
            }
            code = code << 6 | (c & 0x3F);
            next();
        }
        int smallest = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
        boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
        if (lead < 0xC0 || lead > 0xF7 || code < smallest || code > Character.MAX_CODE_POINT || surrogate) {
            throw error("not UTF-8", start);
        }
        return code;
    }

    /// Reads an integer that is not negative and at most `max`, without fraction or exponent.
    public long natural(String what, long max) throws IOException {
        int c = token();
        long start = offset();
        if (c >= '0' && c <= '9' && number() instanceof Json.Int(long value) && value <= max) {
            return value;
        }
        throw error(what + " must be an integer from 0 to " + max, start);
    }

    private Json number() throws IOException {
        token();
        long start = offset();
        text.setLength(0);
        if (peek() == '-') {
            take();
        }
        if (peek() == '0') {
            take();
        } else {
            digits(start);
        }
        boolean integer = true;
        if (peek() == '.') {
            take();
            digits(start);
            integer = false;
        }
        if (peek() == 'e' || peek() == 'E') {
            take();
            if (peek() == '+' || peek() == '-') {
                take();
            }
            digits(start);
            integer = false;
        }
        String literal = text.toString();
        if (integer && literal.length() <= 20 && !literal.equals("-0")) {
            try {
                return new Json.Int(Long.parseLong(literal));
            } catch (NumberFormatException e) {
                // Beyond long: a double then, like any other number.
            }
        }
        double value = Double.parseDouble(literal);
        if (Double.isInfinite(value)) {
            throw error("a number beyond the range of double", start);
        }
        return new Json.Real(value);
    }

    private void digits(long start) throws IOException {
        if (peek() < '0' || peek() > '9') {
            throw unexpected(offset() == start ? "a value" : "a digit");
        }
        while (peek() >= '0' && peek() <= '9') {
            take();
            if (text.length() > MAX_NUMBER) {
                throw error("a number of more than " + MAX_NUMBER + " characters", start);
            }
        }
    }

    private void take() throws IOException {
        text.append((char) next());
    }

    private Json word(String word, Json value) throws IOException {
        for (int i = 0; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                throw unexpected("the word " + word);
            }
            next();
        }
        return value;
    }

    /// The first byte that is not white space, which is not consumed.
    private int token() throws IOException {
        while (true) {
            int c = peek();
            if (c == '\n') {
                next();
                line++;
                lineOffset = offset();
            } else if (c == ' ' || c == '\t' || c == '\r') {
                next();
            } else {
                return c;
            }
        }
    }

    private int peek() throws IOException {
        return at < limit || fill() ? buffer[at] & 0xFF : END;
    }

    private int next() throws IOException {
        int c = peek();
        at++;
        return c;
    }

    private boolean fill() throws IOException {
        bufferOffset += at;
        at = 0;
        limit = unread == 0 ? 0 : Math.max(0, in.read(buffer, 0, (int) Math.min(buffer.length, unread)));
        unread -= limit;
        return limit > 0;
    }

    private JsonException unexpected(String wanted) throws IOException {
        int c = peek();
        String found = c == END ? "the end" : c > ' ' && c < 0x7F ? "'" + (char) c + "'" : String.format(Locale.ROOT, "byte 0x%02x", c);
        return error("expected " + wanted + ", found " + found, offset());
    }

    /// A refusal of what stands at this offset.
    public JsonException error(String problem, long offset) {
        return new JsonException(problem, offset, line, offset - lineOffset + 1);
    }
}
