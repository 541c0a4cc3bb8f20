package dev.headstart.cli.bench;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.AdaptiveAvgPool2d;
import dev.headstart.nn.BatchNorm;
import dev.headstart.nn.Conv2d;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.MaxPool2d;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Sequential;
import dev.headstart.tensor.Conv2dGeometry;
import dev.headstart.tensor.Pool2dGeometry;
import dev.headstart.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The image models that are timed, layer for layer those of the native anchors, and the arithmetic of their products.
final class ImageModels {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.DEFAULT;
    private static final int[] VGG16 = {64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0}; // 0: pooling
    private static final int EXPANSION = 4;

    private ImageModels() {}

    private static Conv2d conv(int in, int out, int kernel, Conv2dGeometry geometry, boolean bias, RandomStream random) {
        return new Conv2d(in, out, kernel, kernel, geometry, bias, Initialiser.torchLinear(), random);
    }

    private static Linear linear(int in, int out, RandomStream random) {
        return new Linear(in, out, Initialiser.torchLinear(), random);
    }

    /// Operations of a convolution with square images and kernels for one image.
    static double flop(int in, int out, int outSide, int kernel) {
        return 2.0 * in * out * outSide * outSide * kernel * kernel;
    }

    /// LeNet-5 with ReLU and max pooling, for 28 by 28 pixels of one channel (LeCun et al. 1998).
    static Layer lenet(RandomStream random) {
        return new Sequential(conv(1, 6, 5, PLAIN.padding(2), true, random.child(0)), Activation.RELU, new MaxPool2d(2),
                conv(6, 16, 5, PLAIN, true, random.child(1)), Activation.RELU, new MaxPool2d(2), new Flatten(),
                linear(400, 120, random.child(2)), Activation.RELU, linear(120, 84, random.child(3)), Activation.RELU,
                linear(84, 10, random.child(4)));
    }

    /// Operations of a training step for one image; the data have no gradient.
    static double lenetFlop() {
        return 2 * flop(1, 6, 28, 5) + 3 * (flop(6, 16, 10, 5) + flop(400, 120, 1, 1) + flop(120, 84, 1, 1) + flop(84, 10, 1, 1));
    }

    /// VGG-16 for 224 by 224 pixels, without dropout (Simonyan and Zisserman 2014, arXiv 1409.1556).
    static Layer vgg16(RandomStream random) {
        List<Layer> layers = new ArrayList<>();
        int in = 3;
        for (int out : VGG16) {
            if (out == 0) {
                layers.add(new MaxPool2d(2));
            } else {
                layers.add(conv(in, out, 3, PLAIN.padding(1), true, random.child(layers.size())));
                layers.add(Activation.RELU);
                in = out;
            }
        }
        layers.addAll(List.of(new AdaptiveAvgPool2d(7, 7), new Flatten(), linear(25088, 4096, random.child("6")), Activation.RELU,
                linear(4096, 4096, random.child("7")), Activation.RELU, linear(4096, 1000, random.child("8"))));
        return new Sequential(layers.toArray(Layer[]::new));
    }

    /// Operations of a training step for one image; the data have no gradient.
    static double vgg16Flop() {
        double flop = flop(25088, 4096, 1, 1) + flop(4096, 4096, 1, 1) + flop(4096, 1000, 1, 1);
        int side = 224;
        int in = 3;
        for (int out : VGG16) {
            if (out == 0) {
                side /= 2;
            } else {
                flop += flop(in, out, side, 3);
                in = out;
            }
        }
        return 3 * flop - flop(3, 64, 224, 3);
    }

    /// How a ResNet of bottlenecks is built.
    ///
    /// @param width channels of the first stage's bottlenecks; each stage has twice as many as the one before
    /// @param blocks bottlenecks of each stage
    record Residual(int width, List<Integer> blocks, int classes) {
        /// ResNet-50 (He et al. 2015, arXiv 1512.03385), with the stride in the 3 by 3 convolution as in torchvision.
        static final Residual RESNET50 = new Residual(64, List.of(3, 4, 6, 3), 1000);

        Layer build(RandomStream random) {
            List<Layer> layers = new ArrayList<>();
            layers.add(new Stem(width, random.child("stem")));
            layers.add(new MaxPool2d(Pool2dGeometry.of(3).stride(2).padding(1)));
            int in = width;
            for (int stage = 0; stage < blocks.size(); stage++) {
                int middle = width << stage;
                for (int block = 0; block < blocks.get(stage); block++) {
                    layers.add(new Bottleneck(in, middle, stride(stage, block), random.child(layers.size())));
                    in = EXPANSION * middle;
                }
            }
            layers.addAll(List.of(AdaptiveAvgPool2d.global(), new Flatten(), linear(in, classes, random.child("head"))));
            return new Sequential(layers.toArray(Layer[]::new));
        }

        private static int stride(int stage, int block) {
            return stage > 0 && block == 0 ? 2 : 1;
        }

        /// Operations of a forward pass over one image.
        double flop(int side) {
            double flop = ImageModels.flop(3, width, side / 2, 7);
            int here = side / 4;
            int in = width;
            for (int stage = 0; stage < blocks.size(); stage++) {
                int middle = width << stage;
                for (int block = 0; block < blocks.get(stage); block++) {
                    int stride = stride(stage, block);
                    flop += ImageModels.flop(in, middle, here, 1);
                    here /= stride;
                    flop += ImageModels.flop(middle, middle, here, 3) + ImageModels.flop(middle, EXPANSION * middle, here, 1);
                    flop += block == 0 ? ImageModels.flop(in, EXPANSION * middle, here, 1) : 0;
                    in = EXPANSION * middle;
                }
            }
            return flop + ImageModels.flop(in, classes, 1, 1);
        }

        /// Operations of a training step for one image; the data have no gradient.
        double trainingFlop(int side) {
            return 3 * flop(side) - ImageModels.flop(3, width, side / 2, 7);
        }
    }

    /// A convolution of the images with its normalisation and ReLU.
    private static final class Stem implements Layer {
        private final Conv2d conv;
        private final BatchNorm norm;

        Stem(int width, RandomStream random) {
            conv = conv(3, width, 7, PLAIN.stride(2).padding(3), false, random);
            norm = new BatchNorm(width);
        }

        @Override
        public Variable forward(Variable x) {
            return norm.forwardRelu(conv.forward(x));
        }

        @Override
        public Parts parts() {
            return Parts.none().with("conv1", conv).with("bn1", norm);
        }
    }

    /// Three convolutions, each normalised, beside a path that changes nothing but, in a stage's first block, the shape.
    private static final class Bottleneck implements Layer {
        private final Conv2d narrow;
        private final Conv2d spatial;
        private final Conv2d wide;
        private final BatchNorm norm1;
        private final BatchNorm norm2;
        private final BatchNorm norm3;
        private final @Nullable Sequential downsample;

        Bottleneck(int in, int middle, int stride, RandomStream random) {
            int out = EXPANSION * middle;
            narrow = conv(in, middle, 1, PLAIN, false, random.child("conv1"));
            spatial = conv(middle, middle, 3, PLAIN.stride(stride).padding(1), false, random.child("conv2"));
            wide = conv(middle, out, 1, PLAIN, false, random.child("conv3"));
            norm1 = new BatchNorm(middle);
            norm2 = new BatchNorm(middle);
            norm3 = new BatchNorm(out);
            downsample = stride == 1 && in == out
                    ? null
                    : new Sequential(conv(in, out, 1, PLAIN.stride(stride), false, random.child("downsample")), new BatchNorm(out));
        }

        @Override
        public Variable forward(Variable x) {
            Variable y = norm1.forwardRelu(narrow.forward(x));
            y = norm2.forwardRelu(spatial.forward(y));
            return norm3.forwardRelu(wide.forward(y), downsample == null ? x : downsample.forward(x));
        }

        @Override
        public Parts parts() {
            Parts parts = Parts.none().with("conv1", narrow).with("bn1", norm1).with("conv2", spatial).with("bn2", norm2)
                    .with("conv3", wide).with("bn3", norm3);
            return downsample == null ? parts : parts.with("downsample", downsample);
        }
    }
}
