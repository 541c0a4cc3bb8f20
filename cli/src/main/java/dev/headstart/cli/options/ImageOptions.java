package dev.headstart.cli.options;

import dev.headstart.cli.data.ImageData;
import dev.headstart.nn.generative.Corruption;
import dev.headstart.task.pretrain.ImageDictionary;
import dev.headstart.task.pretrain.ImageObjective;
import dev.headstart.task.pretrain.ImagePretraining;
import dev.headstart.task.pretrain.Pretraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `headstart pretrain` for images without labels.
public final class ImageOptions {
    /// What is done to the input of a denoising autoencoder.
    enum Kind {
        MASKING, GAUSSIAN, SALT_AND_PEPPER
    }

    @Option(names = "--data", paramLabel = "PATH",
            description = {"Images: IDX, CIFAR binary, CSV of bytes, or a folder with a folder of",
                "pictures, all of one size, for each class. Labels are not looked at."})
    private @Nullable Path data;

    @Option(names = "--labels", paramLabel = "FILE",
            description = "The file of labels that belongs to an IDX file (default: the one beside it).")
    private @Nullable Path labels;

    @Option(names = "--layers", split = ",", paramLabel = "N",
            description = {"Units of each layer, with commas (default: rbm 500; dbn and denoising",
                "500,500,2000; autoencoder 500,250,50; vae 400)."})
    private List<Integer> layers = List.of();

    @Option(names = "--epochs", paramLabel = "N", description = "Times through the images, for each layer (default: ${DEFAULT-VALUE}).")
    private int epochs = 10;

    @Option(names = "--rounds", paramLabel = "N",
            description = "Rounds of Gibbs sampling in a step of rbm and dbn (default: ${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Option(names = "--persistent", description = "Of rbm and dbn: chains go on from step to step.")
    private boolean persistent;

    @Option(names = "--tied", description = "Of autoencoders: a decoder layer has its encoder layer's weight, transposed.")
    private boolean tied;

    @Option(names = "--code", paramLabel = "N", description = "Numbers of vae's code (default: ${DEFAULT-VALUE}).")
    private int code = 20;

    @Option(names = "--sparsity", paramLabel = "X",
            description = "Weight of the wish for units that are seldom active (default: ${DEFAULT-VALUE}).")
    private double sparsity = 0;

    @Option(names = "--active", paramLabel = "X",
            description = "Share of the time that a unit is to be active then (default: ${DEFAULT-VALUE}).")
    private double active = 0.1;

    @Option(names = "--noise", paramLabel = "KIND",
            description = "What denoising does to its input: masking, gaussian or salt_and_pepper\n(default: masking).")
    private Kind noise = Kind.MASKING;

    @Option(names = "--noise-level", paramLabel = "X",
            description = "Share of pixels, or gaussian's deviation (default: ${DEFAULT-VALUE}).")
    private double level = 0.25;

    @Option(names = "--clusters", paramLabel = "N", description = "Patches in kmeans' dictionary (default: ${DEFAULT-VALUE}).")
    private int clusters = 100;

    @Option(names = "--patch", paramLabel = "N", description = "Rows and columns of kmeans' patches (default: ${DEFAULT-VALUE}).")
    private int patch = 6;

    @Option(names = "--patches", paramLabel = "N", description = "Patches that kmeans is trained on (default: ${DEFAULT-VALUE}).")
    private int patches = 50_000;

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        checks.must(data != null, "--objective of images needs --data").atLeast(1, "--epochs", epochs).atLeast(1, "--rounds", rounds)
                .atLeast(1, "--code", code).atLeast(2, "--clusters", clusters).atLeast(2, "--patch", patch)
                .must(patches >= clusters, "--patches is " + patches + ", --clusters is " + clusters + ": there must be at least as many")
                .must(sparsity >= 0, "--sparsity is " + sparsity + ": it cannot be negative")
                .must(active > 0 && active < 1, "--active is " + active + ": it must be above 0 and below 1")
                .must(level >= 0 && (noise == Kind.GAUSSIAN || level <= 1), "--noise-level is " + level + ": a share is at most 1");
        layers.forEach(units -> checks.atLeast(1, "--layers", units));
    }

    /// Times through the images.
    public int epochs() {
        return epochs;
    }

    private Path path() {
        return Objects.requireNonNull(data, "checked before");
    }

    private String name() {
        return String.valueOf(path().toAbsolutePath().getFileName());
    }

    /// The images, and the network that is trained on them.
    public Pretraining pretraining(ImageObjective objective) throws IOException {
        Corruption corruption = switch (noise) {
            case MASKING -> new Corruption.Masking(level);
            case GAUSSIAN -> new Corruption.Gaussian(level);
            case SALT_AND_PEPPER -> new Corruption.SaltAndPepper(level);
        };
        return ImagePretraining.of(objective, ImageData.unlabelled(path(), labels)).named(name()).with(new ImagePretraining.Settings(
                layers.isEmpty() ? objective.layers() : layers, code, rounds, persistent, tied, sparsity, active, corruption));
    }

    /// The images, and the dictionary that is made of their patches.
    public Pretraining dictionary() throws IOException {
        return new ImageDictionary(ImageData.unlabelled(path(), labels), name(), clusters, patch, patches);
    }
}
