package dev.headstart.io.hdf5;

import dev.headstart.io.format.Entry;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.hdf5.Hdf5Header.Message;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A dataset's header as the place of a tensor: contiguous or compact layout and a type of numbers, or the name of what it is instead.
final class Hdf5Dataset {
    private static final List<String> FILTERS = List.of("", "deflate", "shuffle", "fletcher32", "szip", "nbit", "scaleoffset");
    private static final String REPACK = ": rewrite the file with h5repack -l CONTI -f NONE";

    private Hdf5Dataset() {}

    static boolean isDataset(Hdf5Header header) {
        return header.first(Hdf5Header.LAYOUT) != null;
    }

    static Entry entry(String name, Hdf5Header header) throws WeightFormatException, Refusal.Found {
        Hdf5Block space = message(header, Hdf5Header.DATASPACE, "dataspace");
        Hdf5Block type = message(header, Hdf5Header.DATATYPE, "datatype");
        Hdf5Block layout = message(header, Hdf5Header.LAYOUT, "layout");
        demandPlain(header);
        Hdf5Dataspace dataspace = Hdf5Dataspace.read(space);
        long typeOffset = type.offset();
        Hdf5Datatype.Numeric number = switch (Hdf5Datatype.read(type)) {
            case Hdf5Datatype.Numeric found -> found;
            case Hdf5Datatype.FixedString _,Hdf5Datatype.VariableString _ ->
                    throw new Refusal.Found(typeOffset, "its elements are of type string, not numbers");
            case Hdf5Datatype.Other other -> throw new Refusal.Found(other.offset(), "its elements are of type " + other.name()
                    + ", which is not read");
        };
        if (dataspace.isNull()) {
            throw new Refusal.Found(space.offset(), "it has a null dataspace: no elements and no shape");
        }
        long bytes = dataspace.bytes(number.size());
        if (bytes < 0) {
            throw space.damaged("extents " + dataspace.extents() + " are too large to count their bytes");
        }
        long begin = begin(layout, bytes);
        return Entry.rowMajor(new TensorInfo(name, number.dtype(), dataspace.extents(), begin, begin + bytes), number.order());
    }

    private static Hdf5Block message(Hdf5Header header, int type, String what) throws WeightFormatException, Refusal.Found {
        Message message = header.first(type);
        if (message == null) {
            throw header.messages().getFirst().data().damaged("this dataset has no " + what);
        }
        if (message.isShared()) {
            throw new Refusal.Found(message.data().offset(), "its " + what + " is shared with other datasets, which is not read" + REPACK);
        }
        return message.data();
    }

    private static void demandPlain(Hdf5Header header) throws WeightFormatException, Refusal.Found {
        @Nullable
        Message external = header.first(Hdf5Header.EXTERNAL_FILES);
        if (external != null) {
            throw new Refusal.Found(external.data().offset(), "external storage: its data is in other files" + REPACK);
        }
        @Nullable
        Message filters = header.first(Hdf5Header.FILTERS);
        if (filters != null) {
            throw new Refusal.Found(filters.data().offset(), "chunked layout with filters: " + filters(filters) + REPACK);
        }
    }

    /// The names of the filters. Version 1 has 6 bytes more before them, and a length of the name for each.
    private static String filters(Message message) throws WeightFormatException {
        if (message.isShared()) {
            return "shared";
        }
        Hdf5Block data = message.data();
        int version = data.u8();
        int count = data.u8();
        data.skip(version == 1 ? 6 : 0);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = data.u16();
            int nameLength = version == 1 || id >= 256 ? data.u16() : 0;
            data.skip(2);
            int values = data.u16();
            data.skip((version == 1 ? nameLength + 7 & ~7 : nameLength) + 4L * values + (version == 1 && values % 2 == 1 ? 4 : 0));
            names.add(id > 0 && id < FILTERS.size() ? FILTERS.get(id) : "filter " + id);
        }
        return String.join(", ", names);
    }

    /// Where the data begins: a layout message (IV.A.2.i) of version 1 or 2, or 3 and later.
    private static long begin(Hdf5Block data, long bytes) throws WeightFormatException, Refusal.Found {
        long offset = data.offset();
        int version = data.u8();
        if (version < 1 || version > 5) {
            throw new Refusal.Found(offset, "layout message of version " + version + ", which is not read");
        }
        int rank = version < 3 ? data.u8() : 0;
        int kind = data.u8();
        data.skip(version < 3 ? 5 : 0);
        return switch (kind) {
            case 0 -> compact(data, version, rank, bytes);
            case 1 -> contiguous(data, version, bytes);
            case 2 -> throw new Refusal.Found(offset, "chunked layout, which is not read" + REPACK);
            case 3 -> throw new Refusal.Found(offset, "virtual layout: its data is in other datasets" + REPACK);
            default -> throw data.damaged("a layout of class " + kind);
        };
    }

    private static long compact(Hdf5Block data, int version, int rank, long bytes) throws WeightFormatException {
        data.skip(version < 3 ? 4L * rank : 0);
        long size = version < 3 ? data.u32() : data.u16();
        if (size != bytes || size > data.remaining()) {
            throw data.damaged("compact data of " + size + " bytes, " + bytes + " are needed, " + data.remaining() + " are there");
        }
        return data.offset();
    }

    private static long contiguous(Hdf5Block data, int version, long bytes) throws WeightFormatException, Refusal.Found {
        long from = data.offset();
        long address = data.address();
        if (version >= 3) {
            long size = data.length();
            if (size != bytes) {
                throw data.damaged("contiguous data of " + size + " bytes, " + bytes + " are needed");
            }
        }
        if (bytes == 0) {
            return from;
        }
        if (address == Hdf5Bytes.UNDEFINED) {
            throw new Refusal.Found(from, "it was never written: its values are the fill value" + REPACK);
        }
        return data.bytes().offset(address, bytes, from, "contiguous data");
    }
}
