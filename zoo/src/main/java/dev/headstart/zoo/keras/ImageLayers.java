package dev.headstart.zoo.keras;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.zoo.keras.BuiltLayer.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Layers over images, `[height, width, channels]`.
final class ImageLayers {
    private final RandomStream random;
    private final Fields fields;

    /// @param random what its weights are drawn from
    ImageLayers(RandomStream random, Fields fields) {
        this.random = random;
        this.fields = fields;
    }

    // ---- convolutions ----

    private Windows kernel() throws IOException {
        fields.channelsLast();
        return new Windows(fields.pair("kernel_size", 1, 1), fields.pair("strides", 1, 1), fields.pair("dilation_rate", 1, 1),
                fields.same());
    }

    BuiltLayer convolution(Extents in) throws IOException {
        int channels = in.image(fields).last(fields);
        Windows kernel = kernel();
        int filters = fields.extent("filters");
        int groups = fields.extent("groups", 1);
        if (channels % groups != 0 || filters % groups != 0) {
            throw fields.refused("groups is " + groups + ": its input has " + channels + " channels, its output " + filters);
        }
        Scope scope = Scope.of(random);
        int each = channels / groups;
        int area = kernel.kernel()[0] * kernel.kernel()[1];
        Parameter weight = scope.parameter("weight", WeightKind.CONV2D, Shape.of(filters, kernel.kernel()[0], kernel.kernel()[1], each),
                Initialiser.glorotUniform(), each * area, filters / groups * area);
        Parameter bias = bias(scope, filters);
        return BuiltLayer.of(Operator.of(x -> x.conv2d(weight, bias, kernel.convolution(x.shape(), groups))),
                from -> kernel.over(from, filters, fields)).with(BuiltLayer.weights(scope::parts, "weight", "kernel:0", "bias", "bias:0"));
    }

    private @Nullable Parameter bias(Scope scope, int filters) throws IOException {
        return fields.flag("use_bias", true)
                ? scope.parameter("bias", WeightKind.OTHER, Shape.of(filters), Initialiser.zeros())
                : null;
    }

    /// The kernel of a convolution of each channel by itself, `[channels, height, width, multiplier]`.
    private Parameter depthwiseKernel(int channels, Windows kernel, int multiplier) {
        int area = kernel.kernel()[0] * kernel.kernel()[1];
        return Scope.of(random).parameter("depthwise", WeightKind.DEPTHWISE_CONV2D,
                Shape.of(channels, kernel.kernel()[0], kernel.kernel()[1], multiplier), Initialiser.glorotUniform(), area,
                multiplier * area);
    }

    /// Output channel `c · multiplier + m` is that of input channel c by its kernel m.
    private static Variable depthwise(Variable x, Variable kernel, @Nullable Variable bias, Windows windows) {
        Shape shape = kernel.shape();
        int multiplier = shape.dim(3);
        Variable each = multiplier == 1
                ? kernel
                : kernel.permute(0, 3, 1, 2).reshape(shape.dim(0) * multiplier, shape.dim(1), shape.dim(2), 1);
        return x.conv2d(each, bias, windows.convolution(x.shape(), shape.dim(0)));
    }

    BuiltLayer depthwise(Extents in) throws IOException {
        int channels = in.image(fields).last(fields);
        Windows windows = kernel();
        int multiplier = fields.extent("depth_multiplier", 1);
        Parameter kernel = depthwiseKernel(channels, windows, multiplier);
        Scope scope = Scope.of(random);
        Parameter bias = bias(scope, channels * multiplier);
        List<Weight> weights = new ArrayList<>();
        weights.add(new Weight("depthwise_kernel:0", kernel, WeightKind.DEPTHWISE_CONV2D));
        weights.addAll(BuiltLayer.weights(scope::parts, "weight", "kernel:0", "bias", "bias:0"));
        return BuiltLayer.of(Operator.of(x -> depthwise(x, kernel, bias, windows)),
                from -> windows.over(from, channels * multiplier, fields)).with(weights);
    }

    /// A depthwise convolution, then one of all channels by a kernel of one pixel.
    BuiltLayer separable(Extents in) throws IOException {
        int channels = in.image(fields).last(fields);
        Windows windows = kernel();
        int multiplier = fields.extent("depth_multiplier", 1);
        int filters = fields.extent("filters");
        Parameter kernel = depthwiseKernel(channels, windows, multiplier);
        Scope scope = Scope.of(random);
        Parameter pointwise = scope.parameter("pointwise", WeightKind.CONV2D, Shape.of(filters, 1, 1, channels * multiplier),
                Initialiser.glorotUniform(), channels * multiplier, filters);
        Parameter bias = bias(scope, filters);
        Windows point = new Windows(new int[] {1, 1}, new int[] {1, 1}, new int[] {1, 1}, false);
        List<Weight> weights = new ArrayList<>();
        weights.add(new Weight("depthwise_kernel:0", kernel, WeightKind.DEPTHWISE_CONV2D));
        weights.add(new Weight("pointwise_kernel:0", pointwise, WeightKind.CONV2D));
        weights.addAll(BuiltLayer.weights(scope::parts, "weight", "kernel:0", "bias", "bias:0"));
        return BuiltLayer.of(Operator.of(x -> {
            Variable each = depthwise(x, kernel, null, windows);
            return each.conv2d(pointwise, bias, point.convolution(each.shape(), 1));
        }), from -> windows.over(from, filters, fields)).with(weights);
    }

    // ---- pooling ----

    private Windows window() throws IOException {
        fields.channelsLast();
        int[] window = fields.pair("pool_size", 2, 2);
        return new Windows(window, fields.pair("strides", window), new int[] {1, 1}, fields.same());
    }

    BuiltLayer maxPooling(Extents in) throws IOException {
        in.image(fields);
        Windows window = window();
        return BuiltLayer.of(Operator.of(x -> x.maxPool2d(window.pooling(x.shape()))), from -> window.over(from, from.get(2), fields));
    }

    /// Padding does not count, as in TensorFlow.
    BuiltLayer averagePooling(Extents in) throws IOException {
        in.image(fields);
        Windows window = window();
        return BuiltLayer.of(Operator.of(x -> x.avgPool2d(window.pooling(x.shape()), false)),
                from -> window.over(from, from.get(2), fields));
    }

    BuiltLayer globalPooling(Extents in, boolean mean) throws IOException {
        in.image(fields);
        fields.channelsLast();
        boolean kept = fields.flag("keepdims", false);
        return BuiltLayer.of(Operator.of(x -> {
            Variable pooled = mean ? x.adaptiveAvgPool2d(1, 1) : x.adaptiveMaxPool2d(1, 1);
            return kept ? pooled : pooled.reshape(x.shape().dim(0), x.shape().dim(3));
        }), from -> kept ? Extents.of(1, 1, from.get(2)) : Extents.of(from.get(2)));
    }

    // ---- sizes ----

    BuiltLayer zeroPadding(Extents in) throws IOException {
        in.image(fields);
        fields.channelsLast();
        int[] sides = fields.sides("padding");
        return BuiltLayer.of(Operator.of(x -> Windows.padded(x, sides)), from -> resized(from, sides[0] + sides[1], sides[2] + sides[3]));
    }

    BuiltLayer cropping(Extents in) throws IOException {
        in.image(fields);
        fields.channelsLast();
        int[] sides = fields.sides("cropping");
        return BuiltLayer.of(Operator.of(x -> x.slice(1, sides[0], x.shape().dim(1) - sides[1]).slice(2, sides[2],
                x.shape().dim(2) - sides[3])), from -> resized(from, -sides[0] - sides[1], -sides[2] - sides[3]));
    }

    private Extents resized(Extents in, int tall, int wide) throws IOException {
        int height = in.get(0) == Extents.OPEN ? Extents.OPEN : in.get(0) + tall;
        int width = in.get(1) == Extents.OPEN ? Extents.OPEN : in.get(1) + wide;
        if (height != Extents.OPEN && width != Extents.OPEN && Math.min(height, width) < 1) {
            throw fields.refused("nothing is left of its input, " + in);
        }
        return Extents.of(height, width, in.get(2));
    }

    BuiltLayer upSampling(Extents in) throws IOException {
        in.image(fields);
        fields.channelsLast();
        int[] factors = fields.pair("size", 2, 2);
        Interpolation how = interpolation("nearest");
        return BuiltLayer.of(Operator.of(x -> x.resize(factors[0] * x.shape().dim(1), factors[1] * x.shape().dim(2), how)),
                from -> Extents.of(from.get(0) == Extents.OPEN ? Extents.OPEN : factors[0] * from.get(0),
                        from.get(1) == Extents.OPEN ? Extents.OPEN : factors[1] * from.get(1), from.get(2)));
    }

    BuiltLayer resizing(Extents in) throws IOException {
        in.image(fields);
        fields.channelsLast();
        fields.only("interpolation", "bilinear");
        fields.off("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias");
        fields.pass("fill_mode", "fill_value");
        int height = fields.extent("height");
        int width = fields.extent("width");
        return BuiltLayer.of(Operator.of(x -> x.resize(height, width, Interpolation.BILINEAR)), from -> Extents.of(height, width,
                from.get(2)));
    }

    private Interpolation interpolation(String otherwise) throws IOException {
        String name = fields.text("interpolation", otherwise);
        return switch (name) {
            case "nearest" -> Interpolation.NEAREST;
            case "bilinear" -> Interpolation.BILINEAR;
            default -> throw fields.refused("interpolation is " + name + ": only nearest and bilinear are supported");
        };
    }
}
