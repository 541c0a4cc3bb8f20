package dev.headstart.io.pytorch;

import dev.headstart.io.file.Source;
import dev.headstart.io.pytorch.Pickled.Dict;
import dev.headstart.io.pytorch.Pickled.Sequence;
import dev.headstart.io.pytorch.Pickled.View;
import dev.headstart.io.weights.WeightFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The named tensors of an unpickled value, and the texts and numbers beside them.
///
/// Dictionaries and lists within each other give names joined by dots: `{"ema": {"fc": {"weight": …}}}` has `ema.fc.weight`. A training
/// program wraps its weights, `{"state_dict": {…}, "epoch": 3}`: when a dictionary's tensors are all under one key, and that is one of
/// those commonly used for it (`state_dict`, `model`, `net`, …), the tensors have the names they have in there. `module.`, which parallel
/// training puts before each name, stays. A tensor alone is named `tensor`. Texts and numbers are metadata under their full names; a list
/// of them is one text.
final class StateDict {
    private static final Set<
            String> WRAPPERS = Set.of("state_dict", "model_state_dict", "model_state", "model", "model_ema", "net", "network",
                    "net_state_dict", "params", "weights");
    private static final int MAX_DEPTH = 100;
    private static final int MAX_LIST = 1000;
    /// Heap that a tensor takes in the tables of contents, or a text in the metadata, without its name.
    private static final long HEAP_PER_NAME = 512;
    private static final long HEAP_PER_AXIS = 32;

    private final Map<String, View> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final PickleBytes bytes;
    private final long begin;
    private String wrapper = "";

    private StateDict(PickleBytes bytes, long begin) {
        this.bytes = bytes;
        this.begin = begin;
    }

    /// What a value holds; `begin` is where in the file its pickle begins, for refusals.
    static StateDict of(Pickled root, PickleBytes bytes, long begin) throws WeightFormatException {
        StateDict state = new StateDict(bytes, begin);
        state.add(root, "", 0);
        state.unwrap(root);
        return state;
    }

    /// The tensors by name.
    Map<String, View> tensors() {
        return tensors;
    }

    /// What was left off the beginning of all names.
    String wrapper() {
        return wrapper;
    }

    /// The texts and numbers by name, as text.
    Map<String, String> metadata() {
        return metadata;
    }

    private void add(Pickled value, String name, int depth) throws WeightFormatException {
        charge(1 + name.length());
        if (depth > MAX_DEPTH) {
            throw tooMuch("");
        }
        switch (value) {
            case View view -> addTensor(name.isEmpty() ? "tensor" : name, view);
            case Dict dict -> addAll(dict, name, depth, true);
            case Pickled.Inert(Dict attributes) -> addAll(attributes, name, depth, false);
            case Sequence sequence -> addAll(sequence, name, depth);
            default -> addText(name, value);
        }
    }

    /// Charges values that are looked at, and characters of names and texts.
    private void charge(long steps) throws WeightFormatException {
        bytes.budget().step(steps, this::tooMuch);
    }

    /// Charges the heap that the table of contents may take.
    private void keep(long heap) throws WeightFormatException {
        bytes.budget().allocate(heap, shortage -> refused("its table of contents may fill the heap: raise it with -Xmx" + shortage));
    }

    private WeightFormatException tooMuch(String shortage) {
        return refused("its dictionaries hold each other, deeper than " + MAX_DEPTH + " or more often than so short a pickle can mean"
                + shortage);
    }

    private void addTensor(String name, View view) throws WeightFormatException {
        charge(view.extents().size());
        keep(HEAP_PER_NAME + 2L * name.length() + HEAP_PER_AXIS * view.extents().size());
        if (tensors.putIfAbsent(name, view) != null) {
            throw refused("two tensors are named \"" + Source.abridged(name) + "\"");
        }
    }

    private void addText(String name, Pickled value) throws WeightFormatException {
        String text = text(value);
        if (text != null) {
            putText(name.isEmpty() ? "value" : name, text, 0);
        }
    }

    private void putText(String name, String text, long heap) throws WeightFormatException {
        keep((metadata.containsKey(name) ? 0 : HEAP_PER_NAME + 2L * name.length()) + heap);
        metadata.put(name, text);
    }

    private void addAll(Dict dict, String name, int depth, boolean texts) throws WeightFormatException {
        for (int i = 0; i < dict.keysAndValues.size(); i += 2) {
            charge(2);
            Pickled value = dict.keysAndValues.get(i + 1);
            String key = text(dict.keysAndValues.get(i));
            if (key == null && text(value) == null && texts) {
                throw refused("the keys of a dictionary are neither texts nor numbers");
            }
            if (key != null && (texts || text(value) == null)) {
                add(value, name.isEmpty() ? key : name + "." + key, depth + 1);
            }
        }
    }

    private void addAll(Sequence sequence, String name, int depth) throws WeightFormatException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            charge(1);
            Pickled item = sequence.items().get(i);
            String text = text(item);
            if (text == null) {
                add(item, name.isEmpty() ? Integer.toString(i) : name + "." + i, depth + 1);
            } else if (texts.size() < MAX_LIST) {
                charge(text.length());
                texts.add(text);
            }
        }
        if (!texts.isEmpty() && !name.isEmpty()) {
            String text = texts.toString();
            putText(name, text, 2L * text.length());
        }
    }

    /// A text or number as text; nothing for what holds others, and for what are no words to anybody.
    private static @Nullable String text(Pickled value) {
        return switch (value) {
            case Pickled.Text(String text) -> text;
            case Pickled.Whole(long number) -> Long.toString(number);
            case Pickled.Real(double number) -> Double.toString(number);
            case Pickled.Word word -> switch (word) {
                case NONE -> "None";
                case TRUE -> "True";
                case FALSE -> "False";
            };
            case Pickled.Other(String words) -> words;
            case Pickled.Global(Globals.Role _, String name) -> name;
            case Dict _,Sequence _,Pickled.Inert _,Pickled.Storage _,View _ -> null;
        };
    }

    // ---- wrapped weights ----

    /// A dictionary whose tensors are wrapped, and what their names begin with.
    private record Wrapped(Dict dict, String prefix) {}

    private void unwrap(Pickled root) throws WeightFormatException {
        Wrapped wrapped = root instanceof Dict dict ? inner(new Wrapped(dict, "")) : null;
        while (wrapped != null) {
            wrapper = wrapped.prefix;
            wrapped = inner(wrapped);
        }
        Map<String, View> full = new LinkedHashMap<>(tensors);
        tensors.clear();
        for (Map.Entry<String, View> tensor : full.entrySet()) {
            tensors.put(tensor.getKey().substring(wrapper.length()), tensor.getValue());
        }
    }

    /// The one of a dictionary's dictionaries that holds all tensors under one of the [#WRAPPERS], when there is such a one.
    private @Nullable Wrapped inner(Wrapped outer) throws WeightFormatException {
        if (tensors.isEmpty()) {
            return null;
        }
        String first = tensors.keySet().iterator().next();
        int end = first.indexOf('.', outer.prefix.length());
        String wrapper = end < 0 ? "" : first.substring(outer.prefix.length(), end);
        Dict dict = WRAPPERS.contains(wrapper) ? dictionary(outer.dict, wrapper) : null;
        if (dict == null) {
            return null;
        }
        String prefix = outer.prefix + wrapper + ".";
        charge((long) tensors.size() * prefix.length());
        return tensors.keySet().stream().allMatch(name -> name.startsWith(prefix)) ? new Wrapped(dict, prefix) : null;
    }

    /// The first dictionary that a dictionary has under this key.
    private @Nullable Dict dictionary(Dict dict, String wanted) throws WeightFormatException {
        List<Pickled> items = dict.keysAndValues;
        charge(items.size());
        for (int i = 0; i < items.size(); i += 2) {
            if (items.get(i) instanceof Pickled.Text(String key) && key.equals(wanted) && items.get(i + 1) instanceof Dict value) {
                return value;
            }
        }
        return null;
    }

    private WeightFormatException refused(String problem) {
        return bytes.refused(begin, problem, null);
    }
}
