package dev.headstart.task.pretrain;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Part;
import dev.headstart.nn.generative.Autoencoder;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.nn.generative.DeepBeliefNet;
import dev.headstart.nn.generative.Noise;
import dev.headstart.nn.generative.Rbm;
import dev.headstart.nn.generative.VariationalAutoencoder;
import dev.headstart.nn.loss.Likelihood;
import dev.headstart.task.pretrain.ImagePretraining.Settings;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.objective.ContrastiveDivergence;
import dev.headstart.train.objective.EnergyGap;
import dev.headstart.train.objective.LayerWise;
import dev.headstart.train.objective.Reconstruction;
import dev.headstart.train.objective.VariationalReconstruction;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an objective trains on rows of pixels in [0, 1], and what of it can be looked at.
///
/// @param model what is saved
/// @param layers how it is trained
/// @param machines the restricted Boltzmann machines among the layers; none where there are none
/// @param reconstruct what the whole makes of rows
/// @param corruption of what it gets while it is trained
/// @param samples n rows that it generates; null when it cannot
record ImageModel(Part model, LayerWise layers, List<Rbm> machines, UnaryOperator<Tensor> reconstruct, Corruption corruption,
        @Nullable IntFunction<Tensor> samples) {
    private static final int GIBBS_ROUNDS = 1000;

    /// What an objective trains.
    ///
    /// @param chains of persistent Gibbs sampling
    static ImageModel of(ImageObjective objective, Settings settings, int chains, int pixels, RandomStream random) {
        return switch (objective) {
            case RBM, DBN -> beliefNet(settings, chains, pixels, random);
            case AUTOENCODER -> autoencoder(settings, pixels, random);
            case DENOISING -> denoising(settings, pixels, random);
            case VAE -> variational(settings, pixels, random);
        };
    }

    private static int[] sizes(Settings settings, int pixels) {
        return IntStream.concat(IntStream.of(pixels), settings.layers().stream().mapToInt(Integer::intValue)).toArray();
    }

    private static ImageModel beliefNet(Settings settings, int chains, int pixels, RandomStream random) {
        DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, random, sizes(settings, pixels));
        LayerWise layers = LayerWise.of(net, (rbm, inputs) -> {
            ContrastiveDivergence plain = settings.persistent()
                    ? ContrastiveDivergence.persistent(rbm, inputs, settings.rounds(), chains, random.child("chains"))
                    : ContrastiveDivergence.of(rbm, inputs, settings.rounds());
            return plain.sparse(settings.sparsity(), settings.activeShare());
        });
        return new ImageModel(net, layers, net.machines(), net::reconstruct, new Corruption.None(),
                count -> net.generate(count, GIBBS_ROUNDS, Noise.of(random.child("samples"))));
    }

    private static ImageModel autoencoder(Settings settings, int pixels, RandomStream random) {
        Autoencoder model = Autoencoder.fullyConnected(Activation.SIGMOID, settings.tied(), random, sizes(settings, pixels));
        return new ImageModel(model, LayerWise.of(model, inputs -> plain(model, inputs, settings)), List.of(),
                x -> Likelihood.BERNOULLI.means(model.forward(Variable.of(x)).value()), new Corruption.None(), null);
    }

    private static Objective plain(Autoencoder model, Tensor inputs, Settings settings) {
        return Reconstruction.of(model, inputs, Likelihood.BERNOULLI).sparse(settings.sparsity(), settings.activeShare());
    }

    private static ImageModel denoising(Settings settings, int pixels, RandomStream random) {
        int[] sizes = sizes(settings, pixels);
        List<Autoencoder> stack = IntStream.range(0, sizes.length - 1)
                .mapToObj(i -> Autoencoder.fullyConnected(Activation.SIGMOID, settings.tied(), random.child(i), sizes[i], sizes[i + 1]))
                .toList();
        Autoencoder deep = Autoencoder.stacked(Activation.SIGMOID, stack);
        LayerWise layers = LayerWise.of(stack, (one, inputs) -> Reconstruction.of(one, inputs, Likelihood.BERNOULLI)
                .corrupted(settings.corruption()).sparse(settings.sparsity(), settings.activeShare()));
        return new ImageModel(deep, layers, List.of(),
                x -> Likelihood.BERNOULLI.means(deep.forward(Variable.of(x)).value()), settings.corruption(), null);
    }

    private static ImageModel variational(Settings settings, int pixels, RandomStream random) {
        VariationalAutoencoder model = VariationalAutoencoder.fullyConnected(Activation.SIGMOID, settings.code(), random,
                sizes(settings, pixels));
        LayerWise layers = LayerWise.of(model, inputs -> new VariationalReconstruction(model, inputs, Likelihood.BERNOULLI, 1));
        return new ImageModel(model, layers, List.of(),
                x -> Likelihood.BERNOULLI.means(model.decoder().forward(model.encode(Variable.of(x)).mean()).value()),
                new Corruption.None(),
                count -> Likelihood.BERNOULLI.means(model.generate(count, settings.code(), Noise.of(random.child("samples")))));
    }

    /// The first layer's weight, `[units, pixels]`.
    Tensor filters() {
        Parameters parameters = model.parameters();
        Optional<Parameter> first = Stream.of("rbm.0.weight", "encoder.0.weight").map(parameters.byName()::get).filter(Objects::nonNull)
                .findFirst();
        return first.orElseThrow().value();
    }

    /// How a machine does, if the layer is one.
    Optional<EnergyGap> gap(int layer, Tensor training, Tensor heldOut) {
        return machines.isEmpty() ? Optional.empty() : Optional.of(EnergyGap.of(machines.get(layer), training, heldOut));
    }
}
