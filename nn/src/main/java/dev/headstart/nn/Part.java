package dev.headstart.nn;

import dev.headstart.autograd.Parameters;

/// Something that has parameters with names: a layer, or a model made of layers.
///
/// Names are a file-format contract, so they are written down in [#parts], not found by reflection.
public interface Part {
    /// The parameters and parts this is made of, with their names, in the order of a file.
    Parts parts();

    /// All parameters by full name.
    default Parameters parameters() {
        return parts().parameters();
    }
}
