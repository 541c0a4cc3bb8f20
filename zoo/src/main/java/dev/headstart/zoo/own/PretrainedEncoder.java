package dev.headstart.zoo.own;

import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.generative.PatchCodes;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.TensorShapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What `headstart pretrain` makes of images without labels, as a network that can be given labels: fully connected sigmoid layers that
/// were a deep belief net or the encoder of an autoencoder, or a dictionary of patches.
///
/// Names: `encoder.0.weight`, `encoder.0.bias`, `encoder.2.weight`, … or `encoder.mean`, `encoder.whitening`, `encoder.centroids`; then
/// `head.weight`, `head.bias`. Machines' weights are taken under the names they have in their file (`rbm.0.weight`, `rbm.0.hidden_bias`);
/// what only the way back needs, visible biases and decoders, is left. Without a head it gives features only.
public final class PretrainedEncoder implements ImageClassifier {
    private final Layer encoder;
    private final int pixels; // of an image; 0 for any
    private final int channels; // of an image; 0 for any
    private final int features;
    private final @Nullable Linear head;

    private PretrainedEncoder(Layer encoder, int pixels, int channels, int features, @Nullable Linear head) {
        this.encoder = encoder;
        this.pixels = pixels;
        this.channels = channels;
        this.features = features;
        this.head = head;
    }

    /// Fully connected layers with sigmoids and without a head.
    ///
    /// @param sizes of the flattened images, then of each layer
    public static PretrainedEncoder fullyConnected(RandomStream random, int... sizes) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            layers.addAll(List.of(new Linear(sizes[i], sizes[i + 1], random.child("encoder").child(i)), Activation.SIGMOID));
        }
        return new PretrainedEncoder(new Sequential(layers.toArray(Layer[]::new)), sizes[0], 0, sizes[sizes.length - 1], null);
    }

    /// A dictionary of patches without a head.
    public static PretrainedEncoder of(PatchCodes codes) {
        return new PretrainedEncoder(codes, 0, codes.channels(), codes.features(), null);
    }

    // ---- recognised by names and shapes ----

    /// The network these shapes are of.
    public static Optional<Architecture> recognise(TensorShapes shapes) {
        boolean machines = shapes.has("rbm.0.weight", -1, -1);
        if (!machines && !shapes.has("encoder.0.weight", -1, -1) && !shapes.has("encoder.whitening", -1, -1)) {
            return Optional.empty();
        }
        int classes = shapes.extent("head.bias", 0);
        return Architecture.fitting(shapes, scope -> {
            PretrainedEncoder body = body(shapes, machines, scope);
            return classes == 0 ? body : body.withHead(classes, scope.random().child("head"));
        }, model -> model.architecture() + (classes == 0 ? ", no head" : ", " + classes + " classes"));
    }

    private static PretrainedEncoder body(TensorShapes shapes, boolean machines, Scope scope) {
        if (shapes.has("encoder.whitening")) {
            int pixels = shapes.extent("encoder.whitening", 0);
            int grey = (int) Math.sqrt(pixels);
            int channels = grey * grey == pixels ? 1 : 3;
            int centroids = shapes.extent("encoder.centroids", 0);
            return of(new PatchCodes((int) Math.sqrt((double) pixels / channels), channels, centroids, scope.child("encoder")));
        }
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; shapes.has(layer(machines, i)); i++) {
            if (i == 0) {
                sizes.add(shapes.extent(layer(machines, i), 1));
            }
            sizes.add(shapes.extent(layer(machines, i), 0));
        }
        return fullyConnected(scope.random(), sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    private static String layer(boolean machines, int i) {
        return machines ? "rbm." + i + ".weight" : "encoder." + 2 * i + ".weight";
    }

    @Override
    public String modern(String name) {
        String[] part = name.split("\\.", -1);
        if (part.length != 3 || !part[0].equals("rbm") || !part[1].matches("\\d{1,6}") || part[2].equals("visible_bias")) {
            return name;
        }
        return "encoder." + 2 * Integer.parseInt(part[1]) + (part[2].equals("hidden_bias") ? ".bias" : "." + part[2]);
    }

    @Override
    public boolean ignores(String name) {
        return name.matches("rbm\\.\\d+\\.visible_bias|(decoder|mean|log_variance)\\..*");
    }

    // ---- the network ----

    @Override
    public int classes() {
        return head == null ? 0 : head.weight().shape().dim(0);
    }

    @Override
    public Variable features(Variable x, BiConsumer<String, Variable> states) {
        if (encoder instanceof PatchCodes codes) {
            return codes.forward(x);
        }
        int[] dims = x.shape().dims();
        int pixels = Arrays.stream(dims).skip(1).reduce(1, Math::multiplyExact);
        return encoder.forward(x.reshape(dims[0], pixels));
    }

    @Override
    public Variable classify(Variable x) {
        if (head == null) {
            throw new IllegalStateException(architecture() + ": it was pre-trained without labels and has no head: fine-tune it first");
        }
        return head.forward(x);
    }

    @Override
    public PretrainedEncoder withHead(int classes, RandomStream random) {
        return new PretrainedEncoder(encoder, pixels, channels, features, new Linear(features, classes, random));
    }

    @Override
    public List<String> head() {
        return List.of("head.");
    }

    @Override
    public String architecture() {
        return encoder instanceof PatchCodes ? "dictionary of patches" : "sigmoid encoder";
    }

    /// Pixels in [0, 1].
    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.UNIT.withChannels(channels);
    }

    @Override
    public OptionalInt pixels() {
        return pixels == 0 ? OptionalInt.empty() : OptionalInt.of(pixels);
    }

    @Override
    public Parts parts() {
        Parts parts = Parts.none().with("encoder", encoder);
        return head == null ? parts : parts.with("head", head);
    }
}
