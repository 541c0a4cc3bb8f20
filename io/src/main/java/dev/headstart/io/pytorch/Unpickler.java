package dev.headstart.io.pytorch;

import dev.headstart.io.file.Source;
import dev.headstart.io.pytorch.Pickled.Dict;
import dev.headstart.io.pytorch.Pickled.Global;
import dev.headstart.io.pytorch.Pickled.Kind;
import dev.headstart.io.pytorch.Pickled.Sequence;
import dev.headstart.io.pytorch.Pickled.Word;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads Python pickles of protocol 2 as `torch.save` writes them, as values that cannot act.
///
/// A pickle is a program for a machine with a stack and a memo. Of its opcodes those run that PyTorch's own restricted unpickler takes, of
/// classes and functions those in [Globals]; everything else is refused by its name and place. Nothing is loaded, called or made: a tensor
/// is the record of what was said of it.
///
/// Nothing here recurses. Each opcode makes one value at most, so memory is bounded by the pickle's length; what a few bytes
/// can name again as a whole (extents, dictionaries) is charged to the budget of the file, one number for each byte of the pickle.
///
/// Source: pickletools of CPython 3; torch/_weights_only_unpickler.py of PyTorch 2.13.
final class Unpickler {
    /// Bytes of heap that a byte of a pickle may cost.
    static final int HEAP_PER_BYTE = 128;

    private static final int PROTOCOL = 2;

    private final PickleBytes bytes;
    private final Calls calls;
    private final boolean scripted;
    private final List<Pickled> stack = new ArrayList<>();
    private final Map<Long, Pickled> memo = new HashMap<>();
    private int[] marks = new int[16];
    private int markCount;

    /// @param scripted whether TorchScript's classes are allowed
    Unpickler(PickleBytes bytes, boolean scripted) {
        this.bytes = bytes;
        this.calls = new Calls(bytes);
        this.scripted = scripted;
    }

    /// The value of the next pickle.
    Pickled read() throws IOException {
        long begin = bytes.offset();
        if (bytes.next() != 0x80 || bytes.next() != PROTOCOL) {
            throw bytes.refused(begin, "not a pickle of protocol 2, which torch.save writes: save it again without pickle_protocol", null);
        }
        while (true) {
            long at = bytes.offset();
            int opcode = bytes.next();
            if (opcode == '.') {
                Pickled result = pop(at);
                if (!stack.isEmpty() || markCount > 0) {
                    throw bytes.refused(at, "ends with " + stack.size() + " more values on the stack", null);
                }
                return result;
            }
            step(opcode, at);
        }
    }

    /// The storages the pickles refer to, by key.
    Map<String, Pickled.Storage> storages() {
        return calls.storages();
    }

    private void step(int opcode, long at) throws IOException {
        switch (opcode) {
            case 'N' -> stack.add(Word.NONE);
            case 0x88 -> stack.add(Word.TRUE);
            case 0x89 -> stack.add(Word.FALSE);
            case 'J' -> stack.add(new Pickled.Whole((int) bytes.integer(4)));
            case 'K' -> stack.add(new Pickled.Whole(bytes.integer(1)));
            case 'M' -> stack.add(new Pickled.Whole(bytes.integer(2)));
            case 0x8A -> stack.add(whole(bytes.bytes(bytes.next())));
            case 'G' -> stack.add(new Pickled.Real(bytes.real()));
            case 'X' -> stack.add(new Pickled.Text(bytes.text(bytes.integer(4))));
            case 'U' -> stack.add(new Pickled.Text(bytes.text(bytes.next())));
            case ')' -> stack.add(Sequence.EMPTY);
            case ']' -> stack.add(new Sequence(Kind.LIST, new ArrayList<>(0)));
            case '}' -> stack.add(new Dict());
            case 0x8F -> stack.add(new Sequence(Kind.SET, List.of()));
            case '(' -> mark();
            case 't' -> stack.add(new Sequence(Kind.TUPLE, sinceMark(at)));
            case 0x85, 0x86, 0x87 -> tuple(opcode - 0x84, at);
            case 'a' -> append(List.of(pop(at)), at);
            case 'e' -> append(sinceMark(at), at);
            case 's' -> put(last(2, at), at);
            case 'u' -> put(sinceMark(at), at);
            case 'q' -> memo.put(bytes.integer(1), peek(at));
            case 'r' -> memo.put(bytes.integer(4), peek(at));
            case 'h' -> recall(bytes.integer(1), at);
            case 'j' -> recall(bytes.integer(4), at);
            case 'c' -> stack.add(global(at));
            case 'Q' -> stack.add(calls.storage(pop(at), at));
            case 'R', 0x81 -> call(at);
            case 'b' -> build(at);
            default -> throw bytes.refused(at, String.format(Locale.ROOT, "opcode 0x%02x is none that torch.save writes", opcode), null);
        }
    }

    // ---- the stack ----

    private Pickled pop(long at) throws WeightFormatException {
        Pickled top = peek(at);
        stack.removeLast();
        return top;
    }

    /// The value on top, when it lies above the last mark.
    private Pickled peek(long at) throws WeightFormatException {
        if (stack.size() <= (markCount == 0 ? 0 : marks[markCount - 1])) {
            throw bytes.refused(at, "takes a value from an empty stack", null);
        }
        return stack.getLast();
    }

    private void mark() {
        if (markCount == marks.length) {
            marks = Arrays.copyOf(marks, 2 * markCount);
        }
        marks[markCount++] = stack.size();
    }

    private List<Pickled> sinceMark(long at) throws WeightFormatException {
        if (markCount == 0) {
            throw bytes.refused(at, "looks for a mark, there is none", null);
        }
        return above(marks[--markCount]);
    }

    private List<Pickled> last(int count, long at) throws WeightFormatException {
        int floor = markCount == 0 ? 0 : marks[markCount - 1];
        if (stack.size() - count < floor) {
            throw bytes.refused(at, "takes " + count + " values from a stack of " + (stack.size() - floor), null);
        }
        return above(stack.size() - count);
    }

    private List<Pickled> above(int size) {
        List<Pickled> top = stack.subList(size, stack.size());
        List<Pickled> copy = List.copyOf(top);
        top.clear();
        return copy;
    }

    private void recall(long index, long at) throws WeightFormatException {
        Pickled value = memo.get(index);
        if (value == null) {
            throw bytes.refused(at, "recalls number " + index + ", which was not memorised", null);
        }
        stack.add(value);
    }

    // ---- values ----

    private static Pickled whole(byte[] littleEndian) {
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        }
        BigInteger value = bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian);
        return value.bitLength() < Long.SIZE ? new Pickled.Whole(value.longValue()) : new Pickled.Other(value.toString());
    }

    private void tuple(int count, long at) throws WeightFormatException {
        stack.add(new Sequence(Kind.TUPLE, last(count, at)));
    }

    private void append(List<Pickled> items, long at) throws WeightFormatException {
        if (peek(at) instanceof Pickled.Inert) {
            return; // an object that is like a list
        }
        if (!(peek(at) instanceof Sequence(Kind kind, List<Pickled> list)) || kind != Kind.LIST) {
            throw bytes.refused(at, "appends to something that is no list", null);
        }
        list.addAll(items);
    }

    private void put(List<Pickled> keysAndValues, long at) throws WeightFormatException {
        Pickled top = peek(at) instanceof Pickled.Inert(Dict attributes) ? attributes : peek(at);
        if (!(top instanceof Dict dict) || keysAndValues.size() % 2 != 0) {
            throw bytes.refused(at, "puts " + keysAndValues.size() + " keys and values, or into something that is no dictionary", null);
        }
        dict.keysAndValues.addAll(keysAndValues);
    }

    // ---- classes and functions ----

    private Global global(long at) throws IOException {
        String module = bytes.line();
        String name = (module.equals("__builtin__") ? "builtins" : module) + "." + bytes.line();
        String unsupported = Globals.unsupported(name);
        if (unsupported != null) {
            throw bytes.refused(at, "it holds " + unsupported + " (" + name + "), which is not read", null);
        }
        Global global = Globals.find(name, scripted);
        if (global == null) {
            throw bytes.refused(at, "it names the class or function " + Source.abridged(name)
                    + ", and only weights are read, nothing that could run: save the weights alone, in Python: "
                    + Globals.remedy(name, bytes.fileName()),
                    null);
        }
        return global;
    }

    private void call(long at) throws WeightFormatException {
        Pickled arguments = pop(at);
        Pickled function = pop(at);
        if (!(function instanceof Global global) || !(arguments instanceof Sequence(Kind kind, List<Pickled> list)) || kind != Kind.TUPLE) {
            throw bytes.refused(at, "calls something that is no function, or with no tuple", null);
        }
        stack.add(calls.result(global, list, at));
    }

    /// Sets an object's state, which matters for TorchScript's only: of dictionaries and parameters it is `_metadata`, hooks and the like.
    private void build(long at) throws WeightFormatException {
        Pickled state = pop(at);
        switch (peek(at)) {
            case Pickled.Inert(Dict attributes) when state instanceof Dict values -> {
                bytes.repeat(values.keysAndValues.size());
                attributes.keysAndValues.addAll(values.keysAndValues);
            }
            case Pickled.Inert _ -> {} // of an object whose state is no dictionary
            case Dict _,Pickled.View _ when state instanceof Dict || state instanceof Sequence -> {}
            default -> throw bytes.refused(at, "sets the state of something that has none", null);
        }
    }
}
