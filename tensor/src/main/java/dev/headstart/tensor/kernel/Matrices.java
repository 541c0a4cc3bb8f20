package dev.headstart.tensor.kernel;

/// Matrices of one layout in one array: element (i, j) of entry e is `data[offsets[e] + i · rowStride + j · columnStride]`.
///
/// @param offsets where each entry begins, so as many as there are entries
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Matrices(float[] data, int[] offsets, int rowStride, int columnStride) {
    /// One matrix.
    public static Matrices of(float[] data, int offset, int rowStride, int columnStride) {
        return new Matrices(data, new int[] {offset}, rowStride, columnStride);
    }

    /// One matrix with contiguous rows, from the array's first element.
    public static Matrices rows(float[] data, int rowStride) {
        return of(data, 0, rowStride, 1);
    }

    /// Number of matrices.
    public int entries() {
        return offsets.length;
    }

    /// The same elements with rows and columns exchanged.
    public Matrices transposed() {
        return new Matrices(data, offsets, columnStride, rowStride);
    }
}
