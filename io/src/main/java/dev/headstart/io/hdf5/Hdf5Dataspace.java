package dev.headstart.io.hdf5;

import dev.headstart.io.weights.WeightFormatException;
import java.util.ArrayList;
import java.util.List;

/// A dataspace message (HDF5 file format specification 3.0, IV.A.2.b): the extents of a dataset or attribute.
///
/// @param isNull whether there are no elements whatever the extents
/// @param extents outermost first; none for a scalar
record Hdf5Dataspace(boolean isNull, List<Long> extents) {
    private static final int MAX_AXES = 32;

    static Hdf5Dataspace read(Hdf5Block data) throws WeightFormatException {
        int version = data.u8();
        int rank = data.u8();
        if (version < 1 || version > 2) {
            throw data.damaged("dataspace of version " + version + ": only 1 and 2 are read");
        }
        if (rank > MAX_AXES) {
            throw data.damaged("dataspace of " + rank + " axes, the limit is " + MAX_AXES);
        }
        data.skip(1);
        int type = version == 2 ? data.u8() : 1;
        if (version == 1) {
            data.skip(5);
        }
        List<Long> extents = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            extents.add(data.length());
        }
        return new Hdf5Dataspace(type == 2, List.copyOf(extents));
    }

    /// Number of bytes of elements of this size; -1 when they cannot be counted.
    long bytes(long size) {
        long bytes = isNull ? 0 : size;
        boolean isEmpty = isNull || extents.contains(0L);
        for (long extent : extents) {
            if (!isEmpty && extent > Long.MAX_VALUE / Math.max(1, bytes)) {
                return -1;
            }
            bytes *= extent;
        }
        return isEmpty ? 0 : bytes;
    }
}
