package dev.headstart.zoo;

import dev.headstart.io.Weights;
import dev.headstart.zoo.model.Architecture;
import java.util.List;

/// A network that was found in a weight file.
///
/// @param architecture the network
/// @param weights its tensors alone, under the names that the network has for them
/// @param notes what was left off and left out, in sentences; none when the whole file is the network
public record FoundNetwork(Architecture architecture, Weights weights, List<String> notes) {}
