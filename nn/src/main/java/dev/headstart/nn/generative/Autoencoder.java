package dev.headstart.nn.generative;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.TiedLinear;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.conv.ConvTranspose2d;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An encoder, which makes a code of data, and a decoder, which makes data of a code (Rumelhart, Hinton and Williams 1986; deep ones: Hinton and
/// Salakhutdinov 2006, "Reducing the Dimensionality of Data with Neural Networks").
///
/// What it learns depends on the objective (`dev.headstart.train.objective.Reconstruction`): plain, denoising, sparse, contractive. The decoder ends without
/// an activation; [dev.headstart.nn.loss.Likelihood] says what its outputs mean. Parameters: `encoder.**`, `decoder.**`.
///
/// @param encoder data to code
/// @param decoder code to outputs of the data's shape
public record Autoencoder(Layer encoder, Layer decoder) implements Layer {
    /// A fully connected one with as many decoder layers as encoder layers. Every encoder layer is followed by the activation, so that all of the
    /// encoder can go into a classifier.
    ///
    /// @param tied whether a decoder layer has its encoder layer's weight, transposed
    /// @param sizes of the data, of each layer, of the code
    public static Autoencoder fullyConnected(Activation activation, boolean tied, RandomStream random, int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException("autoencoder: " + sizes.length + " sizes: that of the data and of the code are needed");
        }
        List<Linear> linears = new ArrayList<>();
        List<Layer> encoder = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            linears.add(new Linear(sizes[i], sizes[i + 1], random.child("encoder").child(i)));
            encoder.addAll(List.of(linears.getLast(), activation));
        }
        List<Layer> decoder = new ArrayList<>();
        for (int i = sizes.length - 1; i > 0; i--) {
            Linear there = linears.get(i - 1);
            decoder.add(tied ? new TiedLinear(there) : new Linear(sizes[i], sizes[i - 1], random.child("decoder").child(i)));
            if (i > 1) {
                decoder.add(activation);
            }
        }
        return new Autoencoder(sequence(encoder), sequence(decoder));
    }

    /// A convolutional one: each layer halves height and width, and a transposed convolution of the decoder doubles them again. Images
    /// `[batch, height, width, channels]`, their sides divisible by 2 as often as there are layers.
    ///
    /// @param channels of the images, then of each layer
    public static Autoencoder convolutional(RandomStream random, int... channels) {
        Conv2dGeometry halving = Conv2dGeometry.DEFAULT.stride(2).padding(1);
        List<Layer> encoder = new ArrayList<>();
        for (int i = 0; i + 1 < channels.length; i++) {
            encoder.addAll(
                    List.of(new Conv2d(channels[i], channels[i + 1], 3, halving, random.child("encoder").child(i)), Activation.RELU));
        }
        List<Layer> decoder = new ArrayList<>();
        for (int i = channels.length - 1; i > 0; i--) {
            decoder.add(new ConvTranspose2d(channels[i], channels[i - 1], 3, halving, 1, random.child("decoder").child(i)));
            if (i > 1) {
                decoder.add(Activation.RELU);
            }
        }
        return new Autoencoder(sequence(encoder), sequence(decoder));
    }

    /// Autoencoders that were trained one on the code of the other, as one: all encoders, then all decoders the other way round, with an
    /// activation between decoders (Hinton and Salakhutdinov's unrolling). The parameters are the same ones, not copies.
    public static Autoencoder stacked(Activation activation, List<Autoencoder> layers) {
        List<Layer> encoder = new ArrayList<>();
        List<Layer> decoder = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            encoder.addAll(parts(layers.get(i).encoder));
            decoder.addAll(parts(layers.get(layers.size() - 1 - i).decoder));
            if (i + 1 < layers.size()) {
                decoder.add(activation);
            }
        }
        return new Autoencoder(sequence(encoder), sequence(decoder));
    }

    private static List<Layer> parts(Layer layer) {
        return layer instanceof Sequential sequence ? sequence.layers() : List.of(layer);
    }

    private static Sequential sequence(List<Layer> layers) {
        return new Sequential(layers.toArray(Layer[]::new));
    }

    /// Outputs for data: of its shape.
    @Override
    public Variable forward(Variable x) {
        return decoder.forward(encoder.forward(x));
    }

    /// A classifier of layers that are like the encoder's, with its weights, and a new head after them: `encoder.0.weight` becomes `0.weight`. The
    /// parameters are copies.
    ///
    /// @param network layers of the encoder's shapes and names first
    public Sequential unroll(Sequential network) {
        into(Transfer.into("classifier", network.parameters())).allowMissing(parts(encoder).size() + ".**")
                .fromTensors("autoencoder", values(parameters()));
        return network;
    }

    /// The rules by which weights of an autoencoder become those of a classifier: `encoder.0.weight` is `0.weight`, the decoder is left over.
    public static Transfer into(Transfer transfer) {
        return transfer.rename("encoder\\.(.*)", "$1").allowUnexpected("decoder.**");
    }

    private static Map<String, Tensor> values(Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.byName().forEach((name, parameter) -> tensors.put(name, parameter.value()));
        return tensors;
    }

    @Override
    public Parts parts() {
        return Parts.none().with("encoder", encoder).with("decoder", decoder);
    }
}
