package dev.headstart.io.pytorch;

import dev.headstart.io.weights.Dtype;
import java.util.ArrayList;
import java.util.List;

/// A value of a pickle, as a record of what was said: nothing is ever made of it that could act.
sealed interface Pickled {
    /// `None`, `True`, `False`.
    enum Word implements Pickled {
        NONE,
        TRUE,
        FALSE
    }

    /// A text.
    record Text(String value) implements Pickled {}

    /// An integer of at most 64 bits.
    record Whole(long value) implements Pickled {}

    /// A double.
    record Real(double value) implements Pickled {}

    /// Something that is kept as the words for it: a device, bytes, a complex number, a longer integer.
    record Other(String words) implements Pickled {}

    /// What a sequence was: only lists can be appended to.
    enum Kind {
        LIST,
        TUPLE,
        SET
    }

    /// A list, tuple, `torch.Size` or set. It may hold itself.
    record Sequence(Kind kind, List<Pickled> items) implements Pickled {
        static final Sequence EMPTY = new Sequence(Kind.TUPLE, List.of());
    }

    /// A dictionary, or the attributes of an inert object: keys and values by turns, as they were put. It may hold itself.
    final class Dict implements Pickled {
        final List<Pickled> keysAndValues = new ArrayList<>(0);
    }

    /// An allowed class or function.
    record Global(Globals.Role role, String name) implements Pickled {}

    /// An object of a TorchScript class, or one that is kept beside weights: what it is called is forgotten, its attributes are kept.
    record Inert(Dict attributes) implements Pickled {}

    /// A reference to a storage, or a part of one.
    ///
    /// @param key the storage's name in the file
    /// @param dtype what its elements are; bytes when it is untyped
    /// @param whole elements of the whole storage
    /// @param skip elements before the part
    /// @param elements elements of the part
    record Storage(String key, Dtype dtype, long whole, long skip, long elements) implements Pickled {}

    /// A tensor: a view of a storage.
    ///
    /// @param storage the storage
    /// @param dtype type of the elements, which may differ from that of an untyped storage
    /// @param offset elements before the first
    /// @param extents extents of the axes
    /// @param strides elements from one index to the next, of each axis
    /// @param at the offset in the file at which the pickle makes this tensor
    record View(Storage storage, Dtype dtype, long offset, List<Long> extents, List<Long> strides, long at) implements Pickled {}
}
