package dev.headstart.nn.generative;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Sequential;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A variational autoencoder (Kingma and Welling 2013, arXiv 1312.6114): the encoder gives a normal distribution over codes, of which one is
/// drawn, `z = μ + σ ε`, so that the gradient reaches μ and σ.
///
/// Parameters: `encoder.**`, `mean.**`, `log_variance.**`, `decoder.**`.
///
/// @param encoder data to features
/// @param mean features to μ
/// @param logVariance features to log σ²
/// @param decoder code to outputs of the data's shape, see [dev.headstart.nn.loss.Likelihood]
public record VariationalAutoencoder(Layer encoder, Layer mean, Layer logVariance, Layer decoder) implements Part {
    /// A fully connected one.
    ///
    /// @param code numbers of the code
    /// @param sizes of the data, then of each hidden layer
    public static VariationalAutoencoder fullyConnected(Activation activation, int code, RandomStream random, int... sizes) {
        List<Layer> encoder = new ArrayList<>();
        List<Layer> decoder = new ArrayList<>();
        int top = sizes[sizes.length - 1];
        decoder.add(new Linear(code, top, random.child("decoder")));
        for (int i = 0; i + 1 < sizes.length; i++) {
            encoder.addAll(List.of(new Linear(sizes[i], sizes[i + 1], random.child("encoder").child(i)), activation));
            int at = sizes.length - 1 - i;
            decoder.addAll(List.of(activation, new Linear(sizes[at], sizes[at - 1], random.child("decoder").child(i))));
        }
        return new VariationalAutoencoder(new Sequential(encoder.toArray(Layer[]::new)), new Linear(top, code, random.child("mean")),
                new Linear(top, code, random.child("log_variance")), new Sequential(decoder.toArray(Layer[]::new)));
    }

    /// The distribution of a code.
    ///
    /// @param mean μ, `[batch, code]`
    /// @param logVariance log σ², `[batch, code]`
    public record Code(Variable mean, Variable logVariance) {
        /// A code drawn from it: μ + σ ε.
        public Variable sample(Noise noise) {
            Variable deviation = logVariance.times(0.5f).exp();
            return mean.plus(deviation.times(Variable.of(noise.normal(mean.shape()))));
        }
    }

    /// The distributions of data's codes.
    public Code encode(Variable x) {
        Variable features = encoder.forward(x);
        return new Code(mean.forward(features), logVariance.forward(features));
    }

    /// Outputs for codes that are drawn from the standard normal distribution.
    ///
    /// @param code numbers of the code
    public Tensor generate(int count, int code, Noise noise) {
        return decoder.forward(Variable.of(noise.normal(Shape.of(count, code)))).value();
    }

    @Override
    public Parts parts() {
        return Parts.none().with("encoder", encoder).with("mean", mean).with("log_variance", logVariance).with("decoder", decoder);
    }
}
