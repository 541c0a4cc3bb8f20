package dev.headstart.io;

import dev.headstart.io.json.Json;
import dev.headstart.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a run needs to go on as if it had never stopped.
///
/// @param tensors float32 tensors by name, kept bit by bit; read back sorted by name
/// @param state everything else: counters, seeds, settings. Integers and finite doubles come back exactly; other bits belong in texts
public record Checkpoint(Map<String, Tensor> tensors, Json.Obj state) {
    public Checkpoint {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
