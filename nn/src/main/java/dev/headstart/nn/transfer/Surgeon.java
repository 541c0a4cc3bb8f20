package dev.headstart.nn.transfer;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The weights of a model, changed to fit a model of another shape; with a line for each tensor that is not what it was. Immutable. Heads and
/// tables of tokens: `dev.headstart.zoo.model.Surgery`.
///
/// ```java
/// Part bert = …, half = …, resnet = …;
/// Surgeon student = Surgeon.of(bert.parameters()).layers("bert.encoder.layer", 0, 2, 4, 6, 8, 10); // every second layer
/// student.into("student", half.parameters());
/// Surgeon grey = Surgeon.of(resnet.parameters()).inputChannels("conv1.weight", 1);
/// ```
///
/// @param tensors by name, in our order of axes
/// @param changes what was done, a line for each tensor
public record Surgeon(Map<String, Tensor> tensors, List<String> changes) {
    public Surgeon {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        changes = List.copyOf(changes);
    }

    /// Copies of a model's weights and buffers.
    public static Surgeon of(Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, parameter.value().copy()));
        return new Surgeon(tensors, List.of());
    }

    /// Numbered layers in another order: new layer i has the weights of old layer `sources[i]`. Layers that are not named are dropped, those
    /// named twice duplicated.
    ///
    /// @param list what stands before the number: `bert.encoder.layer`
    /// @throws IllegalArgumentException when there is no layer of such a number
    public Surgeon layers(String list, int... sources) {
        Pattern pattern = Pattern.compile(Pattern.quote(list) + "\\.(\\d+)\\.(.+)");
        Map<Integer, Map<String, String>> old = new LinkedHashMap<>();
        Map<String, Tensor> changed = new LinkedHashMap<>();
        List<String> log = new ArrayList<>(changes);
        for (String name : tensors.keySet()) {
            Matcher matcher = pattern.matcher(name);
            if (!matcher.matches()) {
                if (old.isEmpty()) {
                    changed.put(name, tensor(name));
                }
                continue;
            }
            old.computeIfAbsent(Integer.valueOf(matcher.group(1)), n -> new LinkedHashMap<>()).put(matcher.group(2), name);
        }
        for (int i = 0; i < sources.length; i++) {
            Map<String, String> layer = old.get(sources[i]);
            if (layer == null) {
                throw new IllegalArgumentException("surgery: there is no " + list + "." + sources[i] + ": there are " + old.keySet());
            }
            int number = i;
            layer.forEach((inner, source) -> {
                String name = list + "." + number + "." + inner;
                changed.put(name, tensor(source).copy());
                if (!name.equals(source)) {
                    log.add("copied " + source + " to " + name + " " + tensor(source).shape());
                }
            });
        }
        old.forEach((number, layer) -> {
            if (Arrays.stream(sources).noneMatch(source -> source == number)) {
                layer.values().forEach(name -> log.add("dropped " + name + " " + tensor(name).shape()));
            }
        });
        tensors.forEach((name, tensor) -> {
            if (!pattern.matcher(name).matches()) {
                changed.putIfAbsent(name, tensor);
            }
        });
        return new Surgeon(changed, log);
    }

    /// A weight for another number of input channels. For one channel the old ones are added up: a grey image gives what it gave as a colour
    /// image of three equal channels. Else the old ones are repeated in turn, times old / new, which keeps the size of what comes out: for a
    /// multiple of the old number, an image of repeated channels gives what it gave. As in timm.
    ///
    /// @param name of the first convolution's weight, `[out, height, width, in]`, or of a linear layer's, `[out, in]`
    public Surgeon inputChannels(String name, int channels) {
        Tensor weight = tensor(name);
        int axis = weight.rank() - 1;
        int old = weight.dim(axis);
        if (channels < 1) {
            throw new IllegalArgumentException("surgery: " + name + weight.shape() + " for " + channels + " channels: at least 1");
        }
        Tensor[] parts = new Tensor[channels];
        for (int i = 0; i < channels; i++) {
            parts[i] = channels == 1
                    ? weight.sum(axis).reshape(weight.shape().with(axis, 1))
                    : weight.slice(axis, i % old, i % old + 1).times((float) old / channels);
        }
        Tensor changed = channels == old ? weight : Tensor.concat(axis, parts);
        String how = channels == 1 ? "its channels added up" : "its channels repeated, times " + old + "/" + channels;
        return with(name, changed, "changed " + name + " from " + weight.shape() + " to " + changed.shape() + ": " + how);
    }

    /// A tensor of another shape: what both have, from index 0 of each axis on, and the rest from `fill`.
    ///
    /// @param fill of the new shape: a new model's weight
    public Surgeon resized(String name, Tensor fill) {
        Tensor old = tensor(name);
        Shape shape = fill.shape();
        if (old.rank() != shape.rank()) {
            throw new IllegalArgumentException("surgery: " + name + old.shape() + " cannot become " + shape + ": ranks differ");
        }
        Map<String, Tensor> both = Map.of(name, old);
        Parameter target = Parameter.of(fill);
        Transfer.into(name, Parameters.of(Map.of(name, target))).onMismatch(Transfer.Policy.OVERLAP).fromTensors("surgery", both);
        return with(name, target.value(), "resized " + name + " from " + old.shape() + " to " + shape + ": the overlap was copied");
    }

    /// Without the tensors whose names match a pattern: a head that is not wanted.
    ///
    /// @throws IllegalArgumentException when none matches
    public Surgeon without(String pattern) {
        Pattern compiled = Parameters.pattern(pattern);
        Map<String, Tensor> kept = new LinkedHashMap<>(tensors);
        kept.keySet().removeIf(name -> compiled.matcher(name).matches());
        if (kept.size() == tensors.size()) {
            throw new IllegalArgumentException("surgery: the pattern '" + pattern + "' matches none of " + tensors.size() + " tensors");
        }
        List<String> log = new ArrayList<>(changes);
        tensors.forEach((name, tensor) -> {
            if (!kept.containsKey(name)) {
                log.add("dropped " + name + " " + tensor.shape());
            }
        });
        return new Surgeon(kept, log);
    }

    /// A transfer of these into a model; by default every tensor must be wanted and every parameter found.
    public TransferReport into(String model, Parameters target) {
        return Transfer.into(model, target).fromTensors("surgery", tensors);
    }

    private Surgeon with(String name, Tensor tensor, String change) {
        Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
        changed.put(name, tensor);
        List<String> log = new ArrayList<>(changes);
        log.add(change);
        return new Surgeon(changed, log);
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("surgery: there is no " + name + " among " + tensors.size() + " tensors");
        }
        return tensor;
    }

    /// What was done.
    @Override
    public String toString() {
        return String.join("\n", changes);
    }
}
