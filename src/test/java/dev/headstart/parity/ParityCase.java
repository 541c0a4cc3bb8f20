package dev.headstart.parity;

import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a reference implementation computes for an architecture on given inputs: a folder with `case.json` and `data.safetensors`, as
/// `generate.py` of the shared parity folder documents them.
///
/// @param folder where; its name is the case's
/// @param architecture of the reference: `torchvision.resnet18`, `transformers.BertForPreTraining`
/// @param config the reference's configuration
/// @param shapes published name to published shape, in the reference's order; counters of integers are not among them
/// @param tied other name of a parameter to the name it has in `shapes`
/// @param parameters number of learnt numbers
/// @param tolerance how far the reference's float32 run is from its float64 run, by tensor
/// @param data inputs and references
/// @param optimisers parameters after steps, where data have none: `optimisers.py` makes them; null where data have all
record ParityCase(Path folder, String architecture, Json.Obj config, Map<String, Shape> shapes, Map<String, String> tied, long parameters,
        Map<String, Double> tolerance, Weights data, @Nullable Weights optimisers) {
    private static final String DESCRIPTION = "case.json";

    /// Whether full-size cases are compared after steps of SGD too; AdamW's are in any case, and small cases have both.
    private static final boolean ALL = Boolean.getBoolean("parity.optimisers");

    /// All cases below a folder, by name.
    static List<ParityCase> in(Path root) throws IOException {
        List<ParityCase> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.sorted().toList()) {
                if (Files.exists(folder.resolve(DESCRIPTION))) {
                    cases.add(read(folder));
                }
            }
        }
        return cases;
    }

    /// The case of a folder.
    static ParityCase read(Path folder) throws IOException {
        if (!(Json.read(folder.resolve(DESCRIPTION)) instanceof Json.Obj json)) {
            throw new IOException(folder.resolve(DESCRIPTION) + ": an object is wanted");
        }
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String name : json.object("weights").members().keySet()) {
            shapes.put(name, shape(json.object("weights").array(name)));
        }
        Map<String, String> tied = new LinkedHashMap<>();
        for (String name : json.object("tied").members().keySet()) {
            tied.put(name, json.object("tied").string(name));
        }
        Map<String, Double> tolerance = new LinkedHashMap<>();
        for (String name : json.object("tolerance").members().keySet()) {
            tolerance.put(name, json.object("tolerance").number(name));
        }
        Path more = folder.resolve("optimisers.safetensors");
        Weights optimisers = null;
        if (Files.exists(more) && Json.read(folder.resolve("optimisers.json")) instanceof Json.Obj sampled) {
            for (String name : sampled.object("tolerance").members().keySet()) {
                if (ALL || !name.startsWith("sgd3.")) {
                    tolerance.put(name, sampled.object("tolerance").number(name));
                }
            }
            optimisers = Weights.open(more);
        }
        return new ParityCase(folder, json.string("architecture"), json.object("config"), shapes, tied, json.integer("parameters"),
                tolerance,
                Weights.open(folder.resolve("data.safetensors")), optimisers);
    }

    private static Shape shape(List<Json> extents) {
        return Shape
                .of(extents.stream().mapToInt(extent -> extent instanceof Json.Int(long value) ? Math.toIntExact(value) : -1).toArray());
    }

    /// The case's name.
    String name() {
        return folder.getFileName().toString();
    }

    /// The published shape of a weight.
    Shape shape(String weight) {
        return Objects.requireNonNull(shapes.get(weight), weight);
    }

    /// Whether there is an input of this name.
    boolean has(String input) {
        return data.names().contains("input." + input);
    }

    /// An input of numbers.
    Tensor floats(String input) {
        return tensor("input." + input);
    }

    /// An input of ids, labels or a mask.
    Indices ints(String input) {
        try {
            return data.indices("input." + input);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// What the reference has under this name.
    Tensor tensor(String name) {
        try {
            return optimisers != null && optimisers.names().contains(name) ? optimisers.tensor(name) : data.tensor(name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// The references that begin like this (`grad.`, `eval.`), without that beginning.
    List<String> names(String prefix) {
        Stream<String> all = optimisers == null
                ? data.names().stream()
                : Stream.concat(data.names().stream(), optimisers.names().stream());
        return all.filter(name -> name.startsWith(prefix)).map(name -> name.substring(prefix.length())).toList();
    }

    @Override
    public String toString() {
        return name() + " (" + architecture + ")";
    }
}
