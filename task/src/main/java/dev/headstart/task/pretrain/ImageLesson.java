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
/// @param machines the machines among the layers; none where there are none
/// @param reconstruct what the whole makes of rows
/// @param corruption of what it sees while it learns
/// @param samples so many rows it makes up; null when it cannot
public record ImageLesson(Part model, LayerWise layers, List<Rbm> machines, UnaryOperator<Tensor> reconstruct, Corruption corruption,
        @Nullable IntFunction<Tensor> samples) {
    private static final int GIBBS_ROUNDS = 1000;

    /// Sizes and strengths.
    ///
    /// @param layers units of each layer
    /// @param code numbers of a variational autoencoder's code
    /// @param rounds of Gibbs sampling in a step
    /// @param persistent whether chains go on from step to step
    /// @param chains how many go on
    /// @param tied whether decoders have their encoders' weights
    /// @param sparsity weight of the wish for units that are seldom active
    /// @param activeShare of the time that a unit is to be active then
    /// @param corruption of a denoising autoencoder's input
    public record Settings(List<Integer> layers, int code, int rounds, boolean persistent, int chains, boolean tied, double sparsity,
            double activeShare, Corruption corruption) {
        int[] sizes(int pixels) {
            return IntStream.concat(IntStream.of(pixels), layers.stream().mapToInt(Integer::intValue)).toArray();
        }
    }

    /// The lesson of an objective, but for k-means, which takes no steps.
    public static ImageLesson of(ImageObjective objective, Settings settings, int pixels, RandomStream random) {
        return switch (objective) {
            case RBM, DBN -> beliefNet(settings, pixels, random);
            case AUTOENCODER -> autoencoder(settings, pixels, random);
            case DENOISING -> denoising(settings, pixels, random);
            case VAE -> variational(settings, pixels, random);
            case KMEANS -> throw new IllegalArgumentException("k-means is no training in steps");
        };
    }

    private static ImageLesson beliefNet(Settings settings, int pixels, RandomStream random) {
        DeepBeliefNet net = new DeepBeliefNet(Rbm.Units.BERNOULLI, random, settings.sizes(pixels));
        LayerWise layers = LayerWise.of(net, (rbm, inputs) -> {
            ContrastiveDivergence plain = settings.persistent
                    ? ContrastiveDivergence.persistent(rbm, inputs, settings.rounds, settings.chains, random.child("chains"))
                    : ContrastiveDivergence.of(rbm, inputs, settings.rounds);
            return plain.sparse(settings.sparsity, settings.activeShare);
        });
        return new ImageLesson(net, layers, net.machines(), net::reconstruct, new Corruption.None(),
                count -> net.generate(count, GIBBS_ROUNDS, Noise.of(random.child("samples"))));
    }

    private static ImageLesson autoencoder(Settings settings, int pixels, RandomStream random) {
        Autoencoder model = Autoencoder.fullyConnected(Activation.SIGMOID, settings.tied, random, settings.sizes(pixels));
        return new ImageLesson(model, LayerWise.of(model, inputs -> plain(model, inputs, settings)), List.of(),
                x -> Likelihood.BERNOULLI.means(model.forward(Variable.of(x)).value()), new Corruption.None(), null);
    }

    private static Objective plain(Autoencoder model, Tensor inputs, Settings settings) {
        return Reconstruction.of(model, inputs, Likelihood.BERNOULLI).sparse(settings.sparsity, settings.activeShare);
    }

    private static ImageLesson denoising(Settings settings, int pixels, RandomStream random) {
        int[] sizes = settings.sizes(pixels);
        List<Autoencoder> stack = IntStream.range(0, sizes.length - 1)
                .mapToObj(i -> Autoencoder.fullyConnected(Activation.SIGMOID, settings.tied, random.child(i), sizes[i], sizes[i + 1]))
                .toList();
        Autoencoder deep = Autoencoder.stacked(Activation.SIGMOID, stack);
        LayerWise layers = LayerWise.of(stack, (one, inputs) -> Reconstruction.of(one, inputs, Likelihood.BERNOULLI)
                .corrupted(settings.corruption).sparse(settings.sparsity, settings.activeShare));
        return new ImageLesson(deep, layers, List.of(),
                x -> Likelihood.BERNOULLI.means(deep.forward(Variable.of(x)).value()), settings.corruption, null);
    }

    private static ImageLesson variational(Settings settings, int pixels, RandomStream random) {
        VariationalAutoencoder model = VariationalAutoencoder.fullyConnected(Activation.SIGMOID, settings.code, random,
                settings.sizes(pixels));
        LayerWise layers = LayerWise.of(model, inputs -> new VariationalReconstruction(model, inputs, Likelihood.BERNOULLI, 1));
        return new ImageLesson(model, layers, List.of(),
                x -> Likelihood.BERNOULLI.means(model.decoder().forward(model.encode(Variable.of(x)).mean()).value()),
                new Corruption.None(),
                count -> Likelihood.BERNOULLI.means(model.generate(count, settings.code, Noise.of(random.child("samples")))));
    }

    /// The first layer's weight, `[units, pixels]`.
    public Tensor filters() {
        Parameters parameters = model.parameters();
        Optional<Parameter> first = Stream.of("rbm.0.weight", "encoder.0.weight").map(parameters.byName()::get).filter(Objects::nonNull)
                .findFirst();
        return first.orElseThrow().value();
    }

    /// What a machine does, if the layer is one.
    public Optional<EnergyGap> gap(int layer, Tensor training, Tensor held) {
        return machines.isEmpty() ? Optional.empty() : Optional.of(EnergyGap.of(machines.get(layer), training, held));
    }
}
