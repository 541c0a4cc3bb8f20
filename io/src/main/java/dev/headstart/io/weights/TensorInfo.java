package dev.headstart.io.weights;

import dev.headstart.tensor.Shape;
import java.util.List;

/// What a weight file says of one tensor; its extents may be beyond what a [Shape] holds.
///
/// @param name the name
/// @param dtype how its numbers are stored
/// @param extents its extents, outermost first
/// @param begin where in the file its bytes begin
/// @param end where in the file its bytes end, exclusive
public record TensorInfo(String name, Dtype dtype, List<Long> extents, long begin, long end) {
    /// Number of elements. The file's reader has checked that it fits.
    public long elements() {
        long elements = 1;
        for (long extent : extents) {
            elements *= extent;
        }
        return elements;
    }

    /// Size in the file, in bytes.
    public long bytes() {
        return end - begin;
    }

    /// The extents as a shape.
    ///
    /// @throws dev.headstart.tensor.ShapeException when there are more elements than one tensor holds
    public Shape shape() {
        return Shape.of(extents.stream().mapToInt(extent -> (int) Math.min(extent, Integer.MAX_VALUE)).toArray());
    }
}
