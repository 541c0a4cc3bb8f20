package dev.headstart.bench.workload;

import dev.headstart.nn.Activation;
import dev.headstart.nn.Flatten;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.conv.MaxPool2d;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;

/// The image models that are timed, layer for layer those of the native anchors, and the arithmetic of their products. All but LeNet are the
/// zoo's.
final class ImageModels {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.DEFAULT;
    private static final int[] VGG16_LAYERS = {64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0}; // 0: pooling

    /// ResNet-50.
    static final ResNet.Config RESNET50 = ResNet.Config.of(50, 1000);

    /// VGG-16, without dropout.
    static final Vgg.Config VGG16 = new Vgg.Config(16, false, 1000, 0);

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

    /// VGG-16.
    static Vgg vgg16(RandomStream random) {
        return new Vgg(VGG16, random);
    }

    /// Operations of a training step for one image; the data have no gradient.
    static double vgg16Flop() {
        double flop = flop(25088, 4096, 1, 1) + flop(4096, 4096, 1, 1) + flop(4096, 1000, 1, 1);
        int side = 224;
        int in = 3;
        for (int out : VGG16_LAYERS) {
            if (out == 0) {
                side /= 2;
            } else {
                flop += flop(in, out, side, 3);
                in = out;
            }
        }
        return 3 * flop - flop(3, 64, 224, 3);
    }

    /// Operations of a forward pass of a net of bottlenecks over one image.
    static double residualFlop(ResNet.Config net, int side) {
        double flop = flop(3, net.width(), side / 2, 7);
        int here = side / 4;
        int in = net.width();
        int expansion = net.block().expansion();
        for (int stage = 0; stage < net.blocks().size(); stage++) {
            int middle = net.width() << stage;
            for (int block = 0; block < net.blocks().get(stage); block++) {
                flop += flop(in, middle, here, 1);
                here /= stage > 0 && block == 0 ? 2 : 1;
                flop += flop(middle, middle, here, 3) + flop(middle, expansion * middle, here, 1);
                flop += block == 0 ? flop(in, expansion * middle, here, 1) : 0;
                in = expansion * middle;
            }
        }
        return flop + flop(in, net.classes(), 1, 1);
    }

    /// Operations of a training step for one image; the data have no gradient.
    static double residualTrainingFlop(ResNet.Config net, int side) {
        return 3 * residualFlop(net, side) - flop(3, net.width(), side / 2, 7);
    }
}
