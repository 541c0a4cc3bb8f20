package dev.headstart.io.pytorch;

import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.WeightFormat;
import dev.headstart.io.pytorch.Pickled.Dict;
import dev.headstart.io.pytorch.Pickled.Sequence;
import dev.headstart.io.pytorch.Pickled.Storage;
import dev.headstart.io.zip.ZipArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the table of contents of what `torch.save` wrote before PyTorch 1.6 (and writes with `_use_new_zipfile_serialization=False`).
///
/// The file is a row of pickles ([Unpickler]): the number 0x1950a86a20f9469cfc6c, the protocol 1001, a dictionary about the machine, the
/// object, and the list of the storages' keys. Then each storage in that order: its number of elements in 64 bits, and the elements.
public final class PyTorchLegacy implements WeightFormat {
    /// The pickle of the number.
    private static final byte[] MAGIC = {(byte) 0x80, 2, (byte) 0x8A, 10, 0x6C, (byte) 0xFC, (byte) 0x9C, 0x46, (byte) 0xF9, 0x20, 0x6A,
        (byte) 0xA8, 0x50, 0x19, '.'};
    private static final long PROTOCOL = 1001;

    static final String NAME = "PyTorch";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean recognises(byte[] head) {
        return head.length >= MAGIC.length && ByteBuffer.wrap(head, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    @Override
    public Contents read(Source source) throws IOException {
        long size = source.size();
        long allowed = Math.min(size, source.budget().heap() / Unpickler.HEAP_PER_BYTE);
        PickleBytes bytes = new PickleBytes(source, new Region(source, 0, size), position -> position, allowed, Unpickler.HEAP_PER_BYTE);
        new Unpickler(bytes, false).read();
        demandProtocol(bytes);
        ByteOrder order = order(bytes);
        long begin = bytes.offset();
        Unpickler object = new Unpickler(bytes, false);
        Pickled root = object.read();
        StateDict state = StateDict.of(root, bytes, begin);
        Map<String, ZipArchive.Member> places = storages(bytes, object.storages(), source, order, size);
        return new StoragePlaces(places, order).contents("pytorch-legacy", state, bytes);
    }

    private static void demandProtocol(PickleBytes bytes) throws IOException {
        long at = bytes.offset();
        if (!(new Unpickler(bytes, false).read() instanceof Pickled.Whole(long protocol)) || protocol != PROTOCOL) {
            throw bytes.refused(at, "the protocol is not " + PROTOCOL, null);
        }
    }

    private static ByteOrder order(PickleBytes bytes) throws IOException {
        long at = bytes.offset();
        if (new Unpickler(bytes, false).read() instanceof Dict machine) {
            List<Pickled> items = machine.keysAndValues;
            for (int i = 0; i < items.size(); i += 2) {
                if (items.get(i) instanceof Pickled.Text(String key) && key.equals("little_endian")) {
                    return items.get(i + 1) == Pickled.Word.FALSE ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
                }
            }
        }
        throw bytes.refused(at, "the machine's byte order is missing", null);
    }

    /// The storages behind the pickles, which fill the file to its end.
    private static Map<String, ZipArchive.Member> storages(PickleBytes bytes, Map<String, Storage> known, Source source,
            ByteOrder order, long size) throws IOException {
        long keysAt = bytes.offset();
        if (!(new Unpickler(bytes, false).read() instanceof Sequence(Pickled.Kind _, List<Pickled> keys))) {
            throw bytes.refused(keysAt, "the keys of the storages are no list", null);
        }
        Map<String, ZipArchive.Member> places = new HashMap<>();
        long at = bytes.offset();
        for (Pickled item : keys) {
            Storage storage = item instanceof Pickled.Text(String key) ? known.get(key) : null;
            if (storage == null) {
                throw bytes.refused(keysAt, "a storage is listed to which no tensor refers, so that its type is not known", null);
            }
            String about = "storage \"" + Source.abridged(storage.key()) + "\": ";
            ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(order);
            if (source.fill(count, at) < Long.BYTES || count.getLong(0) != storage.whole()) {
                throw bytes.refused(Math.min(at, size), about + "its " + storage.whole() + " elements should follow here", null);
            }
            long begin = at + Long.BYTES;
            long length = storage.whole() * storage.dtype().bits() / Byte.SIZE;
            if (length > size - begin) {
                throw bytes.refused(size, about + "the file ends within its " + length + " bytes from byte " + begin + ": it is truncated",
                        null);
            }
            at = begin + length;
            if (places.put(storage.key(), new ZipArchive.Member(storage.key(), false, begin, at, length)) != null) {
                throw bytes.refused(keysAt, about + "is listed twice", null);
            }
        }
        if (at != size) {
            throw bytes.refused(at, "the storages end here, the file goes on to byte " + size, null);
        }
        return places;
    }
}
