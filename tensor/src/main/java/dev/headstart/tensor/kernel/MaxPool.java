package dev.headstart.tensor.kernel;

/// Largest elements of windows of contiguous NHWC images. Windows are bands whose weights do not count; none is empty or has more than 2²⁴
/// positions, so that a position's number is exact as a float.
public interface MaxPool {
    /// Computes lines `fromLine` up to, not including, `toLine` of y; a line is one row of one image, counted through the batch.
    ///
    /// Positions are visited row by row; the first of equal ones (+0 and -0 are equal) wins, the first NaN wins over all.
    ///
    /// @param winners receives, beside each element of y, the number of its position in the window, counted row by row
    void forward(Windows windows, Slice x, Slice y, Slice winners, int fromLine, int toLine);

    /// Computes lines of dX: an element is a chain of additions from +0 over the windows it is in, row by row: dY where it has won, else
    /// +0. When it is in more than [Gemm#K_BLOCK] windows, those of each row are a chain of their own, cut at multiples of it, and the chains'
    /// results are added from +0 in order.
    ///
    /// @param transposed for each input its outputs
    void gradient(Windows windows, Windows transposed, Slice winners, Slice dY, Slice dX, int fromLine, int toLine);
}
