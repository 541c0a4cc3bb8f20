package dev.headstart.nn.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Golden;
import dev.headstart.nn.Layer;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.nn.norm.GroupNorm;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Layers of images give what PyTorch gives, forward and backward.
class VisionGoldenTest {
    private static final Pool2dGeometry OVERLAPPING = Pool2dGeometry.of(3).stride(2).padding(1);

    private final Golden golden;

    VisionGoldenTest() throws IOException {
        golden = Golden.open("vision");
    }

    private Gradients check(String name, UnaryOperator<Variable> f) {
        Parameter x = Parameter.of(golden.tensor(name + ".x"));
        Variable y = f.apply(x);
        golden.same(name + ".y", y.value());
        Gradients gradients = y.backward(golden.tensor(name + ".dY"));
        golden.same(name + ".dX", gradients.get(x));
        return gradients;
    }

    private void check(String name, Layer layer, UnaryOperator<Variable> f) {
        Transfer.into(name, layer.parameters()).allowMissing("{running_mean,running_var,num_batches_tracked}").fromTensors(name,
                Map.of("weight", golden.tensor(name + ".weight"), "bias", golden.tensor(name + ".bias")));
        Gradients gradients = check(name, f);
        for (String parameter : new String[] {"Weight", "Bias"}) {
            golden.same(name + ".d" + parameter, gradients.get(layer.parameters().get(parameter.toLowerCase(Locale.ROOT))));
        }
    }

    @Test
    void pooling() {
        check("max", new MaxPool2d(OVERLAPPING)::forward);
        check("avg", new AvgPool2d(OVERLAPPING, true)::forward);
        check("avgPixels", new AvgPool2d(OVERLAPPING, false)::forward);
        check("adaptive", new AdaptiveAvgPool2d(3, 5)::forward);
        check("adaptiveMax", new AdaptiveMaxPool2d(3, 5)::forward);
        check("globalMax", AdaptiveMaxPool2d.global()::forward);
    }

    @Test
    void pooling_in_ceil_mode() {
        Pool2dGeometry reaching = OVERLAPPING.ceilMode(true);
        check("maxCeil", new MaxPool2d(reaching)::forward);
        check("avgCeil", new AvgPool2d(reaching, true)::forward);
        check("avgPixelsCeil", new AvgPool2d(reaching, false)::forward);
        check("maxApart", new MaxPool2d(Pool2dGeometry.of(2).stride(3).padding(1).ceilMode(true))::forward);
        check("avgApart", new AvgPool2d(Pool2dGeometry.of(2).stride(3).padding(1).ceilMode(true), true)::forward);
    }

    @Test
    void pooling_of_sequences() {
        check("max1d", new MaxPool1d(OVERLAPPING)::forward);
        check("max1dCeil", new MaxPool1d(OVERLAPPING.ceilMode(true))::forward);
        check("avg1d", new AvgPool1d(OVERLAPPING, true)::forward);
        check("avg1dPixelsCeil", new AvgPool1d(OVERLAPPING.ceilMode(true), false)::forward);
        check("avg1dPlain", new AvgPool1d(3)::forward);
        check("max1dPlain", new MaxPool1d(3)::forward);
        check("adaptiveMax1d", new AdaptiveMaxPool1d(3)::forward);
        check("adaptiveAvg1d", new AdaptiveAvgPool1d(3)::forward);
        assertEquals("maxPool1d: x[4, 3]: x needs 3 axes: [batch, length, channels]", assertThrows(ShapeException.class,
                () -> new MaxPool1d(2).forward(Variable.of(Tensor.zeros(Shape.of(4, 3))))).getMessage());
    }

    @Test
    void resizing() {
        check("nearest", x -> x.resize(7, 5, Interpolation.NEAREST));
        check("bilinear", x -> x.resize(9, 5, Interpolation.BILINEAR));
        check("aligned", x -> x.resize(9, 5, Interpolation.BILINEAR_ALIGNED));
        Variable x = Variable.of(golden.tensor("bilinear.x"));
        assertEquals(Shape.of(2, 12, 21, 5), new Upsample(3, Interpolation.NEAREST).forward(x).shape());
    }

    @Test
    void group_normalisation() {
        GroupNorm norm = new GroupNorm(3, 6);
        check("group", norm, norm::forward);
    }

    @Test
    void batch_normalisation() {
        BatchNorm norm = new BatchNorm(5);
        Map<String, Tensor> running = Map.of("running_mean", golden.tensor("batch.mean"), "running_var", golden.tensor("batch.var"));
        Transfer.into("batch", norm.parameters()).allowMissing("**").fromTensors("golden", running);
        check("fixed", norm, norm::forward);
        check("batch", norm, x -> Mode.training(RandomStream.of(1), () -> norm.forward(x)));
        golden.same("batch.meanAfter", norm.parameters().get("running_mean").value());
        golden.same("batch.varAfter", norm.parameters().get("running_var").value());
    }

    @Test
    void flattening() {
        assertEquals(Shape.of(2, 140), new Flatten().forward(Variable.of(golden.tensor("bilinear.x"))).shape());
        assertEquals(Shape.of(0, 6), new Flatten().forward(Variable.of(Tensor.zeros(Shape.of(0, 2, 3)))).shape());
    }
}
