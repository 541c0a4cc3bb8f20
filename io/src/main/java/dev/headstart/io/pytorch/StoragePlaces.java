package dev.headstart.io.pytorch;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.Entry;
import dev.headstart.io.format.Striding;
import dev.headstart.io.pytorch.Pickled.Storage;
import dev.headstart.io.pytorch.Pickled.View;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ZipArchive;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where the bytes of a PyTorch file's storages lie, by key: what makes entries of views.
///
/// @param places the storages, as members of a zip file (those of other files are as if)
/// @param order the order of each element's bytes
record StoragePlaces(Map<String, ZipArchive.Member> places, ByteOrder order) {
    /// The file's contents; two views of one storage are two entries over the same bytes.
    Contents contents(String format, StateDict state, PickleBytes bytes) throws WeightFormatException {
        List<Entry> entries = new ArrayList<>(state.tensors().size());
        for (Map.Entry<String, View> tensor : state.tensors().entrySet()) {
            View view = tensor.getValue();
            entries.add(entry(tensor.getKey(), view, place(view, bytes)));
        }
        return new Contents(format, entries, state.metadata(), Map.of(), state.wrapper());
    }

    private ZipArchive.Member place(View view, PickleBytes bytes) throws WeightFormatException {
        Storage storage = view.storage();
        ZipArchive.Member member = places.get(storage.key());
        String about = "storage \"" + Source.abridged(storage.key()) + "\": ";
        if (member == null) {
            throw bytes.refused(view.at(), about + "it is not in the file", null);
        }
        long needed = storage.whole() * storage.dtype().bits() / Byte.SIZE;
        if (member.size() < needed) {
            throw bytes.refused(view.at(), about + "its " + storage.whole() + " elements are " + needed + " bytes, the file has "
                    + member.size() + " from byte " + member.begin() + " on", null);
        }
        return member;
    }

    private Entry entry(String name, View view, ZipArchive.Member member) {
        long width = view.dtype().bits() / Byte.SIZE;
        long length = Striding.span(view.extents(), view.strides()) * width;
        long skip = view.storage().skip() * (view.storage().dtype().bits() / Byte.SIZE) + view.offset() * width;
        boolean apart = member.deflated() && length > 0;
        long begin = member.begin() + (apart || length == 0 ? 0 : skip);
        TensorInfo info = new TensorInfo(name, view.dtype(), view.extents(), begin, apart ? member.end() : begin + length);
        Entry entry = new Entry(info, order, view.strides(), apart ? new Entry.Inflated(skip, length) : null);
        Striding striding = Striding.of(entry);
        boolean plain = length == 0 || (striding.isDense() && striding.isRowMajor(view.extents()));
        return plain ? new Entry(info, order, List.of(), entry.inflated()) : entry;
    }
}
