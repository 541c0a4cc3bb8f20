package dev.headstart.zoo.keras;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Scope;
import dev.headstart.nn.conv.AvgPool2d;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.conv.MaxPool2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The layers of a Keras configuration, one after the other: `InputLayer`, `Conv2D`, `MaxPooling2D`, `AveragePooling2D`, `Flatten`,
/// `Dense`, `Dropout`, `Activation`, `BatchNormalization`. Any other, and options that are not read, are refused by name.
///
/// The size of what goes from layer to layer is followed, since the padding `same` depends on it: the output has `⌈size / stride⌉` pixels,
/// and where the padding is odd, more of it lies behind.
final class KerasLayers {
    /// What Keras calls our parameters; what it does not have is left out.
    private static final Map<String, String> NAMES = Map.of("weight", "kernel:0", "bias", "bias:0");
    private static final Map<String, String> NORM_NAMES = Map.of("weight", "gamma:0", "bias", "beta:0", "running_mean", "moving_mean:0",
            "running_var", "moving_variance:0");

    private final RandomStream random;
    private final List<KerasSequential.Step> steps = new ArrayList<>();
    private @Nullable Shape size; // of one example, while it is known
    private boolean softmax;

    KerasLayers(RandomStream random) {
        this.random = random;
    }

    List<KerasSequential.Step> steps() {
        return List.copyOf(steps);
    }

    boolean endsWithSoftmax() {
        return softmax;
    }

    /// Adds a layer.
    void add(String kind, Json.Obj config) throws IOException {
        String name = config.string("name");
        if (softmax) {
            throw refused(name, "a layer after a softmax is not supported");
        }
        Shape given = given(config);
        size = given == null ? size : given;
        demand(config, name, "data_format", "channels_last");
        switch (kind) {
            case "InputLayer" -> {}
            case "Conv2D" -> convolution(name, config);
            case "MaxPooling2D" -> plain(name, new MaxPool2d(pooling(name, config)));
            case "AveragePooling2D" -> plain(name, new AvgPool2d(pooling(name, config), false));
            case "Flatten" -> {
                plain(name, new Flatten());
                size = Shape.of(size(name).size());
            }
            case "Dense" -> dense(name, config);
            case "Dropout" -> plain(name, new Dropout((float) config.number("rate")));
            case "Activation" -> steps.add(new KerasSequential.Step(name, activation(name, config), Map.of()));
            case "BatchNormalization" -> norm(name, config);
            default -> throw refused(name, kind + " is not supported");
        }
    }

    private static IOException refused(String name, String problem) {
        return new IOException("keras: layer \"" + name + "\": " + problem);
    }

    private Shape size(String name) throws IOException {
        Shape here = size;
        if (here == null) {
            throw refused(name, "the size of the input is not known: the first layer's batch_input_shape says it");
        }
        return here;
    }

    private void plain(String name, Layer layer) {
        steps.add(new KerasSequential.Step(name, List.of(layer), Map.of()));
    }

    /// The shape of one example, where a layer says it.
    private static @Nullable Shape given(Json.Obj config) throws JsonException {
        String key = config.find("batch_input_shape") != null ? "batch_input_shape" : "batch_shape";
        if (!(config.find(key) instanceof Json.Arr(List<Json> extents))) {
            return null;
        }
        int[] dims = new int[Math.max(0, extents.size() - 1)];
        for (int i = 0; i < dims.length; i++) {
            if (!(extents.get(i + 1) instanceof Json.Int(long extent)) || extent < 1 || extent > Integer.MAX_VALUE) {
                return null;
            }
            dims[i] = (int) extent;
        }
        return Shape.of(dims);
    }

    private static void demand(Json.Obj config, String name, String option, String wanted) throws IOException {
        if (config.find(option) instanceof Json.Str(String value) && !value.equals(wanted)) {
            throw refused(name, option + " is " + value + ": only " + wanted + " is supported");
        }
    }

    private static int[] pair(Json.Obj config, String name, String option, int otherwise) throws IOException {
        Json value = config.find(option);
        if (value instanceof Json.Arr(List<Json> items) && items.size() == 2 && items.get(0) instanceof Json.Int(long y)
                && items.get(1) instanceof Json.Int(long x)) {
            return new int[] {extent(name, option, y), extent(name, option, x)};
        }
        if (value instanceof Json.Int(long both)) {
            return new int[] {extent(name, option, both), extent(name, option, both)};
        }
        if (value == null || value == Json.Null.NULL) {
            return new int[] {otherwise, otherwise};
        }
        throw refused(name, option + " should be one number or two");
    }

    private static int extent(String name, String option, long value) throws IOException {
        if (value < 1 || value > 1 << 20) {
            throw refused(name, option + " is " + value + ": it must be between 1 and " + (1 << 20));
        }
        return (int) value;
    }

    private static boolean flag(Json.Obj config, String option) throws JsonException {
        return config.find(option) == null || config.bool(option);
    }

    private static boolean isSame(String name, Json.Obj config) throws IOException {
        String padding = config.find("padding") == null ? "valid" : config.string("padding");
        if (!padding.equals("same") && !padding.equals("valid")) {
            throw refused(name, "padding is " + padding + ": only same and valid are supported");
        }
        return padding.equals("same");
    }

    /// What `same` adds to an axis.
    private static int padding(boolean same, int extent, int kernel, int stride, int dilation) {
        return same ? Math.max(0, (Math.ceilDiv(extent, stride) - 1) * stride + (kernel - 1) * dilation + 1 - extent) : 0;
    }

    private static int out(String name, int extent, int padding, int kernel, int stride, int dilation) throws IOException {
        int covered = extent + padding - (kernel - 1) * dilation - 1;
        if (covered < 0) {
            throw refused(name, "the kernel is larger than its input, of " + extent + " pixels");
        }
        return covered / stride + 1;
    }

    private Shape image(String name) throws IOException {
        Shape here = size(name);
        if (here.rank() != 3) {
            throw refused(name, "its input is " + here + ", not [height, width, channels]");
        }
        return here;
    }

    private void convolution(String name, Json.Obj config) throws IOException {
        Shape in = image(name);
        int[] kernel = pair(config, name, "kernel_size", 1);
        int[] stride = pair(config, name, "strides", 1);
        int[] dilation = pair(config, name, "dilation_rate", 1);
        boolean same = isSame(name, config);
        if (config.find("groups") instanceof Json.Int(long groups) && groups != 1) {
            throw refused(name, "groups is " + groups + ": only 1 is supported");
        }
        int tall = padding(same, in.dim(0), kernel[0], stride[0], dilation[0]);
        int wide = padding(same, in.dim(1), kernel[1], stride[1], dilation[1]);
        int filters = extent(name, "filters", config.integer("filters"));
        Conv2dGeometry geometry = Conv2dGeometry.DEFAULT.stride(stride[0], stride[1]).dilation(dilation[0], dilation[1]).padding(tall / 2,
                tall - tall / 2, wide / 2, wide - wide / 2);
        Conv2d conv = new Conv2d(in.dim(2), filters, kernel[0], kernel[1], geometry, flag(config, "use_bias"), Initialiser.glorotUniform(),
                random.child(name));
        weighted(name, conv, config);
        size = Shape.of(out(name, in.dim(0), tall, kernel[0], stride[0], dilation[0]),
                out(name, in.dim(1), wide, kernel[1], stride[1], dilation[1]), filters);
    }

    private Pool2dGeometry pooling(String name, Json.Obj config) throws IOException {
        Shape in = image(name);
        int[] window = pair(config, name, "pool_size", 2);
        Json strides = config.find("strides");
        int[] stride = strides == null || strides == Json.Null.NULL ? window : pair(config, name, "strides", 1);
        boolean same = isSame(name, config);
        int tall = padding(same, in.dim(0), window[0], stride[0], 1);
        int wide = padding(same, in.dim(1), window[1], stride[1], 1);
        size = Shape.of(out(name, in.dim(0), tall, window[0], stride[0], 1), out(name, in.dim(1), wide, window[1], stride[1], 1),
                in.dim(2));
        return Pool2dGeometry.of(window[0], window[1]).stride(stride[0], stride[1]).padding(tall / 2, tall - tall / 2, wide / 2,
                wide - wide / 2);
    }

    private void dense(String name, Json.Obj config) throws IOException {
        Shape in = size(name);
        int units = extent(name, "units", config.integer("units"));
        Initialiser bias = flag(config, "use_bias") ? Initialiser.zeros() : null;
        weighted(name, new Linear(in.dim(-1), units, Initialiser.glorotUniform(), bias, Scope.of(random.child(name))), config);
        size = in.with(-1, units);
    }

    private void weighted(String name, Layer layer, Json.Obj config) throws IOException {
        List<Layer> layers = new ArrayList<>(List.of(layer));
        layers.addAll(activation(name, config));
        steps.add(new KerasSequential.Step(name, List.copyOf(layers), NAMES));
    }

    private void norm(String name, Json.Obj config) throws IOException {
        Shape in = size(name);
        if (!flag(config, "center") || !flag(config, "scale")) {
            throw refused(name, "center and scale must be true");
        }
        Json axis = config.find("axis") instanceof Json.Arr(List<Json> axes) && axes.size() == 1 ? axes.getFirst() : config.find("axis");
        if (axis instanceof Json.Int(long a) && a != -1 && a != in.rank()) {
            throw refused(name, "axis is " + a + ": only the last is supported");
        }
        float eps = config.find("epsilon") == null ? 1e-3f : (float) config.number("epsilon");
        double kept = config.find("momentum") == null ? 0.99 : config.number("momentum"); // of the old moments, the reverse of ours
        BatchNorm norm = new BatchNorm(in.dim(-1), eps, (float) (1 - kept));
        steps.add(new KerasSequential.Step(name, List.of(norm), NORM_NAMES));
    }

    /// The function after a layer; none for `linear`, and for a softmax, which must be the last.
    private List<Layer> activation(String name, Json.Obj config) throws IOException {
        String function = config.find("activation") == null ? "linear" : config.string("activation");
        softmax = function.equals("softmax");
        return switch (function) {
            case "linear", "softmax" -> List.of();
            case "relu" -> List.of(Activation.RELU);
            case "tanh" -> List.of(Activation.TANH);
            case "sigmoid" -> List.of(Activation.SIGMOID);
            case "gelu" -> List.of(Activation.GELU);
            default -> throw refused(name, "the activation " + function + " is not supported");
        };
    }
}
