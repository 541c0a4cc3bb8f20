package dev.headstart.zoo.keras;

import dev.headstart.zoo.keras.BuiltLayer.Weight;
import dev.headstart.zoo.keras.Graph.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// What Keras's files call the weights of a model. There are two kinds of names.
///
/// - **By layer** (Keras 1 and 2, and `.h5` of Keras 3): `conv2d/conv2d/kernel:0`, `conv2d/sequential/conv2d/kernel`, `conv2d/kernel:0`: the
///   group of the layer, or of the model it is in, and at the end the layer's and the weight's name.
/// - **By class** (`.keras` and `.weights.h5`): `layers/conv2d_1/vars/0` is the first weight of the second layer of the class `Conv2D`,
///   whatever its name. Keras 2 has `_layer_checkpoint_dependencies` for `layers`, where a layer with weights counts twice.
final class Names {
    private static final String LAYERS = "layers";
    private static final String EARLY_LAYERS = "_layer_checkpoint_dependencies";
    private static final Pattern NUMBER = Pattern.compile(":\\d+$");
    /// Of an optimiser, of metrics, of random numbers, and the number of examples that `Normalization` has seen.
    private static final Pattern TRAINING = Pattern.compile(
            "(optimizer|optimizer_weights|metrics|_metrics|compile_metrics|_compile_metrics|loss_tracker|_loss_tracker)/.*"
                    + "|(.*/)?seed_generator(_\\d+)?(/.*|_state)");
    /// Other names of a weight.
    private static final Map<String, String> OTHERS = Map.of("depthwise_kernel", "kernel");

    private final List<Member> members;
    private final Map<String, String> byClass = new HashMap<>();
    private final Map<String, String> counters = new HashMap<>();

    Names(List<Member> members) {
        this.members = members;
        add("", members, LAYERS, 1);
        add("", members, EARLY_LAYERS, 2);
    }

    /// The parameter's name here.
    static String of(Member layer, Weight weight) {
        return layer.path() + "/" + weight.name();
    }

    /// @param count how often a layer with weights is counted
    private void add(String path, List<Member> layers, String container, int count) {
        Map<String, Integer> used = new HashMap<>();
        for (Member layer : layers) {
            String name = snake(layer.kind());
            int number = used.merge(name, layer.hasWeights() ? count : 1, Integer::sum) - (layer.hasWeights() ? count : 1);
            String own = path + container + "/" + (number == 0 ? name : name + "_" + number);
            for (int i = 0; i < layer.weights().size(); i++) {
                byClass.put(own + "/vars/" + i, of(layer, layer.weights().get(i)));
            }
            if (layer.kind().equals("Normalization")) {
                counters.put(own + "/vars/2", layer.path());
            }
            List<Member> inner = layer.inner();
            if (inner != null) {
                add(own + "/", inner, container, count);
            }
        }
    }

    /// `conv2d` of `Conv2D`, `leaky_re_lu` of `LeakyReLU`, as Keras does it.
    static String snake(String kind) {
        String name = kind.equals("Model") ? "Functional" : kind;
        return name.replaceAll("(.)([A-Z][a-z]+)", "$1_$2").replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /// Our name of a tensor in a file; its own where it is none of ours.
    String ours(String published) {
        String name = published.replace('\\', '/');
        String found = byClass.get(name);
        return found != null ? found : byLayer(NUMBER.matcher(name).replaceFirst(""), published);
    }

    /// The weight of this name in the group of a layer, or of a model that has just one of it.
    private String byLayer(String path, String otherwise) {
        int groupLength = 0;
        String found = otherwise;
        int count = 0;
        for (Member group : members) {
            if (path.startsWith(group.path() + "/") && group.path().length() > groupLength) {
                groupLength = group.path().length();
                Map<String, Integer> matches = new HashMap<>();
                group.each((layer, weight) -> {
                    if (matches(layer, weight, group, path)) {
                        matches.merge(of(layer, weight), 1, Integer::sum);
                    }
                });
                count = matches.size();
                found = count == 1 ? matches.keySet().iterator().next() : otherwise;
            }
        }
        return found;
    }

    private static boolean matches(Member layer, Weight weight, Member group, String path) {
        String name = NUMBER.matcher(weight.name()).replaceFirst("");
        String own = layer == group ? "" : layer.path().substring(layer.path().lastIndexOf('/') + 1);
        String end = own.isEmpty() ? "/" : "/" + own + "/";
        return path.endsWith(end + name) || path.endsWith(end + OTHERS.getOrDefault(name, name));
    }

    /// Whether a tensor of this name belongs to training rather than to the model.
    boolean isTraining(String published) {
        String name = published.replace('\\', '/');
        return TRAINING.matcher(name).matches() || counters.containsKey(name)
                || members.stream().anyMatch(layer -> layer.kind().equals("Normalization") && name.startsWith(layer.path() + "/")
                        && NUMBER.matcher(name).replaceFirst("").endsWith("/count"));
    }
}
