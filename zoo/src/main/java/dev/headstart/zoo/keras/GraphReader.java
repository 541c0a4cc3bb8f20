package dev.headstart.zoo.keras;

import dev.headstart.autograd.Variable;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.keras.Graph.Member;
import dev.headstart.zoo.keras.Graph.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the graph of a `Sequential` or `Functional` model from its configuration, as Keras 1 to 3 write it.
final class GraphReader {
    private static final Set<String> FUNCTIONAL = Set.of("Functional", "Model");
    private static final String SEQUENTIAL = "Sequential";
    private static final String OPERATORS = "keras.src.ops.";
    /// What stands beside the configuration of a layer and decides nothing a trained layer computes.
    private static final Set<String> PASSED = Set.of("module", "class_name", "config", "registered_name", "build_config", "compile_config",
            "name", "inbound_nodes", "keras_version", "backend");

    private final LayerBuilder builder;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, Extents> extents = new HashMap<>();

    GraphReader(LayerBuilder builder) {
        this.builder = builder;
    }

    /// What a model became: the number of its output, and its layers.
    private record Read(int output, List<Member> members) {}

    /// A model within a model may be applied several times: its layers are made once.
    private final IdentityHashMap<Json.Obj, BuiltLayer> built = new IdentityHashMap<>();

    /// The graph of a model.
    Graph read(Json.Obj model) throws IOException {
        nodes.add(new Node("input", "InputLayer", inputs -> inputs.getFirst(), new int[0], false));
        Extents input = first(model);
        extents.put(0, input);
        Read read = model(model, "", 0, true, false);
        Extents output = extents(read.output);
        return new Graph(input, List.copyOf(nodes), read.output, output, read.members);
    }

    private Extents extents(int node) {
        return Objects.requireNonNull(extents.get(node));
    }

    // ---- models ----

    private static boolean isModel(Json.Obj layer) throws JsonException {
        String kind = layer.string("class_name");
        return kind.equals(SEQUENTIAL) || FUNCTIONAL.contains(kind);
    }

    /// The layers of a model: `{"layers": […]}`, and a bare list until Keras 2.2.
    private static List<Json.Obj> layers(Json.Obj model) throws IOException {
        Json config = model.get("config");
        List<Json> layers = config instanceof Json.Arr(List<Json> items) ? items : model.object("config").array("layers");
        List<Json.Obj> objects = new ArrayList<>();
        for (Json layer : layers) {
            if (!(layer instanceof Json.Obj object)) {
                throw new IOException("keras: a layer of the configuration is no object");
            }
            objects.add(object);
        }
        return objects;
    }

    /// The shape of a model's first input.
    private static Extents first(Json.Obj model) throws IOException {
        for (Json.Obj layer : layers(model)) {
            Extents given = isModel(layer) ? first(layer) : given(layer.object("config"));
            if (given.rank() > 0) {
                return given;
            }
            if (model.string("class_name").equals(SEQUENTIAL)) {
                break;
            }
        }
        return model.get("config") instanceof Json.Obj config ? given(config) : Extents.of();
    }

    /// The shape of one example, where a layer says it.
    private static Extents given(Json.Obj config) {
        for (String key : List.of("batch_shape", "batch_input_shape", "build_input_shape")) {
            if (config.find(key) instanceof Json.Arr(List<Json> extents) && extents.size() > 1) {
                return new Extents(extents.subList(1, extents.size()).stream()
                        .map(extent -> extent instanceof Json.Int(long n) && n > 0 && n <= Integer.MAX_VALUE ? (int) n : Extents.OPEN)
                        .toList());
            }
        }
        return Extents.of();
    }

    private Read model(Json.Obj model, String path, int input, boolean trainable, boolean evaluates) throws IOException {
        String name = path.isEmpty() ? "model" : path;
        if (model.get("config") instanceof Json.Obj config) {
            Fields fields = Fields.of(name, config);
            fields.pass("layers", "input_layers", "output_layers", "build_input_shape");
            fields.done();
        }
        boolean learns = trainable && isTrainable(model);
        return model.string("class_name").equals(SEQUENTIAL)
                ? sequential(model, path, input, learns, evaluates)
                : functional(model, path, input, learns, evaluates);
    }

    private static boolean isTrainable(Json.Obj layer) {
        return !(layer.find("config") instanceof Json.Obj config && Json.of(false).equals(config.find("trainable")));
    }

    private Read sequential(Json.Obj model, String path, int input, boolean trainable, boolean evaluates) throws IOException {
        List<Member> members = new ArrayList<>();
        int here = input;
        for (Json.Obj layer : layers(model)) {
            Place place = new Place(layer, below(path, nameOf(layer)), trainable, evaluates);
            if (isInput(layer)) {
                input(place);
            } else {
                here = apply(place, List.of(here), List.of(), members);
            }
        }
        return new Read(here, members);
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    private static String nameOf(Json.Obj layer) throws JsonException {
        return layer.object("config").find("name") == null && layer.find("name") != null
                ? layer.string("name")
                : layer.object("config").string("name");
    }

    private static boolean isInput(Json.Obj layer) throws JsonException {
        return layer.string("class_name").equals("InputLayer");
    }

    private static void input(Place place) throws IOException {
        Fields fields = Fields.ofInput(place.path, place.layer.object("config"));
        fields.off("sparse", "ragged", "optional");
        fields.pass("batch_input_shape", "batch_shape", "input_shape");
        fields.done();
    }

    // ---- layers ----

    /// A layer of a configuration.
    ///
    /// @param path its name, behind those of the models it is in
    /// @param trainable whether those are
    /// @param evaluates whether those compute as outside training
    private record Place(Json.Obj layer, String path, boolean trainable, boolean evaluates) {
        String kind() throws JsonException {
            return layer.string("class_name");
        }

        IOException refused(String problem) {
            return Fields.refused(path, problem);
        }
    }

    /// Adds an application of a layer.
    ///
    /// @param constants numbers that operators have beside their inputs, null for each input
    /// @return the number of its output
    private int apply(Place place, List<Integer> inputs, List<@Nullable Float> constants, List<Member> members) throws IOException {
        demandKnown(place);
        boolean isNew = members.stream().noneMatch(member -> member.path().equals(place.path));
        if (isModel(place.layer)) {
            if (inputs.size() != 1) {
                throw place.refused("a model of " + inputs.size() + " inputs is not supported");
            }
            Read inner = model(place.layer, place.path, inputs.getFirst(), place.trainable, place.evaluates);
            if (isNew) {
                members.add(new Member(place.path, place.kind(), List.of(), inner.members));
            }
            return inner.output;
        }
        List<Extents> shapes = inputs.stream().map(this::extents).toList();
        if (isOperator(place.layer)) {
            return add(place, arithmetic(place, constants), inputs, shapes);
        }
        BuiltLayer layer = built.get(place.layer);
        if (layer == null) {
            layer = builder.build(place.kind(), place.path, place.layer.object("config"), shapes);
            built.put(place.layer, layer);
            if (!(place.trainable && isTrainable(place.layer))) {
                layer.weights().forEach(weight -> weight.parameter().freeze());
            }
        }
        if (isNew) {
            members.add(new Member(place.path, place.kind(), layer.weights(), null));
        }
        return add(place, layer, inputs, shapes);
    }

    private int add(Place place, BuiltLayer layer, List<Integer> inputs, List<Extents> shapes) throws IOException {
        Extents out = layer.shaping().of(shapes);
        int[] numbers = inputs.stream().mapToInt(Integer::intValue).toArray();
        nodes.add(new Node(place.path, place.kind(), layer.operator(), numbers, place.evaluates));
        extents.put(nodes.size() - 1, out);
        Operator after = layer.after();
        if (after != null) {
            nodes.add(new Node(place.path, String.valueOf(layer.function()), after, new int[] {nodes.size() - 1}, place.evaluates));
            extents.put(nodes.size() - 1, out);
        }
        return nodes.size() - 1;
    }

    /// Refuses classes that are not Keras's own, and fields that are not known.
    private static void demandKnown(Place place) throws IOException {
        Json.Obj layer = place.layer;
        String registered = layer.find("registered_name") instanceof Json.Str(String name) ? name : place.kind();
        String module = layer.find("module") instanceof Json.Str(String name) ? name : "keras";
        if (!registered.equals(place.kind()) || !module.matches("(tensorflow\\.|tf_)?keras(\\..*)?")) {
            throw place.refused(registered + " of " + module + " is a class of its own: its code is not in the file");
        }
        for (Map.Entry<String, Json> field : layer.members().entrySet()) {
            if (!PASSED.contains(field.getKey()) && field.getValue() != Json.Null.NULL) {
                throw place.refused(field.getKey() + " is " + field.getValue().compact() + ": this option is not known here");
            }
        }
    }

    /// Whether this is a function of `keras.ops` rather than a layer: what `x + y` makes.
    private static boolean isOperator(Json.Obj layer) {
        return layer.find("module") instanceof Json.Str(String module) && module.startsWith(OPERATORS);
    }

    private static BuiltLayer arithmetic(Place place, List<@Nullable Float> arguments) throws IOException {
        if (!Set.of("Add", "Subtract", "Multiply", "Divide", "TrueDivide").contains(place.kind()) || arguments.size() != 2) {
            throw place.refused(place.kind() + " of keras.ops is not supported");
        }
        Fields fields = Fields.of(place.path, place.layer.object("config"));
        fields.done();
        var operator = Merges.operator(place.kind());
        Float a = arguments.get(0);
        Float b = arguments.get(1);
        return new BuiltLayer(inputs -> operator.apply(a == null ? inputs.getFirst() : number(a), b == null ? inputs.getLast() : number(b)),
                null, null, List.of(), in -> Merges.broadcast(in, fields));
    }

    private static Variable number(float value) {
        return Variable.of(Tensor.scalar(value));
    }

    // ---- graphs ----

    private Read functional(Json.Obj model, String path, int input, boolean trainable, boolean evaluates) throws IOException {
        Json.Obj config = model.object("config");
        String in = one(config, "input_layers", path).layer();
        Map<Call.Output, Integer> done = new HashMap<>();
        List<Member> members = new ArrayList<>();
        Map<Call, Place> waiting = new LinkedHashMap<>();
        for (Json.Obj layer : layers(model)) {
            Place place = new Place(layer, below(path, nameOf(layer)), trainable, evaluates);
            String name = layer.find("name") instanceof Json.Str(String text) ? text : nameOf(layer);
            if (isInput(layer)) {
                input(place);
                if (!name.equals(in)) {
                    throw place.refused("a second input is not supported");
                }
                done.put(new Call.Output(name, 0, 0), input);
            } else {
                int number = 0;
                for (Json node : layer.array("inbound_nodes")) {
                    waiting.put(Call.read(name, number++, node, place.path), place);
                }
            }
        }
        apply(waiting, done, members, path);
        order(members, model, path);
        Call.Output output = one(config, "output_layers", path);
        Integer found = done.get(output);
        if (found == null) {
            throw Fields.refused(path.isEmpty() ? "model" : path, "its output " + output + " is not there");
        }
        return new Read(found, members);
    }

    /// Applies each layer once its inputs are there, in the order of the configuration as far as that goes.
    private void apply(Map<Call, Place> waiting, Map<Call.Output, Integer> done, List<Member> members, String path) throws IOException {
        while (!waiting.isEmpty()) {
            int before = waiting.size();
            for (Map.Entry<Call, Place> entry : List.copyOf(waiting.entrySet())) {
                Call call = entry.getKey();
                if (done.keySet().containsAll(call.inputs())) {
                    Place given = entry.getValue();
                    Place place = new Place(given.layer, given.path, given.trainable, given.evaluates || call.evaluates());
                    List<Integer> inputs = call.inputs().stream().map(done::get).toList();
                    done.put(call.output(), apply(place, inputs, call.arguments(), members));
                    waiting.remove(call);
                }
            }
            if (waiting.size() == before) {
                Call call = waiting.keySet().iterator().next();
                throw Fields.refused(below(path, call.output().layer()), "its inputs " + call.inputs() + " are not there");
            }
        }
    }

    /// The layers as the configuration lists them, whatever the order in which they were applied.
    private static void order(List<Member> members, Json.Obj model, String path) throws IOException {
        List<String> paths = new ArrayList<>();
        for (Json.Obj layer : layers(model)) {
            paths.add(below(path, nameOf(layer)));
        }
        members.sort(Comparator.comparingInt(member -> paths.indexOf(member.path())));
    }

    /// The one input, or the one output, of a model: `["dense", 0, 0]`, or such in a list.
    private static Call.Output one(Json.Obj config, String what, String path) throws IOException {
        List<Json> items = config.array(what);
        List<Json> inner = items.size() == 1 && items.getFirst() instanceof Json.Arr(List<Json> only) ? only : items;
        if (inner.isEmpty() || !(inner.getFirst() instanceof Json.Str)) {
            throw Fields.refused(path.isEmpty() ? "model" : path, what + " should be one: models of several are not supported");
        }
        return Call.output(inner, path);
    }
}
