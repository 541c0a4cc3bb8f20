package dev.headstart.task.compare;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A task that is opened for a network, with what is said about it.
///
/// @param task examples and network
/// @param network what it is called
/// @param training what there is to train on, in words
/// @param measured what there is to measure on, in words
/// @param facts what the results depend on, by name
public record OpenedTask(LabelledTask<?> task, String network, String training, String measured, Map<String, Object> facts) {
    public OpenedTask {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
}
