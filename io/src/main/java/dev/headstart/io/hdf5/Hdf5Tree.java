package dev.headstart.io.hdf5;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.Entry;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.hdf5.Hdf5Links.Link;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tree of groups and datasets in HDF5 files as Keras and h5py write them (HDF5 file format specification 3.0): weights as datasets in
/// groups.
///
/// A tensor's name is the path of its dataset, `conv2d/conv2d/kernel:0`. In a file of a whole Keras model it is the path below
/// `model_weights`. Attributes of groups that are texts are metadata: those of the root, and of `model_weights`, by their own names
/// (`keras_version`, `backend`, `layer_names`), others by path (`conv2d/weight_names`); a list of texts is JSON.
///
/// Read are superblocks 0 to 3, old and new groups, headers of both versions, contiguous and compact datasets of integers of 1, 2, 4 or
/// 8 bytes and floating point of 2 (binary16 and bfloat16), 4 or 8, in both orders. A dataset that is something else, and a link that leads
/// somewhere else or a second time to the same object, keeps nobody from reading the others: it is refused by name when it is asked for,
/// and is not among the names. A file that breaks the format's rules is refused when it is opened.
final class Hdf5Tree {
    private static final String MODEL = "model_weights/";
    private static final int MAX_DEPTH = 64;

    private final Hdf5Bytes bytes;
    private final Hdf5Links links;
    private final Hdf5Attributes attributes;
    private final Map<Long, String> seen = new HashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Refusal> refused = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private Hdf5Tree(Hdf5Bytes bytes) {
        this.bytes = bytes;
        this.links = new Hdf5Links(bytes);
        this.attributes = new Hdf5Attributes(bytes);
    }

    /// The contents of an HDF5 file that lies from `begin` to `end` in another.
    static Contents read(String format, Source source, long begin, long end) throws IOException {
        Superblock superblock = superblock(new Hdf5Bytes(source, begin, end, 8, 8));
        Hdf5Bytes bytes = new Hdf5Bytes(source, begin, end, superblock.addressBytes, superblock.lengthBytes);
        Hdf5Tree tree = new Hdf5Tree(bytes);
        tree.root(superblock.root(bytes), begin + superblock.rest);
        tree.demandApart();
        return tree.contents(format);
    }

    // ---- the superblock (II.A) ----

    /// What is needed of a superblock: the sizes of addresses and lengths, and where the parts after the sizes begin.
    private record Superblock(int version, int addressBytes, int lengthBytes, int rest) {
        /// The address of the root group's header.
        long root(Hdf5Bytes bytes) throws IOException {
            boolean isOld = version < 2;
            int size = rest + 4 * addressBytes + (isOld ? Hdf5Links.entryBytes(bytes) : 4);
            Hdf5Block block = bytes.block(0, size, 0, "superblock");
            Hdf5Block whole = isOld ? block : block.checked();
            whole.skip(rest);
            long base = whole.address();
            if (base != 0) {
                throw whole.damaged("addresses count from " + Long.toUnsignedString(base) + ": only 0 is read");
            }
            whole.address(); // of free space or the superblock's extension, which is not needed
            long from = whole.offset();
            bytes.offset(0, whole.address(), from, "by its superblock this is a file: content");
            if (isOld && whole.address() != Hdf5Bytes.UNDEFINED) {
                throw whole.damaged("driver information: a file in several parts, which is not read");
            }
            whole.skip(isOld ? addressBytes : 0); // the root's link has no name
            return whole.address();
        }
    }

    private static Superblock superblock(Hdf5Bytes bytes) throws IOException {
        Hdf5Block start = bytes.block(0, 16, 0, "superblock");
        start.skip(Hdf5Format.SIGNATURE.length);
        int version = start.u8();
        if (version > 3) {
            throw start.damaged("superblock of version " + version + ": 0 to 3 are read");
        }
        start.skip(version < 2 ? 4 : 0);
        long offset = start.offset();
        int addressBytes = start.u8();
        int lengthBytes = start.u8();
        for (int width : new int[] {addressBytes, lengthBytes}) {
            if (width != 2 && width != 4 && width != 8) {
                throw bytes.damaged(offset,
                        "addresses of " + addressBytes + " and lengths of " + lengthBytes + " bytes: 2, 4 and 8 are read");
            }
        }
        return new Superblock(version, addressBytes, lengthBytes, version == 0 ? 24 : version == 1 ? 28 : 12);
    }

    // ---- groups and datasets ----

    private void root(long address, long from) throws IOException {
        Hdf5Header header = Hdf5Header.read(bytes, address, from);
        if (!Hdf5Links.isGroup(header)) {
            throw bytes.damaged(from, "the root is no group");
        }
        seen.put(address, "/");
        try {
            group("", header, 0);
        } catch (Refusal.Found e) {
            throw bytes.damaged(e.refusal().offset(), e.refusal().problem());
        }
    }

    private void group(String path, Hdf5Header header, int depth) throws IOException, Refusal.Found {
        boolean isTop = path.isEmpty() || path.equals(MODEL);
        attributes.of(header).forEach((name, text) -> metadata.putIfAbsent(isTop ? name : named(path) + name, text));
        for (Link link : links.of(header)) {
            String name = path + link.name();
            try {
                object(name, link, depth + 1);
            } catch (Refusal.Found e) {
                refuse(named(name), e.refusal());
            }
        }
    }

    private void object(String path, Link link, int depth) throws IOException, Refusal.Found {
        bytes.keep(256 + 4L * path.length(), link.from());
        if (link.refused() != null) {
            throw new Refusal.Found(link.from(), link.refused() + ", which is not followed");
        }
        String before = seen.putIfAbsent(link.address(), path);
        if (before != null) {
            throw new Refusal.Found(link.from(), "a second link to " + Source.abridged(named(before)) + ": ask for that");
        }
        if (depth > MAX_DEPTH) {
            throw new Refusal.Found(link.from(), "deeper than " + MAX_DEPTH + " groups");
        }
        Hdf5Header header = Hdf5Header.read(bytes, link.address(), link.from());
        if (Hdf5Links.isGroup(header)) {
            group(path + "/", header, depth);
        } else if (Hdf5Dataset.isDataset(header)) {
            dataset(named(path), header, link.from());
        } else {
            throw new Refusal.Found(link.from(), "neither a dataset nor a group");
        }
    }

    private void dataset(String name, Hdf5Header header, long from) throws WeightFormatException, Refusal.Found {
        Entry entry = Hdf5Dataset.entry(name, header);
        if (refused.containsKey(name) || entries.putIfAbsent(name, entry) != null) {
            throw twice(name, from);
        }
        bytes.keep(256 + 32L * entry.info().extents().size(), from);
    }

    private void refuse(String name, Refusal refusal) throws WeightFormatException {
        if (entries.containsKey(name) || refused.putIfAbsent(name, refusal) != null) {
            throw twice(name, refusal.offset());
        }
    }

    private WeightFormatException twice(String name, long from) {
        return bytes.damaged(from, "\"" + Source.abridged(name) + "\" is there twice");
    }

    /// A path as a name: in whole models of Keras the weights are below `model_weights`.
    private static String named(String path) {
        return path.startsWith(MODEL) ? path.substring(MODEL.length()) : path;
    }

    private void demandApart() throws WeightFormatException {
        List<TensorInfo> byPlace = new ArrayList<>();
        entries.values().stream().map(Entry::info).filter(info -> info.bytes() > 0).forEach(byPlace::add);
        byPlace.sort(Comparator.comparingLong(TensorInfo::begin));
        for (int i = 1; i < byPlace.size(); i++) {
            if (byPlace.get(i).begin() < byPlace.get(i - 1).end()) {
                throw bytes.damaged(byPlace.get(i).begin(), "\"" + Source.abridged(byPlace.get(i).name()) + "\" overlaps \""
                        + Source.abridged(byPlace.get(i - 1).name()) + "\"");
            }
        }
    }

    private Contents contents(String format) {
        return new Contents(format, List.copyOf(entries.values()), metadata, refused);
    }
}
