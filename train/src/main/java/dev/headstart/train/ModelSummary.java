package dev.headstart.train;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a model is made of: its layers with their shapes and sizes, and which of them are frozen.
///
/// @param layers in the model's order
public record ModelSummary(List<Row> layers) {
    /// A layer: the parameters that share a name up to the last dot.
    ///
    /// @param name the layer's name
    /// @param shapes the parameters with their shapes: `weight [128, 64], bias [128]`
    /// @param count number of elements, buffers not counted
    /// @param frozen whether none of them is trainable
    public record Row(String name, String shapes, long count, boolean frozen) {}

    /// The summary of these parameters as they stand.
    public static ModelSummary of(Parameters parameters) {
        Map<String, List<Map.Entry<String, Parameter>>> byLayer = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : parameters.byName().entrySet()) {
            int dot = entry.getKey().lastIndexOf('.');
            byLayer.computeIfAbsent(dot < 0 ? "" : entry.getKey().substring(0, dot), layer -> new ArrayList<>()).add(entry);
        }
        List<Row> rows = new ArrayList<>();
        byLayer.forEach((layer, entries) -> {
            List<String> shapes = new ArrayList<>();
            long count = 0;
            boolean frozen = true;
            for (Map.Entry<String, Parameter> entry : entries) {
                String full = entry.getKey();
                shapes.add(full.substring(full.lastIndexOf('.') + 1) + " " + entry.getValue().shape());
                if (!entry.getValue().isBuffer()) {
                    count += entry.getValue().value().size();
                }
                frozen &= !entry.getValue().isTrainable();
            }
            rows.add(new Row(layer, String.join(", ", shapes), count, frozen));
        });
        return new ModelSummary(List.copyOf(rows));
    }

    /// Number of elements of all parameters.
    public long count() {
        return layers.stream().mapToLong(Row::count).sum();
    }

    /// Number of elements of frozen layers.
    public long frozenCount() {
        return layers.stream().filter(Row::frozen).mapToLong(Row::count).sum();
    }
}
