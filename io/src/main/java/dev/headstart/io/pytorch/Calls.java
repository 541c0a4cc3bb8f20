package dev.headstart.io.pytorch;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Striding;
import dev.headstart.io.pytorch.Pickled.Dict;
import dev.headstart.io.pytorch.Pickled.Global;
import dev.headstart.io.pytorch.Pickled.Kind;
import dev.headstart.io.pytorch.Pickled.Sequence;
import dev.headstart.io.pytorch.Pickled.Storage;
import dev.headstart.io.pytorch.Pickled.View;
import dev.headstart.io.pytorch.Pickled.Whole;
import dev.headstart.io.pytorch.Pickled.Word;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.WeightFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the calls in a PyTorch pickle stand for: dictionaries, tensors and references to storages, their numbers checked.
final class Calls {
    private static final int MAX_AXES = 64;
    private static final long MAX_NUMBER = (1L << 48) - 1;

    private final PickleBytes bytes;
    private final Map<String, Storage> storages = new HashMap<>();

    Calls(PickleBytes bytes) {
        this.bytes = bytes;
    }

    /// The storages that were referred to, each as it was first, by key.
    Map<String, Storage> storages() {
        return storages;
    }

    /// What calling this gives. `at` is where in the file it is called.
    Pickled result(Global function, List<Pickled> arguments, long at) throws WeightFormatException {
        return switch (function.role()) {
            case DICT -> dict(function, arguments, at);
            case SET -> new Sequence(Kind.SET, arguments.size() == 1 ? items(arguments.getFirst()) : List.of());
            case SIZE -> new Sequence(Kind.TUPLE, arguments.size() == 1 ? items(arguments.getFirst()) : List.of());
            case WORDS -> words(function, arguments);
            case TENSOR -> tensor(function, arguments, null, at);
            case UNTYPED_TENSOR -> untyped(function, arguments, at);
            case PARAMETER -> parameter(function, arguments, at);
            case FROM_TYPE -> fromType(function, arguments, at);
            case SCRIPTED, OBJECT -> new Pickled.Inert(new Dict());
            case STORAGE, DTYPE, CLASS -> throw wrong(function, at);
        };
    }

    private WeightFormatException wrong(Global function, long at) {
        return bytes.refused(at, function.name() + " is called with what it does not take", null);
    }

    private static List<Pickled> items(Pickled value) {
        return value instanceof Sequence(Kind _, List<Pickled> items) ? items : List.of();
    }

    /// `OrderedDict()`, `OrderedDict([[key, value], …])` as Python 2 wrote it, `Counter({…})`.
    private Dict dict(Global function, List<Pickled> arguments, long at) throws WeightFormatException {
        Dict dict = new Dict();
        if (arguments.isEmpty()) {
            return dict;
        }
        if (arguments.size() == 1 && arguments.getFirst() instanceof Dict from) {
            bytes.repeat(from.keysAndValues.size());
            dict.keysAndValues.addAll(from.keysAndValues);
            return dict;
        }
        for (Pickled pair : items(arguments.getFirst())) {
            if (items(pair).size() != 2) {
                throw wrong(function, at);
            }
            bytes.repeat(2);
            dict.keysAndValues.addAll(items(pair));
        }
        return dict;
    }

    /// `device('cuda:0')` is its text; bytes and complex numbers are no more than their kind.
    private static Pickled words(Global function, List<Pickled> arguments) {
        boolean device = function.name().equals("torch.device");
        return device && !arguments.isEmpty() && arguments.getFirst() instanceof Pickled.Text text
                ? text
                : new Pickled.Other(function.name());
    }

    private View parameter(Global function, List<Pickled> arguments, long at) throws WeightFormatException {
        if (!arguments.isEmpty() && arguments.getFirst() instanceof View view) {
            return view;
        }
        throw wrong(function, at);
    }

    /// `_rebuild_from_type_v2(function, class, arguments, state)`.
    private Pickled fromType(Global function, List<Pickled> arguments, long at) throws WeightFormatException {
        if (arguments.size() == 4 && arguments.get(0) instanceof Global inner && inner.role() != Globals.Role.FROM_TYPE
                && arguments.get(2) instanceof Sequence(Kind _, List<Pickled> innerArguments)) {
            return result(inner, innerArguments, at);
        }
        throw wrong(function, at);
    }

    // ---- tensors ----

    /// `_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, metadata)`.
    private View untyped(Global function, List<Pickled> arguments, long at) throws WeightFormatException {
        Dtype dtype = arguments.size() > 6 && arguments.get(6) instanceof Global type ? Globals.dtype(type) : null;
        if (dtype == null) {
            throw wrong(function, at);
        }
        return tensor(function, arguments, dtype, at);
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata)`; without a type it is that of the storage.
    private View tensor(Global function, List<Pickled> arguments, @Nullable Dtype dtype, long at) throws WeightFormatException {
        if (arguments.size() < 4 || !(arguments.getFirst() instanceof Storage storage)
                || !(arguments.get(2) instanceof Sequence extents) || !(arguments.get(3) instanceof Sequence strides)) {
            throw wrong(function, at);
        }
        if (arguments.getLast() instanceof Dict flags) {
            bytes.repeat(flags.keysAndValues.size());
            if (flags.keysAndValues.contains(Word.TRUE)) {
                throw bytes.refused(at, "a tensor that is to be negated or conjugated when read, which is not done", null);
            }
        }
        long offset = natural(arguments.get(1), "a tensor's offset", at);
        View view = new View(storage, dtype == null ? storage.dtype() : dtype, offset, naturals(extents, at), naturals(strides, at), at);
        demandWithinStorage(view, at);
        return view;
    }

    private List<Long> naturals(Sequence sequence, long at) throws WeightFormatException {
        if (sequence.items().size() > MAX_AXES) {
            throw bytes.refused(at, "a tensor of " + sequence.items().size() + " axes, the limit is " + MAX_AXES, null);
        }
        bytes.repeat(sequence.items().size());
        List<Long> naturals = new ArrayList<>(sequence.items().size());
        for (Pickled item : sequence.items()) {
            naturals.add(natural(item, "an extent or stride", at));
        }
        return List.copyOf(naturals);
    }

    private long natural(Pickled value, String what, long at) throws WeightFormatException {
        if (value instanceof Whole(long number) && number >= 0 && number <= MAX_NUMBER) {
            return number;
        }
        throw bytes.refused(at, what + " must be an integer from 0 to " + MAX_NUMBER, null);
    }

    private void demandWithinStorage(View view, long at) throws WeightFormatException {
        if (view.extents().size() != view.strides().size()) {
            throw bytes.refused(at, "a tensor of extents " + view.extents() + " with strides " + view.strides(), null);
        }
        if (!isCountable(view)) {
            throw bytes.refused(at, "a tensor " + view.extents() + " is too large to count its bits", null);
        }
        long span = Striding.span(view.extents(), view.strides());
        long room = view.storage().elements() * view.storage().dtype().bits() / view.dtype().bits();
        if (span < 0 || view.offset() > room || view.offset() > room - span) {
            throw bytes.refused(at, "a tensor " + view.extents() + " with strides " + view.strides() + " from element " + view.offset()
                    + " on leaves its storage \"" + Source.abridged(view.storage().key()) + "\" of " + room + " elements", null);
        }
    }

    private static boolean isCountable(View view) {
        try {
            long bits = view.dtype().bits();
            for (long extent : view.extents()) {
                bits = Math.multiplyExact(bits, extent);
            }
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    // ---- storages ----

    /// `('storage', class, key, location, elements)`; in old files followed by nothing (`None`) or `(key of the part, skip, elements)`.
    Storage storage(Pickled id, long at) throws WeightFormatException {
        List<Pickled> items = items(id);
        if (items.size() < 5 || !(items.get(0) instanceof Pickled.Text(String kind)) || !kind.equals("storage")
                || !(items.get(1) instanceof Global type) || type.role() != Globals.Role.STORAGE
                || !(items.get(2) instanceof Pickled.Text(String key))) {
            throw bytes.refused(at, "a reference to something that is no storage", null);
        }
        Dtype dtype = Globals.storage(type);
        long whole = natural(items.get(4), "the elements of a storage", at);
        storages.putIfAbsent(key, new Storage(key, dtype, whole, 0, whole));
        List<Pickled> part = items.size() > 5 ? items(items.get(5)) : List.of();
        if (part.isEmpty()) {
            return new Storage(key, dtype, whole, 0, whole);
        }
        long skip = natural(part.get(part.size() / 2), "the offset of a part of a storage", at);
        long elements = natural(part.getLast(), "the elements of a part of a storage", at);
        if (part.size() != 3 || skip + elements > whole) {
            throw bytes.refused(at, elements + " elements from " + skip + " on are no part of a storage of " + whole, null);
        }
        return new Storage(key, dtype, whole, skip, elements);
    }
}
