package dev.headstart.nn.transfer;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.Set;

/// Where weights come from: their names and shapes are known before any of them is read.
public interface TransferSource {
    /// The names, in the source's order.
    Set<String> names();

    /// The shape of one of them.
    Shape shape(String name);

    /// Reads one of them. The tensor is new: whoever asked may keep it and change it.
    Tensor read(String name) throws IOException;
}
