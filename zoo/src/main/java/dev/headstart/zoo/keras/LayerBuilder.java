package dev.headstart.zoo.keras;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.io.json.Json;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.keras.BuiltLayer.Weight;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// Makes the layers of a Keras configuration, but for those over images ([ImageLayers]) and of several inputs ([Merges]). A class that is none
/// of these, and an option that is not read, are refused by name.
final class LayerBuilder {
    private static final double NORMALISATION_EPS = 1e-7;

    private final RandomStream random;
    private final boolean early;

    /// @param early whether Keras 1 or 2 wrote the configuration
    LayerBuilder(RandomStream random, boolean early) {
        this.random = random;
        this.early = early;
    }

    /// Makes a layer.
    ///
    /// @param path its name, behind those of the models it is in
    /// @param in what its first inputs are
    BuiltLayer build(String kind, String path, Json.Obj config, List<Extents> in) throws IOException {
        Fields fields = Fields.of(path, config);
        if (in.isEmpty()) {
            throw fields.refused("it has no input");
        }
        fields.pass("batch_input_shape", "batch_shape", "input_shape", "input_dtype");
        BuiltLayer layer = switch (kind) {
            case "Add", "Subtract", "Multiply", "Average", "Concatenate" -> Merges.layer(kind, fields);
            default -> in.size() == 1 ? build(kind, fields, in.getFirst()) : null;
        };
        if (layer == null) {
            throw fields.refused(kind + " of " + in.size() + " inputs is not supported");
        }
        fields.done();
        return layer;
    }

    private BuiltLayer build(String kind, Fields fields, Extents in) throws IOException {
        ImageLayers images = new ImageLayers(random.child(fields.layer()), fields);
        return switch (kind) {
            case "Conv2D", "Convolution2D" -> activated(images.convolution(in), fields);
            case "DepthwiseConv2D" -> activated(images.depthwise(in), fields);
            case "SeparableConv2D", "SeparableConvolution2D" -> activated(images.separable(in), fields);
            case "MaxPooling2D", "MaxPool2D" -> images.maxPooling(in);
            case "AveragePooling2D", "AvgPool2D" -> images.averagePooling(in);
            case "GlobalAveragePooling2D", "GlobalAvgPool2D" -> images.globalPooling(in, true);
            case "GlobalMaxPooling2D", "GlobalMaxPool2D" -> images.globalPooling(in, false);
            case "ZeroPadding2D" -> images.zeroPadding(in);
            case "Cropping2D" -> images.cropping(in);
            case "UpSampling2D" -> images.upSampling(in);
            case "Resizing" -> images.resizing(in);
            case "Dense" -> activated(dense(fields, in), fields);
            case "BatchNormalization", "BatchNormalizationV1", "SyncBatchNormalization" -> batchNorm(fields, in);
            case "LayerNormalization" -> layerNorm(fields, in);
            case "Normalization" -> normalisation(fields, in);
            case "Rescaling" -> rescaling(fields, in);
            case "Flatten" -> flatten(fields);
            case "Reshape" -> reshape(fields, in);
            case "Dropout" -> dropout(fields);
            case "SpatialDropout2D" -> spatialDropout(fields, in);
            case "Activation" -> activated(BuiltLayer.of(inputs -> inputs.getFirst()), fields);
            case "Softmax", "ReLU", "LeakyReLU", "ELU", "PReLU" -> function(kind, fields, in);
            case "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity", "RandomFlip", "RandomRotation",
                    "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness" ->
                    trainingOnly(fields);
            case "Lambda" -> throw fields.refused("Lambda is not supported: it is a function of Python, which is never run here");
            default -> throw fields.refused(kind + " is not supported");
        };
    }

    // ---- functions ----

    private BuiltLayer activated(BuiltLayer layer, Fields fields) throws IOException {
        Json value = fields.find("activation");
        if (value instanceof Json.Obj object && object.find("class_name") instanceof Json.Str(String kind) && !kind.equals("function")) {
            if (!List.of("Softmax", "ReLU", "LeakyReLU", "ELU").contains(kind)) {
                throw fields.refused("the activation " + kind + " is not supported");
            }
            Fields inner = Fields.of(fields.layer(), object.object("config"));
            BuiltLayer function = function(kind, inner, Extents.of());
            inner.done();
            return layer.then(kind.equals("Softmax") ? Functions.SOFTMAX : kind, function.after() == null
                    ? function.operator()
                    : function.after());
        }
        String name = switch (value) {
            case Json.Str(String text) -> text;
            case Json.Obj object when object.find("config") instanceof Json.Str(String text) -> text; // {"class_name": "function"}
            case null -> Functions.LINEAR;
            default -> value.compact();
        };
        UnaryOperator<Variable> function = Functions.of(name, early);
        if (function == null) {
            throw fields.refused("the activation " + name + " is not supported");
        }
        return name.equals(Functions.LINEAR) ? layer : layer.then(name, Operator.of(function));
    }

    private static BuiltLayer function(String kind, Fields fields, Extents in) throws IOException {
        return switch (kind) {
            case "Softmax" -> softmax(fields, in);
            case "ReLU" -> BuiltLayer.of(Operator.of(relu(fields)));
            case "LeakyReLU" -> {
                String option = fields.has("negative_slope") ? "negative_slope" : "alpha";
                float slope = (float) fields.number(option, 0.3);
                yield BuiltLayer.of(Operator.of(x -> Functions.leaky(x, slope)));
            }
            case "ELU" -> {
                float alpha = (float) fields.number("alpha", 1);
                yield BuiltLayer.of(Operator.of(x -> Functions.elu(x, alpha)));
            }
            default -> prelu(fields, in);
        };
    }

    private static BuiltLayer softmax(Fields fields, Extents in) throws IOException {
        List<Integer> axis = fields.integers("axis");
        if (!axis.isEmpty() && !axis.equals(List.of(-1)) && !axis.equals(List.of(in.rank()))) {
            throw fields.refused("axis is " + axis + ": only the last is supported");
        }
        return BuiltLayer.of(inputs -> inputs.getFirst()).then(Functions.SOFTMAX, Operator.of(Variable::softmax));
    }

    /// x from the threshold on, at most `max_value`; below, slope · (x - threshold).
    private static UnaryOperator<Variable> relu(Fields fields) throws IOException {
        float slope = (float) fields.number("negative_slope", 0);
        float threshold = (float) fields.number("threshold", 0);
        float most = fields.has("max_value") ? (float) fields.number("max_value", 0) : Float.POSITIVE_INFINITY;
        return x -> {
            Variable above = x.relu();
            if (threshold != 0) {
                above = x.where(Tensor.scalar(threshold).greater(x.value()).affine(-1, 1), 0);
            }
            Variable cut = most == Float.POSITIVE_INFINITY ? above : Functions.cut(above, most);
            return slope == 0 ? cut : cut.minus(x.affine(-1, threshold).relu().times(slope));
        };
    }

    private static BuiltLayer prelu(Fields fields, Extents in) throws IOException {
        int[] dims = in.dims().stream().mapToInt(Integer::intValue).toArray();
        for (int axis : fields.integers("shared_axes")) {
            if (axis < 1 || axis > dims.length) {
                throw fields.refused("shared_axes has " + axis + ": its input has axes 1 to " + dims.length);
            }
            dims[axis - 1] = 1;
        }
        Extents shape = Extents.of(dims);
        if (shape.size() == Extents.OPEN) {
            throw fields.refused("the size of its input is not known");
        }
        Parameter alpha = Parameter.of(Shape.of(dims), () -> Tensor.zeros(Shape.of(dims)));
        return BuiltLayer.of(Operator.of(x -> x.relu().minus(x.negate().relu().times(alpha))))
                .with(List.of(new Weight("alpha:0", alpha, WeightKind.OTHER)));
    }

    /// What does nothing but in training, where it is left out.
    private static BuiltLayer trainingOnly(Fields fields) {
        fields.passAll();
        return BuiltLayer.of(inputs -> inputs.getFirst());
    }

    /// Each element by itself, or as `noise_shape` says: where that is 1, what lies along the axis is dropped together.
    private static BuiltLayer dropout(Fields fields) throws IOException {
        Dropout dropout = new Dropout((float) fields.number("rate", 0));
        boolean[] together = fields.ones("noise_shape");
        return BuiltLayer.of(Operator.of(together.length == 0 ? dropout::forward : x -> dropped(x, dropout, together)));
    }

    /// Whole channels are dropped.
    private static BuiltLayer spatialDropout(Fields fields, Extents in) throws IOException {
        fields.channelsLast();
        in.image(fields);
        Dropout dropout = new Dropout((float) fields.number("rate", 0));
        return BuiltLayer.of(Operator.of(x -> dropped(x, dropout, new boolean[] {false, true, true, false})));
    }

    /// @param together for each axis, whether what lies along it is dropped together
    private static Variable dropped(Variable x, Dropout dropout, boolean[] together) {
        if (!Mode.current().isTraining()) {
            return x;
        }
        int[] dims = x.shape().dims();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = together[axis] ? 1 : dims[axis];
        }
        return x.times(dropout.forward(Variable.of(Tensor.ones(Shape.of(dims)))));
    }

    // ---- shapes ----

    private static BuiltLayer flatten(Fields fields) throws IOException {
        fields.channelsLast();
        return BuiltLayer.of(Operator.of(new Flatten()), in -> Extents.of(in.size()));
    }

    private static BuiltLayer reshape(Fields fields, Extents in) throws IOException {
        List<Integer> target = fields.integers("target_shape");
        int known = target.stream().filter(extent -> extent >= 0).reduce(1, Math::multiplyExact);
        boolean open = target.contains(-1);
        if (in.size() != Extents.OPEN && (open ? known == 0 || in.size() % known != 0 : in.size() != known)) {
            throw fields.refused("target_shape is " + target + ": its input is " + in);
        }
        int[] dims = new int[target.size() + 1];
        for (int i = 0; i < target.size(); i++) {
            dims[i + 1] = target.get(i);
        }
        return BuiltLayer.of(Operator.of(x -> {
            int[] shape = dims.clone();
            shape[0] = x.shape().dim(0);
            for (int i = 1; i < shape.length; i++) {
                shape[i] = shape[i] < 0 ? x.shape().size() / Math.max(1, shape[0] * known) : shape[i];
            }
            return x.reshape(shape);
        }), from -> new Extents(target.stream()
                .map(extent -> extent >= 0 ? extent : from.size() == Extents.OPEN ? Extents.OPEN : from.size() / known).toList()));
    }

    // ---- weights ----

    private BuiltLayer dense(Fields fields, Extents in) throws IOException {
        int units = fields.extent("units");
        Initialiser bias = fields.flag("use_bias", true) ? Initialiser.zeros() : null;
        Linear linear = new Linear(in.last(fields), units, Initialiser.glorotUniform(), bias, Scope.of(random.child(fields.layer())));
        return BuiltLayer.of(Operator.of(linear), from -> from.withLast(units))
                .with(BuiltLayer.weights(linear, "weight", "kernel:0", "bias", "bias:0"));
    }

    private static BuiltLayer batchNorm(Fields fields, Extents in) throws IOException {
        lastAxis(fields, in);
        fields.off("renorm", "virtual_batch_size");
        fields.pass("synchronized", "renorm_clipping", "renorm_momentum", "fused");
        boolean scale = fields.flag("scale", true);
        boolean centre = fields.flag("center", true);
        double kept = fields.number("momentum", 0.99); // of the old moments, the reverse of ours
        BatchNorm norm = new BatchNorm(in.last(fields), (float) fields.number("epsilon", 1e-3), (float) (1 - kept), scale, centre,
                Scope.of(RandomStream.of(0))); // nothing is drawn
        return BuiltLayer.of(Operator.of(norm)).with(BuiltLayer.weights(norm, "weight", "gamma:0", "bias", "beta:0", "running_mean",
                "moving_mean:0", "running_var", "moving_variance:0"));
    }

    private static void lastAxis(Fields fields, Extents in) throws IOException {
        List<Integer> axis = fields.integers("axis");
        if (!axis.isEmpty() && !axis.equals(List.of(-1)) && !axis.equals(List.of(in.rank()))) {
            throw fields.refused("axis is " + (axis.size() == 1 ? axis.getFirst() : axis) + ": only the last is supported");
        }
    }

    private static BuiltLayer layerNorm(Fields fields, Extents in) throws IOException {
        lastAxis(fields, in);
        fields.off("rms_scaling");
        if (!fields.flag("scale", true) || !fields.flag("center", true)) {
            throw fields.refused("center and scale must be true");
        }
        LayerNorm norm = new LayerNorm(in.last(fields), (float) fields.number("epsilon", 1e-3), Scope.of(RandomStream.of(0)));
        return BuiltLayer.of(Operator.of(norm)).with(BuiltLayer.weights(norm, "weight", "gamma:0", "bias", "beta:0"));
    }

    /// `(x - mean) / max(√variance, 1e-7)` of each channel, or the reverse: what `adapt` found, or the configuration says.
    private static BuiltLayer normalisation(Fields fields, Extents in) throws IOException {
        List<Integer> axis = fields.integers("axis");
        if (!axis.equals(List.of(-1)) && !axis.equals(List.of(in.rank()))) {
            throw fields.refused("axis is " + axis + ": only the last is supported");
        }
        boolean invert = fields.flag("invert", false);
        Shape channels = Shape.of(in.last(fields));
        float[] means = fields.numbers("mean");
        float[] variances = fields.numbers("variance");
        if (means != null && variances != null) {
            Tensor mean = channels(fields, "mean", means, channels.dim(0));
            Tensor variance = channels(fields, "variance", variances, channels.dim(0));
            return BuiltLayer.of(Operator.of(x -> normalised(x, mean, variance, invert)));
        }
        Parameter mean = Parameter.buffer(channels, () -> Tensor.zeros(channels));
        Parameter variance = Parameter.buffer(channels, () -> Tensor.ones(channels));
        return BuiltLayer.of(Operator.of(x -> normalised(x, mean.value(), variance.value(), invert)))
                .with(List.of(new Weight("mean:0", mean, WeightKind.OTHER), new Weight("variance:0", variance, WeightKind.OTHER)));
    }

    private static Tensor channels(Fields fields, String option, float[] numbers, int channels) throws IOException {
        if (numbers.length != 1 && numbers.length != channels) {
            throw fields.refused(option + " has " + numbers.length + " numbers: its input has " + channels + " channels");
        }
        return Tensor.of(Shape.of(numbers.length), numbers);
    }

    private static Variable normalised(Variable x, Tensor mean, Tensor variance, boolean invert) {
        Variable deviation = Variable.of(variance.sqrt().maximum(Tensor.scalar((float) NORMALISATION_EPS)));
        return invert ? x.times(deviation).plus(Variable.of(mean)) : x.minus(Variable.of(mean)).dividedBy(deviation);
    }

    /// `x · scale + offset`, a number each, or one of each channel.
    private static BuiltLayer rescaling(Fields fields, Extents in) throws IOException {
        float[] none = {0};
        Tensor scale = channels(fields, "scale", Objects.requireNonNullElse(fields.numbers("scale"), new float[] {1}), in.last(fields));
        Tensor offset = channels(fields, "offset", Objects.requireNonNullElse(fields.numbers("offset"), none), in.last(fields));
        return BuiltLayer.of(Operator.of(x -> x.times(Variable.of(scale)).plus(Variable.of(offset))));
    }
}
